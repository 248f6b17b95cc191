import type { OwnerReference } from './meta';
import type { KubeObject } from './objects';
import { apiVersionOf, type Resource } from './resources';

/** The one owner that manages the object, if it has one (apimachinery, `GetControllerOf`). */
export function controllerOf(object: KubeObject): OwnerReference | undefined {
  return object.metadata.ownerReferences?.find((reference) => reference.controller === true);
}

/** Whether `owner` manages the object; the uid decides, for names are used again. */
export function isControlledBy(object: KubeObject, owner: KubeObject): boolean {
  return controllerOf(object)?.uid === owner.metadata.uid;
}

/** The reference by which an owner manages its dependents (apimachinery, `NewControllerRef`). */
export function controllerReference(owner: KubeObject, resource: Resource): OwnerReference {
  return {
    apiVersion: apiVersionOf(resource),
    kind: resource.kind,
    name: owner.metadata.name ?? '',
    uid: owner.metadata.uid ?? '',
    controller: true,
    blockOwnerDeletion: true,
  };
}
