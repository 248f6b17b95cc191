import type { KubeObject } from '../../../../shared/kubernetes/objects';
import type { Resource } from '../../../../shared/kubernetes/resources';
import { badRequest, undeterminable } from '../status-errors';

/**
 * An object is in the namespace of its path, or in none (apiserver's rest.EnsureObjectNamespaceMatchesRequestNamespace).
 * @throws StatusError 400 when it says that it is in another.
 */
export function matchNamespace(
  { namespaced }: Pick<Resource, 'namespaced'>,
  { metadata }: KubeObject,
  namespace: string,
): void {
  if (!namespaced) {
    delete metadata.namespace;
    return;
  }
  metadata.namespace ||= namespace;
  if (metadata.namespace === namespace) return;
  throw badRequest('the namespace of the provided object does not match the namespace sent on the request');
}

/**
 * What is written to an object says that it is that object (apiserver/pkg/endpoints/handlers/rest.go checkName).
 * @throws StatusError 400.
 */
export function matchName(
  resource: Pick<Resource, 'namespaced'>,
  object: KubeObject,
  namespace: string,
  name: string,
): void {
  matchNamespace(resource, object, namespace);
  const given = object.metadata.name;
  if (!given) throw undeterminable(name);
  if (given === name) return;
  throw badRequest(`the name of the object (${given}) does not match the name on the URL (${name})`);
}
