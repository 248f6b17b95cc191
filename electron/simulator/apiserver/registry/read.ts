import { ManagedFields } from '../managed-fields/managed-fields';
import { badRequest, expired, notFound } from '../status-errors';
import { Stored } from '../storage/stored';
import { decodeContinue, encodeContinue } from './continue-token';
import type { Conversion } from './conversion';
import { objectKey, type Registry } from './registry';
import { checkReached, parseVersion } from './resource-version';
import type { Selection } from './selection';

/** `get` where a webhook may have to be asked. @throws StatusError */
export async function fetch(registry: Registry, namespace: string | undefined, name: string): Promise<Stored> {
  await registry.conversion?.fetch(objectKey(registry.resource, namespace, name));
  return get(registry, namespace, name);
}

/** @throws StatusError 404. */
export function get(registry: Registry, namespace: string | undefined, name: string): Stored {
  const { resource, definition } = registry;
  const made = computed(registry);
  const stored =
    made === undefined
      ? registry.find(objectKey(resource, namespace, name))
      : made.find(({ object }) => object.metadata.name === name);
  if (stored !== undefined) return stored;
  // Upstream calls what it does not store by its singular name.
  throw notFound(made === undefined ? resource : { ...resource, resource: definition.singular }, name);
}

/** What is stored nowhere; `undefined` for what is. */
function computed({ definition }: Registry): Stored[] | undefined {
  return definition
    .compute?.()
    .map((object) => Stored.unwritten(object.metadata.name ?? '', object, ManagedFields.none));
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
  /** 0: there is none, as of what is stored nowhere. */
  readonly revision: number;
  /** The token for what is left; absent when that is nothing. */
  readonly continueToken?: string;
  /** Known only without selectors. */
  readonly remaining?: number;
}

/** `list` where a webhook may have to be asked: nobody else waits. @throws StatusError as `list`, and 429 when it cannot be converted. */
export function fetchList(registry: Registry, query: ListQuery): ListResult | Promise<ListResult> {
  const { conversion } = registry;
  return conversion === undefined ? list(registry, query) : listAsked(registry, conversion, query);
}

async function listAsked(registry: Registry, conversion: Conversion, query: ListQuery): Promise<ListResult> {
  await conversion.ready();
  const found = extentOf(registry, query);
  const source = [...found.source];
  await conversion.ensure(source);
  return page(registry, { ...found, source }, query.selection);
}

/** @throws StatusError 400 for a bad token, 410 when its version is forgotten, 504 for a version not reached yet. */
function list(registry: Registry, query: ListQuery): ListResult {
  const made = computed(registry);
  if (made !== undefined) return { items: made.filter(({ object }) => query.selection.matches(object)), revision: 0 };
  return page(registry, extentOf(registry, query), query.selection);
}

/** What a list is made of. */
interface Extent {
  readonly source: Iterable<Stored>;
  readonly limit: number;
  readonly revision: number;
  readonly prefix: string;
}

function extentOf(registry: Registry, query: ListQuery): Extent {
  const { revision: current } = registry.store;
  const { selection, resourceVersion } = query;
  const version = parseVersion(resourceVersion, (problem) => badRequest(`invalid resource version: ${problem}`));
  const namespace = query.namespace ?? selection.namespace;
  const token = query.continueToken ? decodeContinue(query.continueToken) : undefined;
  // Who takes any version is served from what is at hand, whole (storage/cacher/cacher.go).
  const limit = resourceVersion === '0' ? 0 : (query.limit ?? 0);
  let revision = current;
  if (token !== undefined) {
    if (token.rv > 0) revision = token.rv;
  } else if (query.resourceVersionMatch === 'Exact') revision = version;
  // Pages without a word of how are of the version itself (storage/etcd3/store.go).
  else if (!query.resourceVersionMatch && version > 0 && limit > 0) revision = version;
  checkReached(Math.max(version, revision), current);

  const prefix = listPrefix(registry, namespace);
  const start = token === undefined ? '' : prefix + token.start;
  const { name } = selection;
  const only =
    name !== undefined && (namespace !== undefined || !registry.resource.namespaced)
      ? objectKey(registry.resource, namespace, name)
      : undefined;
  const source = objectsAt(registry, revision, only ?? prefix, start);
  if (source === undefined) throw token === undefined ? expired(LIST_TOO_OLD) : tokenTooOld(token.start);
  return { source: only === undefined ? source : named(source, only), limit, revision, prefix };
}

/** @returns `undefined` when what was there then is forgotten. */
function objectsAt({ table, store }: Registry, revision: number, prefix: string, start: string) {
  return revision === store.revision ? table.list(prefix, start) : table.listAt(revision, prefix, start);
}

function* named(source: Iterable<Stored>, key: string): Iterable<Stored> {
  for (const stored of source) if (stored.key === key) yield stored;
}

function page({ present }: Registry, { source, limit, revision, prefix }: Extent, selection: Selection): ListResult {
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
    continueToken: encodeContinue({ rv: revision, start: `/${last.key.slice(prefix.length)}\0` }),
    ...(all ? { remaining } : {}),
  };
}

/** What the keys of a namespace begin with. */
export function listPrefix(registry: Registry, namespace: string | undefined): string {
  return registry.resource.namespaced && namespace !== undefined && namespace !== '' ? `${namespace}/` : '';
}

/** What a watch gets for a version that is forgotten. */
export function tooOld(registry: Registry, revision: number) {
  return expired(`too old resource version: ${revision} (${registry.table.oldestWatchable})`);
}

const LIST_TOO_OLD = 'The resourceVersion for the provided list is too old.';

const TOKEN_TOO_OLD =
  'The provided continue parameter is too old to display a consistent list result. You can start a new list without the ' +
  'continue parameter, or use the continue token in this response to retrieve the remainder of the results. Continuing ' +
  'with the provided token results in an inconsistent list - objects that were created, modified, or deleted between ' +
  'the time the first chunk was returned and now may show up in the list.';

function tokenTooOld(start: string) {
  const error = expired(TOKEN_TOO_OLD);
  error.status.metadata = { continue: encodeContinue({ rv: -1, start }) };
  return error;
}
