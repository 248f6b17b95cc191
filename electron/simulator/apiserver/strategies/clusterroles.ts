import { pathSegmentProblems } from '../../../../shared/kubernetes/label-syntax';
import type { ClusterRole } from '../../../../shared/kubernetes/objects';
import { clusterRoles } from '../../../../shared/kubernetes/resources';
import { createdAtPrinter } from '../printers/columns';
import type { ResourceDefinition } from '../registry/definition';
import { validateAggregation, validateRules } from '../validation/rbac';

export const clusterRoleDefinition: ResourceDefinition<ClusterRole> = {
  resource: clusterRoles,
  singular: 'clusterrole',
  shortNames: [],
  categories: [],
  hasStatus: false,
  printer: createdAtPrinter,
  strategy: {
    allowCreateOnUpdate: true,
    validate: (role) => [...validateRules(role.rules, true), ...validateAggregation(role)],
    validateName: (name) => pathSegmentProblems(name),
  },
};
