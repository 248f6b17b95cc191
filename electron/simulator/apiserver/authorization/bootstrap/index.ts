import type { KubeObject } from '../../../../../shared/kubernetes/objects';
import {
  clusterRoleBindings,
  clusterRoles,
  namespaces,
  type Resource,
  roleBindings,
  roles,
} from '../../../../../shared/kubernetes/resources';
import { isAlreadyExists } from '../../../../../shared/kubernetes/status-error';
import type { ApiClient } from '../../../client';
import { controllerClusterRoleBindings, controllerClusterRoles } from './controllers';
import { bootstrapRoleBindings, bootstrapRoles } from './namespaced';
import { reconciledBinding, reconciledRole } from './reconcile';
import { bootstrapClusterRoleBindings, bootstrapClusterRoles, kubeadmClusterRoleBindings } from './roles';

/**
 * Creates the roles and bindings that every cluster has, where they are missing, and gives back to those that are there
 * what has been taken from them, unless they say not to (pkg/registry/rbac/rest/storage_rbac.go).
 */
export async function applyBootstrapPolicy(client: ApiClient): Promise<void> {
  const metadata = (name: string) => ({ metadata: { name } });
  await createMissing(client, namespaces, ['kube-system', 'kube-public'].map(metadata));
  await apply(client, clusterRoles, [...bootstrapClusterRoles, ...controllerClusterRoles], reconciledRole);
  await apply(
    client,
    clusterRoleBindings,
    [...bootstrapClusterRoleBindings, ...controllerClusterRoleBindings],
    reconciledBinding,
  );
  await apply(client, roles, bootstrapRoles, reconciledRole);
  await apply(client, roleBindings, bootstrapRoleBindings, reconciledBinding);
  await createMissing(client, clusterRoleBindings, kubeadmClusterRoleBindings);
}

/** Creates each object unless one of its name is there; gives the list's order to the history. */
export async function createMissing<T extends KubeObject>(
  client: ApiClient,
  resource: Resource<T>,
  objects: readonly T[],
): Promise<void> {
  await apply(client, resource, objects, () => undefined);
}

/** @param reconcile what an object that is there should be instead; `undefined`: what it is. */
async function apply<T extends KubeObject>(
  client: ApiClient,
  resource: Resource<T>,
  objects: readonly T[],
  reconcile: (present: T, expected: T) => T | undefined,
): Promise<void> {
  const list = await client.list(resource);
  const present = new Map(list.items.map((object) => [keyOf(object), object]));
  for (const object of objects) {
    const before = present.get(keyOf(object));
    if (before === undefined) await createUnlessThere(client, resource, object);
    else {
      const wanted = reconcile(before, object);
      if (wanted !== undefined) await client.update(resource, wanted);
    }
  }
}

async function createUnlessThere<T extends KubeObject>(
  client: ApiClient,
  resource: Resource<T>,
  object: T,
): Promise<void> {
  try {
    await client.create(resource, structuredClone(object));
  } catch (error) {
    if (!isAlreadyExists(error)) throw error;
  }
}

function keyOf({ metadata }: KubeObject): string {
  return `${metadata.namespace ?? ''}/${metadata.name}`;
}
