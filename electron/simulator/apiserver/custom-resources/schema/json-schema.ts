import type { JsonSchema } from '../../../../../shared/kubernetes/json-schema';

/** The schema of a list's items; `undefined` also where a list of schemas stands, which nothing reads. */
export function itemsOf(schema: JsonSchema | undefined): JsonSchema | undefined {
  const items = schema?.items;
  return isSchema(items) ? items : undefined;
}

/** The schema of a map's values; `undefined` when any are allowed, or none. */
export function valuesOf(schema: JsonSchema | undefined): JsonSchema | undefined {
  const values = schema?.additionalProperties;
  return typeof values === 'object' ? values : undefined;
}

/** The schema of a field by its own name. */
export function propertyOf(schema: JsonSchema | undefined, name: string): JsonSchema | undefined {
  const properties = schema?.properties;
  return properties !== undefined && Object.hasOwn(properties, name) ? properties[name] : undefined;
}

export function isSchema(value: JsonSchema | readonly unknown[] | boolean | undefined): value is JsonSchema {
  return typeof value === 'object' && !Array.isArray(value);
}

/** A schema and all that are nested in it, in the order of `SchemaHas` (apiextensions/validation/validation.go). */
export function* everySchema(schema: JsonSchema | undefined): Iterable<JsonSchema> {
  if (schema === undefined) return;
  yield schema;
  if (isSchema(schema.items)) yield* everySchema(schema.items);
  else if (Array.isArray(schema.items)) for (const item of schema.items) yield* everySchema(item);
  for (const list of [schema.allOf, schema.anyOf, schema.oneOf]) {
    for (const item of list ?? []) yield* everySchema(item);
  }
  yield* everySchema(schema.not);
  for (const property of Object.values(schema.properties ?? {})) yield* everySchema(property);
  yield* everySchema(valuesOf(schema));
  for (const property of Object.values(schema.patternProperties ?? {})) yield* everySchema(property);
  if (typeof schema.additionalItems === 'object') yield* everySchema(schema.additionalItems);
  for (const definition of Object.values(schema.definitions ?? {})) yield* everySchema(definition);
  for (const dependency of Object.values(schema.dependencies ?? {})) {
    if (isSchema(dependency)) yield* everySchema(dependency);
  }
}
