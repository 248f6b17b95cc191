import type { JsonSchema } from '../../../../../shared/kubernetes/json-schema';
import { isRecord } from '../../json';
import { itemsOf, propertyOf, valuesOf } from './json-schema';

const META_FIELDS: ReadonlySet<string> = new Set(['apiVersion', 'kind', 'metadata']);

/**
 * Takes out of an object what its schema does not have (apiextensions' apiserver/schema/pruning/algorithm.go). The object
 * is changed; its metadata, kind and apiVersion are left alone.
 * @returns the paths of what was taken out, in order: `spec.foo`, `spec.list[0].bar`.
 */
export function prune(object: Record<string, unknown>, schema: JsonSchema | undefined): string[] {
  const unknown: string[] = [];
  pruneValue(object, { ...schema, 'x-kubernetes-embedded-resource': true }, '', unknown);
  return unknown.sort();
}

/** Takes out of a part of an object, such as a default, what its schema does not have. The value is changed. */
export function prunePart(value: unknown, schema: JsonSchema): void {
  pruneValue(value, schema, '', []);
}

function pruneValue(value: unknown, schema: JsonSchema | undefined, path: string, unknown: string[]): void {
  if (schema?.['x-kubernetes-preserve-unknown-fields'] === true) pruneKnown(value, schema, path, unknown);
  else if (Array.isArray(value)) {
    const items = itemsOf(schema);
    for (const [index, item] of value.entries()) pruneValue(item, items, `${path}[${index}]`, unknown);
  } else if (isRecord(value)) {
    for (const [key, child] of Object.entries(value)) {
      if (schema?.['x-kubernetes-embedded-resource'] === true && META_FIELDS.has(key)) continue;
      const place = path === '' ? key : `${path}.${key}`;
      const property = propertyOf(schema, key);
      if (property !== undefined) pruneValue(child, property, place, unknown);
      else if (allowsOthers(schema)) pruneValue(child, valuesOf(schema), place, unknown);
      else {
        unknown.push(place);
        delete value[key];
      }
    }
  }
}

/** Where unknown fields stay, the known ones are pruned all the same. */
function pruneKnown(value: unknown, schema: JsonSchema | undefined, path: string, unknown: string[]): void {
  if (schema === undefined) return;
  if (Array.isArray(value)) {
    const items = itemsOf(schema);
    for (const [index, item] of value.entries()) pruneKnown(item, items, `${path}[${index}]`, unknown);
  } else if (isRecord(value)) {
    for (const [key, child] of Object.entries(value)) {
      if (schema['x-kubernetes-embedded-resource'] === true && META_FIELDS.has(key)) continue;
      const place = path === '' ? key : `${path}.${key}`;
      const property = propertyOf(schema, key);
      if (property !== undefined) pruneValue(child, property, place, unknown);
      else if (allowsOthers(schema)) pruneValue(child, valuesOf(schema), place, unknown);
    }
  }
}

const allowsOthers = (schema: JsonSchema | undefined) => schema?.additionalProperties !== undefined;

/**
 * Takes nulls out of an object's maps where neither a null nor a default may stand (apiextensions'
 * apiserver/schema/defaulting/prunenulls.go). The value is changed.
 */
export function dropNulls(value: unknown, schema: JsonSchema | undefined): void {
  if (Array.isArray(value)) {
    const items = itemsOf(schema);
    for (const item of value) dropNulls(item, items);
  } else if (isRecord(value)) {
    for (const [key, child] of Object.entries(value)) {
      const property = propertyOf(schema, key) ?? valuesOf(schema);
      if (child === null && property !== undefined && !property.nullable && property.default === undefined) {
        delete value[key];
      } else dropNulls(child, property);
    }
  }
}
