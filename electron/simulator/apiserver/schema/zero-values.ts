import { fieldOfMessage } from '../protobuf/messages';
import { resolved, type Schema } from './document';

/**
 * Whether Go's encoding leaves a field out because of what is in it: `omitempty` on what is not a pointer. An empty text, a
 * zero, false, an empty list or an empty map then say the same as nothing.
 * @param type the schema that has the field, as `io.k8s.api.core.v1.Container`.
 * @param schema the field's own.
 */
export function vanishes(type: string | undefined, name: string, value: unknown, schema: Schema): boolean {
  if (!isZero(value) || type === undefined) return false;
  // A struct is never empty: `{}` of a struct is that struct.
  if (typeof value === 'object' && !Array.isArray(value)) {
    const { properties, additionalProperties } = resolved(schema);
    // Nor is what may hold anything.
    if (properties !== undefined || additionalProperties === undefined) return false;
  }
  const field = fieldOfMessage(messageName(type), name);
  return field !== undefined && !field.optional && !field.keepsZero;
}

function isZero(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return value === '' || value === 0 || value === false;
  if (Array.isArray(value)) return value.length === 0;
  for (const _ in value) return false;
  return true;
}

/** `core.v1.Container` of `io.k8s.api.core.v1.Container`, as the protobuf tables name it. */
function messageName(type: string): string {
  return type.split('.').slice(-3).join('.');
}
