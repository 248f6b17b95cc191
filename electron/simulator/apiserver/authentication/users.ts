import type { UserInfo } from '../../client';

/** Who all that has proved an identity belongs to. */
export const AUTHENTICATED = 'system:authenticated';

/** Who makes a request that presents no identity. */
export const anonymous: UserInfo = { name: 'system:anonymous', groups: ['system:unauthenticated'] };

/** The API server's own user, for what it reads and writes itself. */
export const apiserver: UserInfo = { name: 'system:apiserver', groups: ['system:masters', AUTHENTICATED] };

const SERVICE_ACCOUNT = 'system:serviceaccount:';

export function serviceAccountUserName(namespace: string, name: string): string {
  return `${SERVICE_ACCOUNT}${namespace}:${name}`;
}

/** The groups that a user of this name has by its name alone: those of a ServiceAccount, or just the authenticated. */
export function groupsOfUserName(name: string): string[] {
  if (!name.startsWith(SERVICE_ACCOUNT)) return [AUTHENTICATED];
  const [namespace = ''] = name.slice(SERVICE_ACCOUNT.length).split(':');
  return ['system:serviceaccounts', `system:serviceaccounts:${namespace}`, AUTHENTICATED];
}
