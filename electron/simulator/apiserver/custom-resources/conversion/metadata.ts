import type { KubeObject, ObjectMeta } from '../../../../../shared/kubernetes/objects';
import { aggregateText, goType } from '../../go-text';
import { deepCopy, deepEqual, isRecord } from '../../json';
import { validateAnnotations, validateLabels } from '../../validation/labels';

/** What a webhook has converted is not the object that it was given. */
export class InvalidConversion extends Error {}

/**
 * An object must be the same after conversion (webhook_converter.go, `validateConvertedObject`).
 * @throws InvalidConversion
 */
export function checkIdentity({ metadata: before }: KubeObject, { metadata }: Record<string, unknown>): void {
  const after = isRecord(metadata) ? metadata : {};
  for (const [member, what] of [
    ['name', 'name'],
    ['namespace', 'namespace'],
    ['uid', 'UID'],
  ] as const) {
    const expected = before[member] ?? '';
    const got = typeof after[member] === 'string' ? after[member] : '';
    if (expected !== got) throw new InvalidConversion(`must have the same ${what}: ${expected} != ${got}`);
  }
}

/**
 * The metadata as it was, with the labels and annotations that a webhook gives it (webhook_converter.go, `restoreObjectMeta`).
 * @throws InvalidConversion
 */
export function restoredMetadata({ metadata: before }: KubeObject, converted: Record<string, unknown>): ObjectMeta {
  const { metadata: given } = converted;
  if (!('metadata' in converted)) throw new InvalidConversion('missing metadata in converted object');
  if (!isRecord(given)) throw new InvalidConversion(`invalid metadata of type ${goType(given)} in converted object`);
  const restored: ObjectMeta = deepCopy(before);
  for (const member of ['labels', 'annotations'] as const) {
    const texts = textsOf(member, given[member]);
    if (texts === undefined) {
      delete restored[member];
      continue;
    }
    if (!deepEqual(before[member] ?? {}, texts)) {
      const errors =
        member === 'labels'
          ? validateLabels(texts, 'metadata.labels')
          : validateAnnotations(texts, 'metadata.annotation');
      if (errors.length > 0) throw new InvalidConversion(aggregateText(errors.map((e) => `${e.field}: ${e.message}`)));
    }
    restored[member] = texts;
  }
  return restored;
}

/** @throws InvalidConversion */
function textsOf(member: string, value: unknown): Record<string, string> | undefined {
  if (value === undefined || value === null) return undefined;
  if (!isRecord(value)) {
    throw new InvalidConversion(`invalid metadata.${member} of type ${goType(value)} in converted object`);
  }
  const texts: Record<string, string> = {};
  for (const [key, text] of Object.entries(value)) {
    if (typeof text !== 'string') {
      const type = goType(text);
      throw new InvalidConversion(`metadata.${member}[${key}] must be a string, but is ${type} in converted object`);
    }
    texts[key] = text;
  }
  return texts;
}
