import { badRequest, expired, failure, notFound, versionTooLarge } from '../status-errors';
import type { Stored } from '../storage/stored';
import { objectKey, type Registry } from './registry';
import type { Selection } from './selection';

/** @throws StatusError 404. */
export function get(registry: Registry, namespace: string | undefined, name: string): Stored {
  const stored = registry.find(objectKey(registry.resource, namespace, name));
  if (stored === undefined) throw notFound(registry.resource, name);
  return stored;
}

export interface ListQuery {
  /** Absent: all namespaces. */
  readonly namespace?: string | undefined;
  readonly selection: Selection;
  /** 0: no bound. */
  readonly limit?: number;
  readonly continueToken?: string;
  readonly resourceVersion?: string;
  readonly resourceVersionMatch?: string;
}

export interface ListResult {
  readonly items: Stored[];
  readonly revision: number;
  /** The token for what is left; absent when that is nothing. */
  readonly continueToken?: string;
  /** Known only without selectors. */
  readonly remaining?: number;
}

/** @throws StatusError 400 for a bad token, 410 when its version is forgotten, 504 for a version not reached yet. */
export function list(registry: Registry, query: ListQuery): ListResult {
  const { table, store } = registry;
  const { selection } = query;
  const prefix = listPrefix(registry, query.namespace);

  if (selection.name !== undefined && (query.namespace !== undefined || !registry.resource.namespaced)) {
    checkReached(query.resourceVersion, store.revision);
    const stored = registry.find(objectKey(registry.resource, query.namespace, selection.name));
    const found = stored !== undefined && selection.matches(stored.object);
    return { items: found ? [stored] : [], revision: store.revision };
  }

  const token = query.continueToken ? decodeToken(query.continueToken) : undefined;
  let revision = store.revision;
  let start = '';
  if (token !== undefined) {
    start = prefix + token.start;
    if (token.rv > 0) revision = token.rv;
  } else {
    checkReached(query.resourceVersion, store.revision);
    if (query.resourceVersionMatch === 'Exact') revision = Number(query.resourceVersion);
  }
  const source = revision === store.revision ? table.list(prefix, start) : table.listAt(revision, prefix, start);
  if (source === undefined) throw token === undefined ? tooOld(registry, revision) : tokenTooOld(token.start);
  return page(registry, source, selection, query.limit ?? 0, revision, prefix);
}

function page(
  { present }: Registry,
  source: Iterable<Stored>,
  selection: Selection,
  limit: number,
  revision: number,
  prefix: string,
): ListResult {
  const items: Stored[] = [];
  const all = selection.isEmpty;
  let remaining = 0;
  for (const held of source) {
    if (limit > 0 && items.length === limit) {
      remaining++;
      if (!all) break;
      continue;
    }
    const stored = present(held);
    if (all || selection.matches(stored.object)) items.push(stored);
  }
  const last = items[items.length - 1];
  if (remaining === 0 || last === undefined) return { items, revision };
  return {
    items,
    revision,
    continueToken: encodeToken(revision, `${last.key.slice(prefix.length)}\0`),
    ...(all ? { remaining } : {}),
  };
}

/** What the keys of a namespace begin with. */
export function listPrefix(registry: Registry, namespace: string | undefined): string {
  return registry.resource.namespaced && namespace !== undefined && namespace !== '' ? `${namespace}/` : '';
}

/** @throws StatusError 400 when it is no version, 504 when the store is not there yet. */
export function checkReached(resourceVersion: string | undefined, current: number): void {
  const wanted = parseVersion(resourceVersion);
  if (wanted > current) throw versionTooLarge(wanted, current);
}

/** @returns 0 for none. */
export function parseVersion(resourceVersion: string | undefined): number {
  if (resourceVersion === undefined || resourceVersion === '') return 0;
  if (!/^\d+$/.test(resourceVersion)) {
    throw failure(400, 'BadRequest', `invalid resource version "${resourceVersion}"`);
  }
  return Number(resourceVersion);
}

/** What a watch or an exact list gets for a version that is forgotten. */
export function tooOld(registry: Registry, revision: number) {
  return expired(`too old resource version: ${revision} (${registry.table.oldestWatchable})`);
}

const TOKEN_VERSION = 'meta.k8s.io/v1';

function encodeToken(rv: number, start: string): string {
  return Buffer.from(JSON.stringify({ v: TOKEN_VERSION, rv, start })).toString('base64url');
}

function decodeToken(text: string): { rv: number; start: string } {
  let token: { v?: unknown; rv?: unknown; start?: unknown };
  try {
    token = JSON.parse(Buffer.from(text, 'base64url').toString());
  } catch {
    throw badRequest('continue key is not valid: illegal base64 data or JSON');
  }
  if (token.v !== TOKEN_VERSION || typeof token.rv !== 'number' || typeof token.start !== 'string') {
    throw badRequest(`continue key is not valid: server does not recognize this encoded version "${String(token.v)}"`);
  }
  return { rv: token.rv, start: token.start };
}

const TOKEN_TOO_OLD =
  'The provided continue parameter is too old to display a consistent list result. You can start a new list without the ' +
  'continue parameter, or use the continue token in this response to retrieve the remainder of the results. Continuing ' +
  'with the provided token results in an inconsistent list - objects that were created, modified, or deleted between ' +
  'the time the first chunk was returned and now may show up in the list.';

function tokenTooOld(start: string) {
  const error = expired(TOKEN_TOO_OLD);
  error.status.metadata = { continue: encodeToken(-1, start) };
  return error;
}
