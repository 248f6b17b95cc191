import type { KubeObject, ObjectMeta } from '../../../../shared/kubernetes/objects';
import type { DeleteOptions } from '../../client';
import { type Clock, timestamp } from '../../clock';
import { deepCopy, deepEqual } from '../json';
import { conflict, forbidden } from '../status-errors';
import type { Stored } from '../storage/stored';
import type { Strategy } from './definition';
import { fetchList, get, type ListQuery, type ListResult } from './read';
import { objectKey, type Registry, type WriteRequest } from './registry';
import { finish } from './update';
import { admissionRequest, put, unwritten } from './write';

export interface Deletion {
  readonly stored: Stored;
  /** False: it is marked and stays until its grace period or its finalizers are over. */
  readonly gone: boolean;
}

/**
 * Deletes an object (upstream: registry/generic/registry/store.go Delete with rest/delete.go BeforeDelete).
 * @param isAsked whether admission has a say; it has had it when a pod is evicted.
 */
export async function remove(
  registry: Registry,
  request: WriteRequest,
  namespace: string | undefined,
  name: string,
  options: DeleteOptions,
  isAsked = true,
): Promise<Deletion> {
  const { resource, definition, conversion } = registry;
  const key = objectKey(resource, namespace, name);
  if (options.propagationPolicy === undefined && definition.strategy.deletionWarning !== undefined) {
    request.warn(definition.strategy.deletionWarning);
  }
  for (;;) {
    if (conversion !== undefined) await conversion.fetch(key);
    const current = get(registry, namespace, name);
    const whyKept = registry.definition.strategy.whyKept?.(current.object);
    if (whyKept !== undefined) throw forbidden(resource, name, whyKept);
    checkPreconditions(registry, current.object.metadata, options);
    if (isAsked) {
      const gate = admissionRequest(request, 'DELETE', undefined, current.object, { oldObject: current.managed });
      await registry.admission.admit(gate);
      await registry.admission.validate(gate);
    }
    if (registry.table.get(key)?.revision !== current.revision) continue;
    // What ends already, and is held, goes on as it is.
    const { deletionTimestamp } = current.object.metadata;
    if (deletionTimestamp !== undefined && definition.strategy.holdsDeletion?.(current.object) === true) {
      return { stored: current, gone: false };
    }

    const next = deepCopy(current.object);
    const grace = beginGracefully(registry, next, options);
    if (grace === 'pending') return { stored: current, gone: false };
    next.metadata = withFinalizers(next.metadata, garbageFinalizers(registry, next.metadata, options));
    const held = (next.metadata.finalizers ?? []).length > 0 || registry.definition.strategy.holdsDeletion?.(next);
    if (grace === 'none' && held) markDeleted(registry, next);
    const gone = !held && (grace === 'none' || next.metadata.deletionGracePeriodSeconds === 0);
    // Even what goes at once is marked first, where a kind knows of grace.
    const marked = (held || grace === 'started') && !deepEqual(next, current.object);
    const kept = marked && conversion !== undefined ? await conversion.toStorage(next, current.managed) : undefined;
    if (registry.table.get(key)?.revision !== current.revision) continue;
    const { managed } = current;
    if (request.dryRun) return { stored: marked ? await unwritten(registry, key, next, managed, kept) : current, gone };
    const stored = marked ? await put(registry, key, next, managed, kept) : current;
    return { stored: gone ? finish(registry, key) : stored, gone };
  }
}

/**
 * Deletes what a list gives, one after another.
 * @returns the list, as it was before.
 */
export async function removeCollection(
  registry: Registry,
  request: WriteRequest,
  query: ListQuery,
  options: DeleteOptions,
): Promise<ListResult> {
  const found = await fetchList(registry, query);
  for (const { object } of found.items) {
    const { namespace, name = '' } = object.metadata;
    if (registry.table.get(objectKey(registry.resource, namespace, name)) === undefined) continue;
    await remove(registry, request, namespace, name, options);
  }
  return found;
}

/**
 * Whether the object is the one that is meant (apiserver/pkg/storage/interfaces.go Preconditions).
 * @throws StatusError 409.
 */
export function checkPreconditions(
  { resource }: Registry,
  metadata: ObjectMeta,
  { preconditions = {} }: DeleteOptions,
): void {
  const { uid, resourceVersion } = preconditions;
  const refuse = (why: string) =>
    conflict({ group: resource.group, resource: resource.kind }, metadata.name ?? '', why);
  if (uid !== undefined && uid !== metadata.uid) {
    throw refuse(
      `the UID in the precondition (${uid}) does not match the UID in record (${metadata.uid}). The object might have been deleted and then recreated`,
    );
  }
  if (resourceVersion !== undefined && resourceVersion !== metadata.resourceVersion) {
    throw refuse(
      `the ResourceVersion in the precondition (${resourceVersion}) does not match the ResourceVersion in record (${metadata.resourceVersion}). The object might have been modified`,
    );
  }
}

/**
 * Starts or shortens a grace period, where the kind has any (registry/rest/delete.go BeforeDelete). `pending`: one runs
 * already and stays as it is.
 */
function beginGracefully(
  { clock, definition: { strategy } }: Registry,
  object: KubeObject,
  { gracePeriodSeconds }: DeleteOptions,
): 'none' | 'started' | 'pending' {
  if (strategy.gracePeriod === undefined) return 'none';
  const { metadata } = object;
  const requested = gracePeriodSeconds === undefined ? undefined : leastGrace(gracePeriodSeconds);
  if (metadata.deletionTimestamp === undefined) {
    beginDeletion(strategy, object, clock, strategy.gracePeriod(object, requested));
    return 'started';
  }
  const running = leastGrace(metadata.deletionGracePeriodSeconds ?? 0);
  if (running === 0) return 'none';
  if (requested === undefined || requested >= running) return 'pending';
  const end = Date.parse(metadata.deletionTimestamp) + (requested - running) * 1000;
  const isOver = end < clock.now();
  metadata.deletionTimestamp = isOver ? timestamp(clock) : `${new Date(end).toISOString().slice(0, 19)}Z`;
  // Whoever ends it gracefully is still to do so.
  metadata.deletionGracePeriodSeconds = isOver ? Math.min(requested, 1) : requested;
  return 'started';
}

/** Negative periods are taken for the shortest there is. */
function leastGrace(seconds: number): number {
  return seconds < 0 ? 1 : seconds;
}

/** Marks what goes once its finalizers are through (registry/generic/registry/store.go markAsDeleting). */
function markDeleted({ clock, definition: { strategy } }: Registry, object: KubeObject): void {
  const { metadata } = object;
  if (metadata.deletionTimestamp === undefined) {
    beginDeletion(strategy, object, clock, 0);
    return;
  }
  if (Date.parse(metadata.deletionTimestamp) > clock.now()) metadata.deletionTimestamp = timestamp(clock);
  // A kind that has a way of its own knows of no grace.
  if (metadata.deletionGracePeriodSeconds !== undefined) metadata.deletionGracePeriodSeconds = 0;
}

function beginDeletion(strategy: Strategy<KubeObject>, object: KubeObject, clock: Clock, seconds: number): void {
  const { metadata } = object;
  metadata.deletionTimestamp = timestamp(clock, seconds * 1000);
  metadata.deletionGracePeriodSeconds = seconds;
  if (metadata.generation !== undefined) metadata.generation++;
  strategy.prepareForDelete?.(object);
}

/** The finalizers with which the garbage collector is asked to orphan or to wait for dependents. */
function garbageFinalizers({ definition }: Registry, metadata: ObjectMeta, options: DeleteOptions): string[] {
  const present = metadata.finalizers ?? [];
  const { propagationPolicy } = options;
  const undecided = !present.includes('orphan') && !present.includes('foregroundDeletion');
  const orphan =
    propagationPolicy === undefined
      ? present.includes('orphan') || (undecided && definition.strategy.defaultPropagation === 'Orphan')
      : propagationPolicy === 'Orphan';
  const foreground =
    propagationPolicy === undefined ? present.includes('foregroundDeletion') : propagationPolicy === 'Foreground';
  return [
    ...present.filter((finalizer) => finalizer !== 'orphan' && finalizer !== 'foregroundDeletion'),
    ...(orphan ? ['orphan'] : []),
    ...(foreground ? ['foregroundDeletion'] : []),
  ];
}

function withFinalizers(metadata: ObjectMeta, finalizers: string[]): ObjectMeta {
  const { finalizers: _, ...rest } = metadata;
  return finalizers.length === 0 ? rest : { ...rest, finalizers };
}
