import { pathSegmentProblems } from '../../../../shared/kubernetes/label-syntax';
import type { ClusterRoleBinding } from '../../../../shared/kubernetes/objects';
import { clusterRoleBindings } from '../../../../shared/kubernetes/resources';
import { roleBindingPrinter } from '../printers/access';
import type { ResourceDefinition } from '../registry/definition';
import { validateBinding, validateRoleRefUpdate } from '../validation/rbac';
import { applyBindingDefaults } from './binding-defaults';

export const clusterRoleBindingDefinition: ResourceDefinition<ClusterRoleBinding> = {
  resource: clusterRoleBindings,
  singular: 'clusterrolebinding',
  shortNames: [],
  categories: [],
  hasStatus: false,
  printer: roleBindingPrinter,
  strategy: {
    allowCreateOnUpdate: true,
    applyDefaults: applyBindingDefaults,
    validate: (binding) => validateBinding(binding, ['ClusterRole'], false),
    validateUpdate: (binding, old) => validateRoleRefUpdate(binding.roleRef, old.roleRef),
    validateName: (name) => pathSegmentProblems(name),
  },
};
