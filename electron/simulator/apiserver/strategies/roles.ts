import { pathSegmentProblems } from '../../../../shared/kubernetes/label-syntax';
import type { Role } from '../../../../shared/kubernetes/objects';
import { roles } from '../../../../shared/kubernetes/resources';
import { createdAtPrinter } from '../printers/columns';
import type { ResourceDefinition } from '../registry/definition';
import { validateRules } from '../validation/rbac';

export const roleDefinition: ResourceDefinition<Role> = {
  resource: roles,
  singular: 'role',
  shortNames: [],
  categories: [],
  hasStatus: false,
  printer: createdAtPrinter,
  strategy: {
    allowCreateOnUpdate: true,
    validate: (role) => validateRules(role.rules, false),
    validateName: (name) => pathSegmentProblems(name),
  },
};
