import type { ObjectMeta } from '../../../../shared/kubernetes/objects';
import type { Resource } from '../../../../shared/kubernetes/resources';
import { badRequest, undeterminable } from '../status-errors';

/**
 * Puts an object into its request's namespace (registry/rest/meta.go EnsureObjectNamespaceMatchesRequestNamespace).
 * @throws StatusError 400 when it says that it is in another.
 */
export function matchNamespace(
  { namespaced }: Pick<Resource, 'namespaced'>,
  metadata: ObjectMeta,
  namespace: string | undefined,
): void {
  if (!namespaced) delete metadata.namespace;
  else if (!metadata.namespace) metadata.namespace = namespace ?? '';
  else if (metadata.namespace !== namespace) {
    throw badRequest('the namespace of the provided object does not match the namespace sent on the request');
  }
}

/**
 * What is written to an object says that it is that object (endpoints/handlers/rest.go checkName).
 * @throws StatusError 400.
 */
export function matchName(
  resource: Pick<Resource, 'namespaced'>,
  metadata: ObjectMeta,
  namespace: string | undefined,
  name: string,
): void {
  matchNamespace(resource, metadata, namespace);
  if (!metadata.name) throw undeterminable(name);
  if (metadata.name === name) return;
  throw badRequest(`the name of the object (${metadata.name}) does not match the name on the URL (${name})`);
}
