import type { KubeObject } from '../../../../../shared/kubernetes/objects';
import { clusterRoleBindings, clusterRoles, type Resource } from '../../../../../shared/kubernetes/resources';
import { isAlreadyExists } from '../../../../../shared/kubernetes/status-error';
import type { ApiClient } from '../../../client';
import { controllerClusterRoleBindings, controllerClusterRoles } from './controllers';
import { bootstrapClusterRoleBindings, bootstrapClusterRoles } from './roles';

/** Creates the roles and bindings that every cluster has, where they are missing. What is there is left as it is. */
export async function applyBootstrapPolicy(client: ApiClient): Promise<void> {
  await createMissing(client, clusterRoles, [...bootstrapClusterRoles, ...controllerClusterRoles]);
  await createMissing(client, clusterRoleBindings, [...bootstrapClusterRoleBindings, ...controllerClusterRoleBindings]);
}

/** Creates each object unless one of its name is there; gives the list's order to the history. */
export async function createMissing<T extends KubeObject>(
  client: ApiClient,
  resource: Resource<T>,
  objects: readonly T[],
): Promise<void> {
  const present = await client.list(resource);
  const names = new Set(present.items.map(({ metadata }) => `${metadata.namespace ?? ''}/${metadata.name}`));
  for (const object of objects) {
    if (names.has(`${object.metadata.namespace ?? ''}/${object.metadata.name}`)) continue;
    try {
      await client.create(resource, structuredClone(object));
    } catch (error) {
      if (!isAlreadyExists(error)) throw error;
    }
  }
}
