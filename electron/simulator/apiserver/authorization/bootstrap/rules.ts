import type { ClusterRole, ClusterRoleBinding, Role, RoleBinding } from '../../../../../shared/kubernetes/objects';
import type { PolicyRule } from '../rule';

export type Subject = NonNullable<ClusterRoleBinding['subjects']>[number];

const RBAC = 'rbac.authorization.k8s.io';
const RBAC_VERSION = `${RBAC}/v1`;

/** Groups of verbs that upstream's policy names too. */
export const READ = 'get list watch';
export const WRITE = 'create delete deletecollection patch update';
export const READ_WRITE = 'create delete deletecollection get list patch update watch';

const words = (text: string) => text.split(' ');

/**
 * A rule for resources, in words separated by spaces.
 * @param groups `core` stands for the core group, whose name is empty.
 */
export function rule(verbs: string, groups: string, resources: string, names?: string): PolicyRule {
  return {
    verbs: words(verbs),
    apiGroups: words(groups).map((group) => (group === 'core' ? '' : group)),
    resources: words(resources),
    ...(names === undefined ? {} : { resourceNames: words(names) }),
  };
}

/** A rule for paths that are no resources. */
export function urlRule(verbs: string, urls: string): PolicyRule {
  return { verbs: words(verbs), nonResourceURLs: words(urls) };
}

/** Writing events, in both groups that serve them. */
export const eventsRule = rule('create patch update', 'core events.k8s.io', 'events');

/** What `kube-apiserver` puts on each object it makes, and brings up to date when it starts. */
const bootstrapMetadata = (name: string, labels: Record<string, string> = {}) => ({
  name,
  annotations: { 'rbac.authorization.kubernetes.io/autoupdate': 'true' },
  labels: { 'kubernetes.io/bootstrapping': 'rbac-defaults', ...labels },
});

export function clusterRole(
  name: string,
  rules: readonly PolicyRule[],
  options: { labels?: Record<string, string>; aggregates?: string } = {},
): ClusterRole {
  return {
    apiVersion: RBAC_VERSION,
    kind: 'ClusterRole',
    metadata: bootstrapMetadata(name, options.labels),
    ...(options.aggregates === undefined
      ? {}
      : { aggregationRule: { clusterRoleSelectors: [{ matchLabels: { [options.aggregates]: 'true' } }] } }),
    rules: [...rules],
  };
}

export function role(namespace: string, name: string, rules: readonly PolicyRule[]): Role {
  const metadata = { ...bootstrapMetadata(name), namespace };
  return { apiVersion: RBAC_VERSION, kind: 'Role', metadata, rules: [...rules] };
}

export const toUser = (name: string): Subject => ({ apiGroup: RBAC, kind: 'User', name });
export const toGroup = (name: string): Subject => ({ apiGroup: RBAC, kind: 'Group', name });
export const toServiceAccount = (namespace: string, name: string): Subject => ({
  kind: 'ServiceAccount',
  namespace,
  name,
});

/** Binds the role of the given name under its own name, as all of kube-apiserver's bindings are called. */
export function clusterRoleBinding(role: string, subjects: Subject[], name = role): ClusterRoleBinding {
  return {
    apiVersion: RBAC_VERSION,
    kind: 'ClusterRoleBinding',
    metadata: bootstrapMetadata(name),
    roleRef: { apiGroup: RBAC, kind: 'ClusterRole', name: role },
    ...(subjects.length === 0 ? {} : { subjects }),
  };
}

/** Binds the role of the given name in its own namespace, under its own name when no other is given. */
export function roleBinding(namespace: string, role: string, subjects: Subject[], name = role): RoleBinding {
  return {
    apiVersion: RBAC_VERSION,
    kind: 'RoleBinding',
    metadata: { ...bootstrapMetadata(name), namespace },
    roleRef: { apiGroup: RBAC, kind: 'Role', name: role },
    subjects,
  };
}
