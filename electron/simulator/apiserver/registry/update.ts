import type { KubeObject } from '../../../../shared/kubernetes/objects';
import { deepEqual, setOrDrop } from '../json';
import type { ManagedFields } from '../managed-fields/managed-fields';
import { addStructs, asWritten } from '../schema/as-written';
import { conflict, invalid as invalidObject, notFound } from '../status-errors';
import { Stored } from '../storage/stored';
import { invalid } from '../validation/field-error';
import { admissionView } from './admission-view';
import { create } from './create';
import { ALL_METADATA, type Strategy } from './definition';
import { leavesMetadata, metadataErrors } from './metadata-checks';
import { matchName } from './names';
import { keepServerMetadata, omitEmptyMetadata, validateCommonFields, validateObjectMetaUpdate } from './object-meta';
import { checkUid, objectVersion } from './preconditions';
import { objectKey, type Registry, type WriteRequest } from './registry';
import { trackChange } from './track';
import { admissionRequest, checkKind, put, refuseInvalid, unwritten } from './write';

/**
 * Which rules hold: those of the object's main endpoint, those of `/status` and `/approval` (all but the status stays), those
 * of `/finalize` (the status stays), or none at all, when the server itself works out the new state from the present one (binding).
 */
export type UpdateMode = 'main' | 'status' | 'approval' | 'finalize' | 'internal';

/** Makes the wanted state from the present one. What it gives belongs to the registry. */
export type Transform = (current: KubeObject, stored: Stored) => Wanted;

/** The wanted state; of what was applied, also who manages it. */
type Wanted = KubeObject | AppliedState;

/** What an apply makes of an object. */
export class AppliedState {
  readonly object: KubeObject;
  readonly managed: ManagedFields;

  constructor(object: KubeObject, managed: ManagedFields) {
    this.object = object;
    this.managed = managed;
  }
}

/** How many times an update is tried anew because another write came between. Upstream's patch handler tries five times. */
const TRIES = 5;

/**
 * Replaces an object (upstream: registry/generic/registry/store.go Update with rest/update.go BeforeUpdate). A
 * resourceVersion in the wanted state is a precondition.
 */
export async function update(
  registry: Registry,
  request: WriteRequest,
  namespace: string | undefined,
  name: string,
  mode: UpdateMode,
  transform: Transform,
): Promise<Stored> {
  const { resource, conversion } = registry;
  const key = objectKey(resource, namespace, name);
  for (let tries = 1; ; tries++) {
    if (conversion !== undefined) await conversion.fetch(key);
    const current = registry.find(key);
    if (current === undefined) throw notFound(resource, name);
    const { next, managed } = await prepare(
      registry,
      request,
      transform(current.object, current),
      current,
      mode,
      namespace,
      name,
    );
    const kept = conversion === undefined ? undefined : await conversion.toStorage(next, managed);
    if (registry.table.get(key)?.revision !== current.revision) {
      // Another write came between: see what becomes of this one on top of it.
      if (tries === TRIES) throw conflict(resource, name);
      continue;
    }
    // When somebody last took a field is no change by itself.
    if (isSame(registry, key, current, kept ?? next) && managed.equals(current.managed)) return current;
    if (request.dryRun) return unwritten(registry, key, next, managed, kept);
    delete next.metadata.selfLink;
    if (endsDeletion(registry, next, current.object)) {
      // Its last change is not written: who watches sees it go as it was.
      finish(registry, key);
      return Stored.unwritten(key, next, managed);
    }
    registry.definition.strategy.beforeStore?.(next, current.object, registry.strategyContext);
    return put(registry, key, next, managed, kept);
  }
}

/** @param wanted in the form that is stored, where a webhook makes that. */
function isSame({ conversion, table }: Registry, key: string, current: Stored, wanted: KubeObject): boolean {
  if (conversion === undefined) return deepEqual(asWritten(wanted), asWritten(current.object));
  const { resourceVersion: _, ...metadata } = table.get(key)?.object.metadata ?? {};
  return deepEqual(wanted, { ...table.get(key)?.object, metadata });
}

/** PUT: replaces, or creates where the kind allows that. */
export async function replace(
  registry: Registry,
  request: WriteRequest,
  namespace: string | undefined,
  name: string,
  mode: UpdateMode,
  fresh: () => KubeObject,
): Promise<{ stored: Stored; created: boolean }> {
  const { resource, definition } = registry;
  const absent = registry.table.get(objectKey(resource, namespace, name)) === undefined;
  if (absent && mode === 'main' && definition.strategy.allowCreateOnUpdate === true) {
    return { stored: await create(registry, request, namespace, fresh()), created: true };
  }
  return { stored: await update(registry, request, namespace, name, mode, fresh), created: false };
}

async function prepare(
  registry: Registry,
  request: WriteRequest,
  made: Wanted,
  current: Stored,
  mode: UpdateMode,
  namespace: string | undefined,
  name: string,
): Promise<{ next: KubeObject; managed: ManagedFields }> {
  const { definition, strategyContext } = registry;
  const { strategy } = definition;
  const old = current.object;
  const wanted = made instanceof AppliedState ? made.object : made;
  checkKind(registry, wanted);
  omitEmptyMetadata(wanted.metadata);
  matchName(registry.resource, wanted.metadata, namespace, name);
  const { verb, subresource } = request.attributes;
  const isPatch = verb === 'patch' && subresource !== 'scale';
  checkPreconditions(registry, wanted, current, mode, isPatch);
  const { managedFields } = wanted.metadata;
  delete wanted.metadata.managedFields;
  const managedBy = (next: KubeObject) =>
    made instanceof AppliedState ? made.managed : trackChange(registry, request, current, managedFields, next);
  if (mode === 'internal') return { next: wanted, managed: managedBy(wanted) };

  addStructs(wanted);
  strategy.applyDefaults?.(wanted);
  const next = mode === 'main' || mode === 'finalize' ? wanted : withStatusOf(wanted, old, strategy);
  // Before admission: what that changes is nobody's.
  const managed = managedBy(next);
  const shown = admissionView(registry, request.attributes);
  const gate = () =>
    admissionRequest(request, 'UPDATE', shown.show(next), shown.show(old), {
      object: managed,
      oldObject: current.managed,
    });
  const asked = gate();
  await registry.admission.admit(asked);
  shown.take(next, asked.object);
  keepServerMetadata(next.metadata, old.metadata);
  const warn = (text: string) => request.warn(text);
  if (mode === 'main') {
    strategy.begin?.(next, old, strategyContext, request.dryRun);
    if (strategy.prepareForUpdate !== undefined) strategy.prepareForUpdate(next, old, strategyContext);
    else if (definition.hasStatus) restoreStatus(next, old);
    if (old.metadata.generation !== undefined && bumpsGeneration(registry, next, old)) {
      next.metadata.generation = old.metadata.generation + 1;
    }
    const ofSubresource = strategy.validateSubresourceUpdate?.[request.attributes.subresource];
    const { first, amid } = metadataErrors(definition, next.metadata, old.metadata);
    refuseInvalid(registry, name, [
      ...first,
      ...(strategy.validate?.(next, strategyContext) ?? []),
      ...amid,
      ...(ofSubresource?.(next, old) ?? strategy.validateUpdate?.(next, old, strategyContext, warn) ?? []),
    ]);
    for (const warning of strategy.warnings?.(next, old) ?? []) request.warn(warning);
  } else {
    const special = strategy[mode];
    special?.prepareForUpdate(next, old, strategyContext);
    refuseInvalid(registry, name, [
      ...validateCommonFields(next.metadata, old.metadata, registry.resource.namespaced),
      ...(leavesMetadata(definition) ? [] : validateObjectMetaUpdate(next.metadata, old.metadata, definition)),
      ...(special?.validateUpdate(next, old) ?? []),
      ...(strategy.validateStatusUpdate?.(next, old, warn) ?? []),
    ]);
    for (const warning of strategy.statusWarnings?.(next) ?? []) request.warn(warning);
  }
  await registry.admission.validate(gate());
  return { next, managed };
}

function checkPreconditions(
  registry: Registry,
  { metadata }: KubeObject,
  current: Stored,
  mode: UpdateMode,
  isPatch: boolean,
): void {
  const { resource, definition } = registry;
  const { name = '', namespace, uid = '', resourceVersion } = current.object.metadata;
  // A patch is asked for no precondition: its uid is a field that may not change.
  if (!isPatch) checkUid(registry, metadata, { namespace, name, uid });
  const version = objectVersion(metadata);
  if (version !== 0) {
    if (version !== Number(resourceVersion)) throw conflict(resource, name);
  } else if (definition.strategy.allowUnconditionalUpdate === false && (mode === 'main' || mode === 'status')) {
    // The store names the resource here, where strategies name the kind.
    throw invalidObject({ ...resource, kind: resource.resource }, name, [
      invalid('metadata.resourceVersion', 0, 'must be specified for an update'),
    ]);
  } else setOrDrop(metadata, 'resourceVersion', resourceVersion);
}

/** The present object with another status, and with the metadata that goes with it. */
function withStatusOf(wanted: KubeObject, old: KubeObject, { statusKeeps = [] }: Strategy<KubeObject>): KubeObject {
  const metadata = { ...old.metadata };
  if (wanted.metadata.uid) metadata.uid = wanted.metadata.uid;
  for (const member of ALL_METADATA) {
    if (!statusKeeps.includes(member)) setOrDrop(metadata, member, wanted.metadata[member]);
  }
  const next: KubeObject = { ...old, metadata };
  restoreStatus(next, wanted);
  return next;
}

/** Sets the status to another object's. */
function restoreStatus(object: KubeObject & { status?: unknown }, from: KubeObject & { status?: unknown }): void {
  setOrDrop(object, 'status', from.status);
}

function bumpsGeneration({ definition }: Registry, next: KubeObject, old: KubeObject): boolean {
  const { strategy } = definition;
  // As they are written: a list without items is none.
  const [after, before] = [asWritten(next), asWritten(old)];
  if (strategy.bumpsGeneration !== undefined) return strategy.bumpsGeneration(after, before);
  return !deepEqual((after as { spec?: unknown }).spec, (before as { spec?: unknown }).spec);
}

/** Whether this update takes away the last thing that kept a deleted object. */
function endsDeletion({ definition }: Registry, next: KubeObject, old: KubeObject): boolean {
  const { deletionTimestamp, deletionGracePeriodSeconds = 0 } = old.metadata;
  if (deletionTimestamp === undefined || deletionGracePeriodSeconds !== 0) return false;
  return (next.metadata.finalizers ?? []).length === 0 && definition.strategy.holdsDeletion?.(next) !== true;
}

/** Removes an object from the store for good. */
export function finish(registry: Registry, key: string): Stored {
  const { definition, strategyContext } = registry;
  const stored = registry.take(key);
  if (stored === undefined) throw notFound(registry.resource, key);
  definition.strategy.afterDelete?.(stored.object, strategyContext);
  return stored;
}
