import type { KubeObject } from '../../../../shared/kubernetes/objects';
import type { PatchType } from '../../client';
import { deepCopy, isRecord } from '../json';
import { badRequest } from '../status-errors';
import { applyJsonPatch } from './json-patch';
import { applyMergePatch } from './merge-patch';
import type { SchemaNode } from './schema-node';
import { applyStrategicMergePatch } from './strategic-merge-patch';

/**
 * The state that a patch makes of an object. The object is not changed, and the result shares nothing with it.
 * @param schema what a strategic merge patch knows of the kind's lists.
 * @throws StatusError when the patch cannot be read or applied.
 */
export function patched(
  object: KubeObject,
  type: Exclude<PatchType, 'apply'>,
  patch: unknown,
  schema: SchemaNode | undefined,
): KubeObject {
  const result = applied(object, type, patch, schema);
  if (!isRecord(result)) throw badRequest('the patch does not leave an object');
  // Whatever came of it is checked as any object from a client is.
  return deepCopy(result) as unknown as KubeObject;
}

/** Whether a patch is about who manages fields; only then need what it is applied to show that. */
export function mentionsManagedFields(type: PatchType, patch: unknown): boolean {
  if (type === 'json') {
    const paths = Array.isArray(patch) ? patch.map((step) => (isRecord(step) ? step.path : undefined)) : [];
    return paths.some((path) => typeof path === 'string' && path.startsWith('/metadata/managedFields'));
  }
  return isRecord(patch) && isRecord(patch.metadata) && 'managedFields' in patch.metadata;
}

function applied(object: KubeObject, type: PatchType, patch: unknown, schema: SchemaNode | undefined): unknown {
  switch (type) {
    case 'json':
      return applyJsonPatch(object, patch);
    case 'merge':
      return applyMergePatch(object, patch);
    default:
      return applyStrategicMergePatch(object, patch, schema);
  }
}
