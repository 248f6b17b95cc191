import type { KubeObject } from '../../../../shared/kubernetes/objects';
import { deepEqual } from '../json';

/**
 * Makes an object another one in place: whoever holds it sees what has become of it.
 * @returns whether it was different.
 */
export function replaceObject(object: KubeObject, next: KubeObject): boolean {
  if (deepEqual(object, next)) return false;
  for (const key of Object.keys(object)) Reflect.deleteProperty(object, key);
  Object.assign(object, next);
  return true;
}
