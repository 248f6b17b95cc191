import {
  BOOL,
  BYTES,
  type CelType,
  DOUBLE,
  DURATION,
  DYN,
  INT,
  listOf,
  mapOf,
  STRING,
  struct,
  TIMESTAMP,
} from '../types';
import { escapeProperty } from './escaping';
import { asResource, type Schema, valuesOf } from './schema';

/** A type made of a schema, with the struct types that are in it. */
export interface SchemaType {
  readonly type: CelType;
  readonly structs: ReadonlyMap<string, ReadonlyMap<string, CelType>>;
}

/**
 * The type that expressions see data of a schema as (k8s.io/apiserver/pkg/cel/common/schemas.go).
 * @param name of the type; those within are named by their paths from it.
 * @param isResource whether the schema is of a whole resource.
 * @returns `undefined` when expressions cannot see such data at all: nothing says what it is.
 */
export function schemaType(schema: Schema, name: string, isResource: boolean): SchemaType | undefined {
  const structs = new Map<string, ReadonlyMap<string, CelType>>();
  const type = typeOf(schema, name, isResource, structs);
  return type === undefined ? undefined : { type, structs };
}

type Structs = Map<string, ReadonlyMap<string, CelType>>;

function typeOf(given: Schema, path: string, isResource: boolean, structs: Structs): CelType | undefined {
  if (given['x-kubernetes-int-or-string']) return DYN;
  const schema = isResource ? asResource(given) : given;
  const within = (inner: Schema, name: string) =>
    typeOf(inner, `${path}.${name}`, inner['x-kubernetes-embedded-resource'] ?? false, structs);
  switch (schema.type) {
    case 'array': {
      const items = schema.items === undefined ? undefined : within(schema.items, '@idx');
      return items === undefined ? undefined : listOf(items);
    }
    case 'object': {
      const values = valuesOf(schema);
      if (values !== undefined) {
        const type = within(values, '@elem');
        return type === undefined ? undefined : mapOf(STRING, type);
      }
      const fields = new Map<string, CelType>();
      for (const [name, property] of Object.entries(schema.properties ?? {})) {
        const escaped = escapeProperty(name);
        const type = within(property, escaped ?? name);
        if (type !== undefined && escaped !== undefined) fields.set(escaped, type);
      }
      structs.set(path, fields);
      return struct(path);
    }
    case 'string':
      return stringType(schema.format);
    case 'boolean':
      return BOOL;
    case 'number':
      return DOUBLE;
    case 'integer':
      return INT;
    default:
      return undefined;
  }
}

function stringType(format: string | undefined): CelType {
  switch (format) {
    case 'byte':
      return BYTES;
    case 'duration':
      return DURATION;
    case 'date':
    case 'date-time':
      return TIMESTAMP;
    default:
      return STRING;
  }
}
