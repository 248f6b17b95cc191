import type { KubeObject, ObjectMeta } from '../../../../shared/kubernetes/objects';
import type { DeleteOptions } from '../../client';
import { timestamp } from '../../clock';
import { deepCopy, deepEqual } from '../json';
import { conflict, forbidden } from '../status-errors';
import { Stored } from '../storage/stored';
import { get, list } from './read';
import { objectKey, type Registry, type WriteRequest } from './registry';
import type { Selection } from './selection';
import { finish } from './update';
import { admissionRequest } from './write';

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
  const { resource, definition } = registry;
  const key = objectKey(resource, namespace, name);
  if (options.propagationPolicy === undefined && definition.strategy.deletionWarning !== undefined) {
    request.warn(definition.strategy.deletionWarning);
  }
  for (;;) {
    const current = get(registry, namespace, name);
    const whyKept = registry.definition.strategy.whyKept?.(current.object);
    if (whyKept !== undefined) throw forbidden(resource, name, whyKept);
    checkPreconditions(registry, current.object.metadata, options);
    if (isAsked) {
      const gate = admissionRequest(request, 'DELETE', undefined, current.object, { oldObject: current.managed });
      await registry.admission.admit(gate);
      await registry.admission.validate(gate);
    }
    if (registry.find(key) !== current) continue;

    const next = deepCopy(current.object);
    const graceful = beginGracefully(registry, next, options);
    if (graceful === 'pending') return { stored: current, gone: false };
    next.metadata = withFinalizers(next.metadata, garbageFinalizers(registry, next.metadata, options));
    const held = (next.metadata.finalizers ?? []).length > 0 || registry.definition.strategy.holdsDeletion?.(next);
    if (graceful === 'immediate' && held) markDeleted(registry, next);
    const gone = graceful === 'immediate' && !held;
    if (request.dryRun) return { stored: Stored.unwritten(key, next, current.managed), gone };
    if (gone) return { stored: finish(registry, key), gone };
    return { stored: deepEqual(next, current.object) ? current : registry.put(key, next, current.managed), gone };
  }
}

/** Deletes what a list would give, one after another. */
export async function removeCollection(
  registry: Registry,
  request: WriteRequest,
  namespace: string | undefined,
  selection: Selection,
  options: DeleteOptions,
): Promise<{ items: Stored[]; revision: number }> {
  const { items, revision } = list(registry, { namespace, selection });
  const deleted: Stored[] = [];
  for (const { object } of items) {
    const { namespace: itsNamespace, name = '' } = object.metadata;
    if (registry.find(objectKey(registry.resource, itsNamespace, name)) === undefined) continue;
    deleted.push((await remove(registry, request, itsNamespace, name, options)).stored);
  }
  return { items: deleted, revision };
}

function checkPreconditions({ resource }: Registry, metadata: ObjectMeta, { preconditions }: DeleteOptions): void {
  const { uid, resourceVersion } = preconditions ?? {};
  const name = metadata.name ?? '';
  if (uid && uid !== metadata.uid) {
    throw conflict(
      resource,
      name,
      `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${metadata.uid}`,
    );
  }
  if (resourceVersion && resourceVersion !== metadata.resourceVersion) {
    const why = `Precondition failed: ResourceVersion in precondition: ${resourceVersion}, ResourceVersion in object meta: ${metadata.resourceVersion}`;
    throw conflict(resource, name, why);
  }
}

/** Starts or shortens a grace period. `pending`: one runs already and stays as it is. */
function beginGracefully(
  registry: Registry,
  object: KubeObject,
  options: DeleteOptions,
): 'immediate' | 'started' | 'pending' {
  const { metadata } = object;
  const { strategy } = registry.definition;
  const requested = options.gracePeriodSeconds;
  if (metadata.deletionTimestamp !== undefined) {
    const running = metadata.deletionGracePeriodSeconds ?? 0;
    if (running === 0) return 'immediate';
    if (requested === undefined || requested >= running) return 'pending';
    const begun = Date.parse(metadata.deletionTimestamp) - running * 1000;
    metadata.deletionTimestamp = `${new Date(begun + requested * 1000).toISOString().slice(0, 19)}Z`;
    metadata.deletionGracePeriodSeconds = requested;
    return requested === 0 ? 'immediate' : 'started';
  }
  // Upstream takes a negative grace period for one second.
  const asked = requested !== undefined && requested < 0 ? 1 : requested;
  const seconds = strategy.gracePeriod?.(object, asked) ?? 0;
  if (seconds <= 0) return 'immediate';
  metadata.deletionTimestamp = timestamp(registry.clock, seconds * 1000);
  metadata.deletionGracePeriodSeconds = seconds;
  if (metadata.generation !== undefined) metadata.generation++;
  strategy.prepareForDelete?.(object);
  return 'started';
}

/** Marks what goes once its finalizers are through. */
function markDeleted(registry: Registry, object: KubeObject): void {
  const { metadata } = object;
  if (metadata.deletionTimestamp === undefined) {
    metadata.deletionTimestamp = timestamp(registry.clock);
    metadata.deletionGracePeriodSeconds = 0;
    if (metadata.generation !== undefined) metadata.generation++;
    registry.definition.strategy.prepareForDelete?.(object);
  } else if (metadata.deletionGracePeriodSeconds !== undefined) {
    metadata.deletionGracePeriodSeconds = 0;
  }
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
