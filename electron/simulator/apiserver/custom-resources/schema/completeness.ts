import type { JsonSchema } from '../../../../../shared/kubernetes/json-schema';
import { type FieldError, required } from '../../validation/field-error';
import { itemsOf, propertyOf } from './json-schema';

/**
 * That whatever anyOf, allOf, oneOf and not speak of is a field of the schema around them (apiextensions'
 * apiserver/schema/complete.go).
 */
export function validateCompleteness(schema: JsonSchema, path: string): FieldError[] {
  return ofValues(schema, schema, path, path);
}

/** @param rules what restricts values, at `rulesPath`; what it restricts is `schema`, at `path`. */
function ofValues(rules: JsonSchema, schema: JsonSchema, path: string, rulesPath: string): FieldError[] {
  const lists = [
    ['allOf', rules.allOf],
    ['anyOf', rules.anyOf],
    ['oneOf', rules.oneOf],
  ] as const;
  return [
    ...(rules.not === undefined ? [] : ofNested(rules.not, schema, path, `${rulesPath}.not`)),
    ...lists.flatMap(([name, list = []]) =>
      list.flatMap((each, index) => ofNested(each, schema, path, `${rulesPath}.${name}[${index}]`)),
    ),
  ];
}

function ofNested(rules: JsonSchema, schema: JsonSchema | undefined, path: string, rulesPath: string): FieldError[] {
  if (schema === undefined) return [required(path, `because it is defined in ${rulesPath}`)];
  const errors = ofValues(rules, schema, path, rulesPath);
  const items = itemsOf(rules);
  if (items !== undefined) errors.push(...ofNested(items, itemsOf(schema), `${path}.items`, `${rulesPath}.items`));
  for (const [name, property] of Object.entries(rules.properties ?? {})) {
    const place = `properties[${name}]`;
    errors.push(...ofNested(property, propertyOf(schema, name), `${path}.${place}`, `${rulesPath}.${place}`));
  }
  return errors;
}
