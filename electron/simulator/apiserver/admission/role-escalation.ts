import { isDeepStrictEqual } from 'node:util';
import type {
  ClusterRole,
  ClusterRoleBinding,
  KubeObject,
  Role,
  RoleBinding,
} from '../../../../shared/kubernetes/objects';
import { clusterRoleBindings, clusterRoles, roleBindings, roles } from '../../../../shared/kubernetes/resources';
import type { ClusterAuthorizer } from '../authorization';
import { missingRules, type PolicyRule, ruleText } from '../authorization/rule';
import { notFound } from '../status-errors';
import { written } from './concerns';
import { forbidden } from './forbidden';
import type { AdmissionPluginFactory, AdmissionRequest } from './plugin';

const RBAC = 'rbac.authorization.k8s.io';
const EVERYTHING: readonly PolicyRule[] = [
  { verbs: ['*'], apiGroups: ['*'], resources: ['*'] },
  { verbs: ['*'], nonResourceURLs: ['*'] },
];
const PRIVILEGED_GROUP = 'system:masters';

/**
 * Nobody gives away what they do not have, unless they may `escalate` the role or `bind` to it. Upstream it is no plugin but
 * part of these kinds' storage (pkg/registry/rbac/role/policybased and its siblings): after all that changes the object,
 * before all that checks it. No flag turns it off.
 */
export function roleEscalation(authorizer: ClusterAuthorizer): AdmissionPluginFactory {
  return () => ({
    name: 'RoleEscalation',
    changes: [],
    admit(request) {
      if (request.attributes.group !== RBAC || request.attributes.user.groups.includes(PRIVILEGED_GROUP)) return;
      const role = written(request, roles, 'CREATE', 'UPDATE') ?? written(request, clusterRoles, 'CREATE', 'UPDATE');
      if (role !== undefined) return checkRole(request, role, authorizer);
      const binding =
        written(request, roleBindings, 'CREATE', 'UPDATE') ?? written(request, clusterRoleBindings, 'CREATE', 'UPDATE');
      if (binding !== undefined) checkBinding(request, binding, authorizer);
    },
  });
}

function checkRole(request: AdmissionRequest, role: Role | ClusterRole, authorizer: ClusterAuthorizer): void {
  if (mayAlways(request, authorizer, 'escalate', request.attributes.resource, request.attributes.name)) return;
  if (onlyFreesForCollection(request, role)) return;
  checkHeld(request, role.rules ?? [], authorizer);
  // What gathers rules may gather any.
  if (!isAggregate(role) && !isAggregate(request.oldObject)) return;
  if (missingRules(authorizer.rbac.rulesFor(request.attributes.user, '').rules, EVERYTHING).length > 0) {
    throw forbidden(request, 'must have cluster-admin privileges to use the aggregationRule');
  }
}

function isAggregate(role: KubeObject | undefined): boolean {
  // Roles of namespaces have no such field.
  return ((role as ClusterRole | undefined)?.aggregationRule?.clusterRoleSelectors ?? []).length > 0;
}

function checkBinding(
  request: AdmissionRequest,
  binding: RoleBinding | ClusterRoleBinding,
  authorizer: ClusterAuthorizer,
): void {
  if (onlyFreesForCollection(request, binding)) return;
  const { roleRef } = binding;
  const resource = roleRef?.kind === 'ClusterRole' ? clusterRoles : roles;
  if (mayAlways(request, authorizer, 'bind', resource.resource, roleRef?.name ?? '')) return;
  const rules = authorizer.rbac.rulesOf(roleRef, request.attributes.namespace);
  if (rules === undefined) throw notFound({ group: RBAC, resource: request.attributes.resource }, roleRef.name);
  checkHeld(request, rules, authorizer);
}

/** Whether an update does nothing but let the garbage collector go on (rbac.IsOnlyMutatingGCFields). */
function onlyFreesForCollection(request: AdmissionRequest, object: Role | RoleBinding): boolean {
  if (request.oldObject === undefined) return false;
  const rest = ({ metadata, ...fields }: Role | RoleBinding) => {
    const { ownerReferences: _owners, finalizers: _finalizers, managedFields: _managed, ...others } = metadata;
    return { ...fields, metadata: others };
  };
  // What is stored under this path is of the kind that is written to it.
  return isDeepStrictEqual(rest(object), rest(request.oldObject as Role | RoleBinding));
}

function mayAlways(
  request: AdmissionRequest,
  authorizer: ClusterAuthorizer,
  verb: 'escalate' | 'bind',
  resource: string,
  name: string,
): boolean {
  const attributes = { ...request.attributes, verb, group: RBAC, version: '*', resource, subresource: '', name };
  return authorizer.authorize(attributes).allowed;
}

function checkHeld(request: AdmissionRequest, rules: readonly PolicyRule[], authorizer: ClusterAuthorizer): void {
  const { user, namespace, resource } = request.attributes;
  // Upstream looks into the storage here, which names what it does not find after the request.
  const held = authorizer.rbac.rulesFor(user, namespace, resource);
  const missing = missingRules(held.rules, rules);
  if (missing.length === 0) return;
  const groups = user.groups.map((group) => JSON.stringify(group)).join(' ');
  const texts = [...new Set(missing.map(ruleText))].sort();
  const trouble = held.error === '' ? '' : `; resolution errors: [${held.error}]`;
  throw forbidden(
    request,
    `user ${JSON.stringify(user.name)} (groups=[${groups}]) is attempting to grant RBAC permissions not currently held:\n${texts.join('\n')}${trouble}`,
  );
}
