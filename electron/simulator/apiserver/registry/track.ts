import type { KubeObject } from '../../../../shared/kubernetes/objects';
import { apiVersionOf } from '../../../../shared/kubernetes/resources';
import { timestamp } from '../../clock';
import { compareOwned } from '../managed-fields/compare';
import { isReset, ManagedFields } from '../managed-fields/managed-fields';
import type { Manager } from '../managed-fields/manager';
import { trackUpdate } from '../managed-fields/track-update';
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

/** @param object with its defaults, as it was decoded. */
export function trackCreation(registry: Registry, request: WriteRequest, object: KubeObject): ManagedFields {
  return track(registry, request, ManagedFields.none, { metadata: {} }, object);
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
  const delta = compareOwned(old, next, registry.objectType, ignoredFields(registry, request));
  return trackUpdate(managed, delta, updaterOf(registry, request, request.manager), timestamp(registry.clock));
}

/** What a client makes of the list itself: it can be reset, or edited through the object's main endpoint. */
function givenFields({ attributes }: WriteRequest, present: ManagedFields, given: unknown): ManagedFields {
  if (attributes.subresource !== '') return present;
  if (isReset(given)) return ManagedFields.none;
  const decoded = ManagedFields.decode(given);
  return decoded === undefined || decoded.entries.length === 0 || decoded.equals(present) ? present : decoded;
}
