import type { JsonSchema } from '../../../../../shared/kubernetes/json-schema';
import { deepCopy, isRecord } from '../../json';
import { itemsOf, propertyOf, valuesOf } from './json-schema';

/** What has defaults somewhere below, so that objects of all others need not be walked. */
const withDefaults = new WeakMap<JsonSchema, boolean>();

/** Whether a schema has defaults anywhere that {@link applyDefaults} looks. */
export function hasDefaults(schema: JsonSchema | undefined): boolean {
  if (schema === undefined) return false;
  let known = withDefaults.get(schema);
  if (known === undefined) {
    known =
      schema.default !== undefined ||
      hasDefaults(itemsOf(schema)) ||
      hasDefaults(valuesOf(schema)) ||
      Object.values(schema.properties ?? {}).some(hasDefaults);
    withDefaults.set(schema, known);
  }
  return known;
}

/** Fills in a schema's defaults (apiextensions' apiserver/schema/defaulting/algorithm.go). The value is changed. */
export function applyDefaults(value: unknown, schema: JsonSchema | undefined): void {
  if (schema === undefined || !hasDefaults(schema)) return;
  if (Array.isArray(value)) {
    const items = itemsOf(schema);
    for (const [index, item] of value.entries()) {
      if (isRefusedNull(item, items)) value[index] = copyOfDefault(items);
      applyDefaults(value[index], items);
    }
  } else if (isRecord(value)) {
    for (const [name, property] of Object.entries(schema.properties ?? {})) {
      if (property.default === undefined) continue;
      if (!Object.hasOwn(value, name) || isRefusedNull(value[name], property)) value[name] = copyOfDefault(property);
    }
    const values = valuesOf(schema);
    for (const key of Object.keys(value)) {
      const property = propertyOf(schema, key);
      if (property === undefined && isRefusedNull(value[key], values)) value[key] = copyOfDefault(values);
      applyDefaults(value[key], property ?? values);
    }
  }
}

function isRefusedNull(value: unknown, schema: JsonSchema | undefined): boolean {
  return value === null && schema !== undefined && !schema.nullable;
}

const copyOfDefault = (schema: JsonSchema | undefined) => deepCopy(schema?.default ?? null);
