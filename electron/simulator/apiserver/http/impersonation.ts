import type { IncomingHttpHeaders } from 'node:http';
import type { UserInfo } from '../../client';
import type { Api } from '../api';
import { resourceAttributes } from '../api';
import { badRequest } from '../status-errors';

const EXTRA = 'impersonate-extra-';

/**
 * The user that the request is to be made as (apiserver/pkg/endpoints/filters/impersonation).
 * @throws StatusError 403 when the real user may not act as that one, 400 when the headers make no sense.
 */
export function impersonated(api: Api, user: UserInfo, headers: IncomingHttpHeaders): UserInfo {
  const name = single(headers['impersonate-user']);
  const uid = single(headers['impersonate-uid']);
  const groups = values(headers['impersonate-group']);
  const extra = Object.entries(headers).flatMap(([header, value]): [string, readonly string[]][] =>
    header.startsWith(EXTRA) ? [[decodeURIComponent(header.slice(EXTRA.length)), values(value)]] : [],
  );
  if (name === '') {
    if (uid === '' && groups.length === 0 && extra.length === 0) return user;
    throw badRequest('requested impersonation without impersonating a user');
  }

  const may = (group: string, resource: string, target: string, namespace?: string, subresource = '') =>
    api.authorize(
      resourceAttributes(user, 'impersonate', { group, version: 'v1', resource }, namespace, target, subresource),
    );
  const account = /^system:serviceaccount:([^:]+):([^:]+)$/.exec(name);
  if (account !== null) may('', 'serviceaccounts', account[2] ?? '', account[1]);
  else may('', 'users', name);
  for (const group of groups) may('', 'groups', group);
  if (uid !== '') may('authentication.k8s.io', 'uids', uid);
  for (const [key, items] of extra) {
    for (const item of items) may('authentication.k8s.io', 'userextras', item, undefined, key);
  }
  return {
    name,
    ...(uid === '' ? {} : { uid }),
    groups: [...new Set([...groups, ...impliedGroups(name, account?.[1], groups.length)])],
    ...(extra.length === 0 ? {} : { extra: Object.fromEntries(extra) }),
  };
}

/** The groups that a user is in by its name alone. */
function impliedGroups(name: string, namespace: string | undefined, given: number): string[] {
  if (name === 'system:anonymous') return ['system:unauthenticated'];
  const accounts =
    namespace !== undefined && given === 0 ? ['system:serviceaccounts', `system:serviceaccounts:${namespace}`] : [];
  return [...accounts, 'system:authenticated'];
}

function single(header: string | string[] | undefined): string {
  return values(header)[0] ?? '';
}

function values(header: string | string[] | undefined): string[] {
  // Node joins repeated headers with a comma.
  return (Array.isArray(header) ? header : header === undefined ? [] : header.split(',')).map((item) => item.trim());
}
