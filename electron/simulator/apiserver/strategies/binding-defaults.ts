import type { ClusterRoleBinding, RoleBinding } from '../../../../shared/kubernetes/objects';

const RBAC_GROUP = 'rbac.authorization.k8s.io';

/** The API groups that may be left out of a binding (pkg/apis/rbac/v1/defaults.go). */
export function applyBindingDefaults(binding: RoleBinding | ClusterRoleBinding): void {
  // A client may leave out what the type calls required.
  binding.roleRef ??= { apiGroup: '', kind: '', name: '' };
  binding.roleRef.apiGroup ||= RBAC_GROUP;
  for (const subject of binding.subjects ?? []) {
    if (subject.kind === 'User' || subject.kind === 'Group') subject.apiGroup ||= RBAC_GROUP;
  }
}
