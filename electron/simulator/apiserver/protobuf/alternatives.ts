import type { JsonObject } from './messages';

// In a schema of a custom resource, some members are a schema or something else: in JSON one stands in the other's place, in
// protobuf there is a message with a field for each (apiextensions/v1 marshal.go).

const PREFIX = 'apiextensions.v1.JSONSchemaPropsOr';

export function isAlternative(type: string): boolean {
  return type.startsWith(PREFIX);
}

/** JSON's value as the message's fields. */
export function toMessage(type: string, value: unknown): unknown {
  switch (type.slice(PREFIX.length)) {
    case 'Bool':
      return typeof value === 'boolean' ? { Allows: value } : { Allows: true, Schema: value };
    case 'Array':
      return Array.isArray(value) ? { JSONSchemas: value } : { Schema: value };
    default:
      return Array.isArray(value) ? { Property: value } : { Schema: value };
  }
}

/** The message's fields as JSON's value. */
export function fromMessage({ Schema, JSONSchemas, Property, Allows }: JsonObject): unknown {
  return Schema ?? JSONSchemas ?? Property ?? Allows ?? [];
}
