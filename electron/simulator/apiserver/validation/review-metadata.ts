import type { KubeObject } from '../../../../shared/kubernetes/objects';
import { type FieldError, invalid } from './field-error';

/**
 * What is created and stored nowhere has no metadata of its own.
 * @param allowed the fields that it may have all the same.
 */
export function metadataBesides({ metadata }: KubeObject, allowed: readonly string[], text: string): FieldError[] {
  const given = Object.keys(metadata).filter((key) => key !== 'managedFields' && !allowed.includes(key));
  return given.length === 0 ? [] : [invalid('metadata', metadata, text)];
}
