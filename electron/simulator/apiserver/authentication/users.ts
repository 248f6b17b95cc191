import { dns1123LabelProblems, dns1123SubdomainProblems } from '../../../../shared/kubernetes/label-syntax';
import type { UserInfo } from '../../client';

/** Whose ServiceAccount tokens these are, and who they are for when nobody says otherwise. */
export const ISSUER = 'https://kubernetes.default.svc.cluster.local';

/** Who all that has proved an identity belongs to. */
const AUTHENTICATED = 'system:authenticated';
const UNAUTHENTICATED = 'system:unauthenticated';

/** Who makes a request that presents no identity. */
export const anonymous: UserInfo = { name: 'system:anonymous', groups: [UNAUTHENTICATED] };

/** The API server's own user, for what it reads and writes itself. */
export const apiserver: UserInfo = { name: 'system:apiserver', groups: ['system:masters', AUTHENTICATED] };

/** A user's groups, with the one that all are in who have proved who they are. */
export function withAuthenticated(groups: readonly string[]): readonly string[] {
  return groups.includes(AUTHENTICATED) || groups.includes(UNAUTHENTICATED) ? groups : [...groups, AUTHENTICATED];
}

const SERVICE_ACCOUNT = 'system:serviceaccount:';

export function serviceAccountUserName(namespace: string, name: string): string {
  return `${SERVICE_ACCOUNT}${namespace}:${name}`;
}

/** The account behind a user's name; `undefined` when it is not one (apiserver's serviceaccount.SplitUsername). */
export function serviceAccountOf(userName: string): { namespace: string; name: string } | undefined {
  if (!userName.startsWith(SERVICE_ACCOUNT)) return undefined;
  const [namespace = '', name = '', ...more] = userName.slice(SERVICE_ACCOUNT.length).split(':');
  if (more.length > 0 || dns1123LabelProblems(namespace).length > 0 || dns1123SubdomainProblems(name).length > 0) {
    return undefined;
  }
  return { namespace, name };
}

/** The groups of a ServiceAccount, without the one of all who are authenticated. */
export function serviceAccountGroups(namespace: string): string[] {
  return ['system:serviceaccounts', `system:serviceaccounts:${namespace}`];
}

/** The groups that a user of this name has by its name alone: those of a ServiceAccount, or just the authenticated. */
export function groupsOfUserName(name: string): string[] {
  const account = serviceAccountOf(name);
  return [...(account === undefined ? [] : serviceAccountGroups(account.namespace)), AUTHENTICATED];
}
