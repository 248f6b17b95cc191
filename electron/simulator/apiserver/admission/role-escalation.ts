import type { ClusterRole, ClusterRoleBinding, Role, RoleBinding } from '../../../../shared/kubernetes/objects';
import { clusterRoleBindings, clusterRoles, roleBindings, roles } from '../../../../shared/kubernetes/resources';
import type { RbacAuthorizer } from '../authorization/rbac';
import { missingRules, type PolicyRule, ruleText } from '../authorization/rule';
import { written } from './concerns';
import { forbidden } from './forbidden';
import type { AdmissionPluginFactory, AdmissionRequest } from './plugin';

const RBAC = 'rbac.authorization.k8s.io';

/**
 * Nobody gives away what they do not have, unless they may `escalate` the role or `bind` to it. Upstream it is no plugin but
 * part of these kinds' storage (pkg/registry/rbac/role/policybased and its siblings).
 */
export function roleEscalation(authorizer: RbacAuthorizer): AdmissionPluginFactory {
  return (client) => ({
    name: 'RoleEscalation',
    async validate(request) {
      const role = written(request, roles, 'CREATE', 'UPDATE') ?? written(request, clusterRoles, 'CREATE', 'UPDATE');
      if (role !== undefined) return checkRole(request, role, authorizer);
      const binding =
        written(request, roleBindings, 'CREATE', 'UPDATE') ?? written(request, clusterRoleBindings, 'CREATE', 'UPDATE');
      if (binding === undefined || isSame(request.oldObject as typeof binding | undefined, binding)) return;
      const { kind, name } = binding.roleRef;
      const resource = kind === 'ClusterRole' ? clusterRoles : roles;
      if (mayAlways(request, authorizer, 'bind', resource.resource, name)) return;
      const namespace = kind === 'ClusterRole' ? undefined : request.attributes.namespace;
      const { rules } = await client.get<Role | ClusterRole>(resource, namespace, name);
      checkHeld(request, rules ?? [], authorizer);
    },
  });
}

function checkRole(request: AdmissionRequest, role: Role | ClusterRole, authorizer: RbacAuthorizer): void {
  const { resource, name } = request.attributes;
  const old = request.oldObject as Role | ClusterRole | undefined;
  if (old !== undefined && JSON.stringify(old.rules) === JSON.stringify(role.rules)) return;
  if (mayAlways(request, authorizer, 'escalate', resource, role.metadata.name ?? name)) return;
  checkHeld(request, role.rules ?? [], authorizer);
}

type Binding = RoleBinding | ClusterRoleBinding;

function isSame(old: Binding | undefined, binding: Binding): boolean {
  if (old === undefined) return false;
  const what = ({ roleRef, subjects }: Binding) => JSON.stringify([roleRef, subjects]);
  return what(old) === what(binding);
}

function mayAlways(
  request: AdmissionRequest,
  authorizer: RbacAuthorizer,
  verb: 'escalate' | 'bind',
  resource: string,
  name: string,
): boolean {
  const attributes = { ...request.attributes, verb, group: RBAC, resource, subresource: '', name };
  return authorizer.authorize(attributes).allowed;
}

function checkHeld(request: AdmissionRequest, rules: readonly PolicyRule[], authorizer: RbacAuthorizer): void {
  const { user, namespace } = request.attributes;
  const missing = missingRules(authorizer.rulesFor(user, namespace), rules);
  if (missing.length === 0) return;
  const groups = user.groups.map((group) => JSON.stringify(group)).join(' ');
  throw forbidden(
    request,
    `user "${user.name}" (groups=[${groups}]) is attempting to grant RBAC permissions not currently held:\n${missing.map(ruleText).join('\n')}`,
  );
}
