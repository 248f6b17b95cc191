import type { IncomingMessage } from 'node:http';
import type { UserInfo } from '../../client';
import type { Api } from '../api';
import { resourceAttributes } from '../api';
import { serviceAccountGroups, serviceAccountOf, withAuthenticated } from '../authentication/users';
import { badRequest } from '../status-errors';

const PREFIX = 'impersonate-';
const EXTRA = 'extra-';
const REVIEWS = 'authentication.k8s.io';
const UNAUTHENTICATED = 'system:unauthenticated';

/** Who a request asks to be made as. */
interface Wanted {
  readonly user: string;
  readonly uid: string;
  readonly groups: readonly string[];
  readonly extra: ReadonlyMap<string, readonly string[]>;
}

/**
 * The user that the request is to be made as (apiserver/pkg/endpoints/filters/impersonation).
 * @returns `undefined` when it is made as who makes it.
 * @throws StatusError 403 when the real user may not act as that one, 400 when the headers make no sense.
 */
export function impersonated(api: Api, user: UserInfo, request: IncomingMessage): UserInfo | undefined {
  const wanted = wantedUser(request);
  if (wanted === undefined) return undefined;
  const { uid, groups, extra } = wanted;
  if (wanted.user === '') throw badRequest(`requested [${references(wanted).join(' ')}] without impersonating a user`);

  const may = (group: string, resource: string, name: string, namespace?: string, subresource = '') =>
    api.authorize(
      resourceAttributes(user, 'impersonate', { group, version: 'v1', resource }, namespace, name, subresource),
    );
  const account = serviceAccountOf(wanted.user);
  if (account !== undefined) may('', 'serviceaccounts', account.name, account.namespace);
  else may('', 'users', wanted.user);
  for (const group of groups) may('', 'groups', group);
  for (const [key, values] of extra) {
    for (const value of values) may(REVIEWS, 'userextras', value, undefined, key);
  }
  if (uid !== '') may(REVIEWS, 'uids', uid);
  const own = account !== undefined && groups.length === 0 ? serviceAccountGroups(account.namespace) : groups;
  return {
    name: wanted.user,
    ...(uid === '' ? {} : { uid }),
    groups: wanted.user === 'system:anonymous' ? withUnauthenticated(own) : withAuthenticated(own),
    ...(extra.size === 0 ? {} : { extra: Object.fromEntries(extra) }),
  };
}

function withUnauthenticated(groups: readonly string[]): readonly string[] {
  return groups.includes(UNAUTHENTICATED) ? groups : [...groups, UNAUTHENTICATED];
}

/** From the headers as they came: each may stand there several times, and a group's name may have commas in it. */
function wantedUser({ headers, rawHeaders }: IncomingMessage): Wanted | undefined {
  if (!Object.keys(headers).some((name) => name.startsWith(PREFIX))) return undefined;
  let user = '';
  let uid = '';
  const groups: string[] = [];
  const extra = new Map<string, string[]>();
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = (rawHeaders[index] ?? '').toLowerCase();
    const value = rawHeaders[index + 1] ?? '';
    if (!name.startsWith(PREFIX)) continue;
    const what = name.slice(PREFIX.length);
    if (what === 'user') user ||= value;
    else if (what === 'uid') uid ||= value;
    else if (what === 'group') groups.push(value);
    else if (what.startsWith(EXTRA)) {
      const key = unescaped(what.slice(EXTRA.length));
      extra.set(key, [...(extra.get(key) ?? []), value]);
    }
  }
  return user === '' && uid === '' && groups.length === 0 && extra.size === 0
    ? undefined
    : { user, uid, groups, extra };
}

/** What was asked for, as Go prints upstream's list of object references. */
function references({ groups, extra, uid }: Wanted): string[] {
  const reference = (kind: string, name: string, apiVersion = '', fieldPath = '') =>
    `{${[kind, '', name, '', apiVersion, '', fieldPath].join(' ')}}`;
  return [
    ...groups.map((group) => reference('Group', group)),
    ...[...extra].flatMap(([key, values]) =>
      values.map((value) => reference('UserExtra', value, `${REVIEWS}/v1`, key)),
    ),
    ...(uid === '' ? [] : [reference('UID', uid, `${REVIEWS}/v1`)]),
  ];
}

function unescaped(key: string): string {
  try {
    return decodeURIComponent(key);
  } catch {
    // What cannot be unescaped stands for itself, as upstream.
    return key;
  }
}
