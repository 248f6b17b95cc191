import { pathSegmentProblems } from '../../../../shared/kubernetes/label-syntax';
import type { ClusterRole } from '../../../../shared/kubernetes/objects';
import { clusterRoles } from '../../../../shared/kubernetes/resources';
import { createdAtPrinter } from '../printers/columns';
import type { ResourceDefinition } from '../registry/definition';
import { validateRules } from '../validation/rbac';
import { applyRoleDefaults } from './role-defaults';

export const clusterRoleDefinition: ResourceDefinition<ClusterRole> = {
  resource: clusterRoles,
  singular: 'clusterrole',
  shortNames: [],
  categories: [],
  hasStatus: false,
  printer: createdAtPrinter,
  strategy: {
    allowCreateOnUpdate: true,
    applyDefaults: applyRoleDefaults,
    validate: (role) => validateRules(role.rules, true),
    validateName: pathSegmentProblems,
  },
};
