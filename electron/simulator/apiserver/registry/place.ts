import type { KubeObject } from '../../../../shared/kubernetes/objects';
import type { Stored } from '../storage/stored';
import { fillSystemFields } from './create';
import { objectKey, type Registry } from './registry';
import { trackOwn } from './track';

/**
 * Stores a new object at once, without the stages of a request: what is written together with another object must neither
 * wait nor fail. Upstream sends itself a request in such places.
 * @param object fresh and valid: the registry keeps it.
 */
export function place(registry: Registry, object: KubeObject): Stored {
  const managed = trackOwn(registry, object);
  fillSystemFields(registry, object);
  return registry.put(
    objectKey(registry.resource, object.metadata.namespace, object.metadata.name ?? ''),
    object,
    managed,
  );
}
