import { pathSegmentProblems } from '../../../../shared/kubernetes/label-syntax';
import type { RoleBinding } from '../../../../shared/kubernetes/objects';
import { roleBindings } from '../../../../shared/kubernetes/resources';
import { roleBindingPrinter } from '../printers/access';
import type { ResourceDefinition } from '../registry/definition';
import { validateBinding, validateRoleRefUpdate } from '../validation/rbac';
import { applyBindingDefaults } from './binding-defaults';

export const roleBindingDefinition: ResourceDefinition<RoleBinding> = {
  resource: roleBindings,
  singular: 'rolebinding',
  shortNames: [],
  categories: [],
  hasStatus: false,
  printer: roleBindingPrinter,
  strategy: {
    allowCreateOnUpdate: true,
    applyDefaults: applyBindingDefaults,
    validate: (binding) => validateBinding(binding, ['Role', 'ClusterRole'], true),
    validateUpdate: (binding, old) => validateRoleRefUpdate(binding.roleRef, old.roleRef),
    validateName: (name) => pathSegmentProblems(name),
  },
};
