import type { JsonObject } from './messages';

// Where JSON has one thing and protobuf a message around it. In a schema of a custom resource, some members are a schema or
// something else: in JSON one stands in the other's place, in protobuf there is a message with a field for each
// (apiextensions/v1 marshal.go). A list that may be absent is a message that has it (`meta/v1.Verbs`).

const PREFIX = 'apiextensions.v1.JSONSchemaPropsOr';
const VERBS = 'meta.v1.Verbs';

export function isAlternative(type: string): boolean {
  return type === VERBS || type.startsWith(PREFIX);
}

/** JSON's value as the message's fields. */
export function toMessage(type: string, value: unknown): unknown {
  if (type === VERBS) return { items: value };
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
export function fromMessage({ Schema, JSONSchemas, Property, Allows, items }: JsonObject): unknown {
  return Schema ?? JSONSchemas ?? Property ?? Allows ?? items ?? [];
}
