import type { JsonSchema } from '../../../../../shared/kubernetes/json-schema';
import { goJson } from '../../go-text';
import { isRecord } from '../../json';
import type { FieldError } from '../../validation/field-error';
import { duplicateValue, invalidValue } from '../values/field-errors';
import { itemsOf, propertyOf, valuesOf } from './json-schema';

/**
 * That the items of sets, and the keys of lists that are maps, are there once (apiextensions'
 * apiserver/schema/listtype/validation.go).
 */
export function validateListTypes(value: unknown, schema: JsonSchema | undefined, path: string): FieldError[] {
  if (schema === undefined) return [];
  if (Array.isArray(value)) {
    const items = itemsOf(schema);
    return [
      ...validateList(value, schema, path),
      ...(items === undefined
        ? []
        : value.flatMap((item, index) => validateListTypes(item, items, `${path}[${index}]`))),
    ];
  }
  if (!isRecord(value)) return [];
  const values = valuesOf(schema);
  return Object.entries(value).flatMap(([key, child]) => [
    ...(values === undefined ? [] : validateListTypes(child, values, `${path}[${key}]`)),
    ...validateListTypes(child, propertyOf(schema, key), path === '' ? key : `${path}.${key}`),
  ]);
}

function validateList(list: readonly unknown[], schema: JsonSchema, path: string): FieldError[] {
  switch (schema['x-kubernetes-list-type']) {
    case 'set':
      return secondOnes(list).map((index) => duplicateValue(`${path}[${index}]`, list[index]));
    case 'map': {
      const stranger = list.findIndex((item) => item !== null && !isRecord(item));
      if (stranger >= 0) {
        const detail = 'must be an object for an array of list-type map';
        return [invalidValue(`${path}[${stranger}]`, list[stranger], detail)];
      }
      const keys = list.map((item) => keysOf(item, schema['x-kubernetes-list-map-keys'] ?? []));
      return secondOnes(keys).map((index) => duplicateValue(`${path}[${index}]`, keys[index]));
    }
    default:
      return [];
  }
}

function keysOf(item: unknown, names: readonly string[]): Record<string, unknown> {
  if (!isRecord(item)) return {};
  return Object.fromEntries(names.filter((name) => Object.hasOwn(item, name)).map((name) => [name, item[name]]));
}

/** Where values stand that were there before; of those that are there more often, the second place. */
function secondOnes(values: readonly unknown[]): number[] {
  const times = new Map<string, number>();
  return values.flatMap((value, index) => {
    const text = goJson(value);
    const seen = times.get(text) ?? 0;
    times.set(text, seen + 1);
    return seen === 1 ? [index] : [];
  });
}
