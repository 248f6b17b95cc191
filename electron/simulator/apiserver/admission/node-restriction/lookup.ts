import type { KubeObject } from '../../../../../shared/kubernetes/objects';
import type { Resource } from '../../../../../shared/kubernetes/resources';
import { isNotFound } from '../../../../../shared/kubernetes/status-error';
import type { ApiClient } from '../../../client';
import { notFound } from '../../status-errors';

/**
 * Reads what a node's request names. Upstream looks into its caches, which call a resource by its singular when they do not
 * have an object.
 * @throws StatusError 404.
 */
export async function lookUp<T extends KubeObject>(
  client: ApiClient,
  resource: Resource<T>,
  namespace: string | undefined,
  name: string,
): Promise<T> {
  try {
    return await client.get(resource, namespace, name);
  } catch (error) {
    if (!isNotFound(error)) throw error;
    throw notFound({ group: resource.group, resource: resource.kind.toLowerCase() }, name);
  }
}
