import type { KubeObject } from '../../../../shared/kubernetes/objects';
import { type FieldError, invalid, sortedByKey } from './field-error';

/** The fields in the order of Go's struct, which is that of messages that show them. */
const ORDER = [
  'name',
  'generateName',
  'namespace',
  'selfLink',
  'uid',
  'resourceVersion',
  'generation',
  'creationTimestamp',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
  'labels',
  'annotations',
  'ownerReferences',
  'finalizers',
  'managedFields',
];

/**
 * What is created and stored nowhere has no metadata of its own.
 * @param allowed the fields that it may have all the same.
 */
export function metadataBesides({ metadata }: KubeObject, allowed: readonly string[], text: string): FieldError[] {
  const given = Object.keys(metadata).filter((key) => key !== 'managedFields' && !allowed.includes(key));
  return given.length === 0 ? [] : [invalid('metadata', inOrder(metadata), text)];
}

function inOrder(metadata: KubeObject['metadata']): object {
  const entries = Object.entries(metadata).sort(([a], [b]) => ORDER.indexOf(a) - ORDER.indexOf(b));
  return Object.fromEntries(
    entries.map(([key, value]) => [
      key,
      (key === 'labels' || key === 'annotations') && typeof value === 'object' ? sortedByKey(value) : value,
    ]),
  );
}
