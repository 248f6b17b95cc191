import type { KubeObject } from '../../../../shared/kubernetes/objects';
import { apiVersionOf, type Resource } from '../../../../shared/kubernetes/resources';
import { timestamp } from '../../clock';
import { compareOwned } from '../managed-fields/compare';
import { objectType } from '../managed-fields/field-type';
import { isReset, ManagedFields } from '../managed-fields/managed-fields';
import type { Manager } from '../managed-fields/manager';
import { trackUpdate } from '../managed-fields/track-update';
import { schemaFor } from '../schema';
import { asSent, asWritten } from '../schema/as-written';
import type { Registry, WriteRequest } from './registry';

/** How writes come into `metadata.managedFields` (apiserver: endpoints/handlers/fieldmanager). */

/** Fields that an endpoint does not write, as path elements (a strategy's GetResetFields). */
export function ignoredFields({ definition }: Registry, { attributes }: WriteRequest): string[][] {
  const own = definition.strategy.resetFields?.[attributes.subresource];
  if (own !== undefined) return own;
  if (attributes.subresource === 'status') {
    return definition.resource.group === '' ? [['f:spec']] : [['f:spec'], ['f:metadata', 'f:labels']];
  }
  return definition.hasStatus ? [['f:status']] : [];
}

/** Who makes a write that is no apply. */
function updaterOf({ resource }: Registry, { attributes }: WriteRequest, name: string): Manager {
  return { name, operation: 'Update', apiVersion: apiVersionOf(resource), subresource: attributes.subresource };
}

/** Who manages an object that the API server makes by itself. */
export function trackOwn(registry: Registry, object: KubeObject): ManagedFields {
  const by: Manager = {
    name: 'kube-apiserver',
    operation: 'Update',
    apiVersion: apiVersionOf(registry.resource),
    subresource: '',
  };
  const delta = compareOwned(emptyOf(object), asSent(object), registry.objectType, []);
  return trackUpdate(ManagedFields.none, delta, by, timestamp(registry.clock));
}

/** The same for a change of an object's status. */
export function trackOwnStatus(
  resource: Resource,
  present: { readonly object: KubeObject; readonly managed: ManagedFields },
  next: KubeObject,
  time: string,
): ManagedFields {
  const by: Manager = {
    name: 'kube-apiserver',
    operation: 'Update',
    apiVersion: apiVersionOf(resource),
    subresource: 'status',
  };
  const ignored = [['f:spec'], ['f:metadata', 'f:labels']];
  return trackUpdate(
    present.managed,
    compareOwned(asWritten(present.object), asSent(next), objectType(schemaFor(resource)), ignored),
    by,
    time,
  );
}

/**
 * When a write is noted to be made; `undefined` where that is not: who scales has the time that it had in the object itself
 * (managedfields/scalehandler.go, ToParent).
 */
export function timeOf({ clock }: Registry, { attributes }: WriteRequest): string | undefined {
  return attributes.subresource === 'scale' ? undefined : timestamp(clock);
}

/** An object of the same kind that nobody has filled. */
function emptyOf({ apiVersion, kind }: KubeObject): KubeObject {
  return asSent({ apiVersion, kind, metadata: {} });
}

/** @param object with its defaults, as it was decoded. */
export function trackCreation(registry: Registry, request: WriteRequest, object: KubeObject): ManagedFields {
  return track(registry, request, ManagedFields.none, emptyOf(object), object);
}

/**
 * Notes in the object itself who has written what is answered and stored nowhere.
 * @param object with its defaults.
 */
export function noteCreator(
  object: KubeObject,
  kind: Pick<Resource, 'group' | 'version' | 'kind'>,
  manager: string,
  time: string,
  subresource = '',
): void {
  const delta = compareOwned(emptyOf(object), asSent(object), objectType(schemaFor(kind)), []);
  const by: Manager = { name: manager, operation: 'Update', apiVersion: apiVersionOf(kind), subresource };
  const { json } = trackUpdate(ManagedFields.none, delta, by, time);
  if (json !== undefined) object.metadata.managedFields = JSON.parse(json);
}

/**
 * @param given `metadata.managedFields` as the client sent it.
 * @param next with its defaults, as it was decoded.
 */
export function trackChange(
  registry: Registry,
  request: WriteRequest,
  present: { readonly object: KubeObject; readonly managed: ManagedFields },
  given: unknown,
  next: KubeObject,
): ManagedFields {
  const managed = given === undefined ? present.managed : givenFields(request, present.managed, given);
  // Where nobody is noted, nobody will be before the first apply.
  return managed.entries.length === 0 ? managed : track(registry, request, managed, present.object, next);
}

function track(
  registry: Registry,
  request: WriteRequest,
  managed: ManagedFields,
  old: KubeObject,
  next: KubeObject,
): ManagedFields {
  if (request.manager === undefined) return managed;
  const delta = compareOwned(asWritten(old), asSent(next), registry.objectType, ignoredFields(registry, request));
  return trackUpdate(managed, delta, updaterOf(registry, request, request.manager), timeOf(registry, request));
}

/** What a client makes of the list itself: it can be reset, or edited through the object's main endpoint. */
function givenFields({ attributes }: WriteRequest, present: ManagedFields, given: unknown): ManagedFields {
  if (attributes.subresource !== '') return present;
  if (isReset(given)) return ManagedFields.none;
  const decoded = ManagedFields.decode(given);
  return decoded === undefined || decoded.entries.length === 0 || decoded.equals(present) ? present : decoded;
}
