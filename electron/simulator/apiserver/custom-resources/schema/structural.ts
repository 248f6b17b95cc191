import type { JsonSchema } from '../../../../../shared/kubernetes/json-schema';
import { deepEqual } from '../../json';
import { type FieldError, forbidden, invalid, required } from '../../validation/field-error';
import { patternProblem } from '../values/pattern';
import { validateCompleteness } from './completeness';
import { isSchema, itemsOf, propertyOf, valuesOf } from './json-schema';

/** Where a schema stands: at the root, as the items of a list, or as a field. */
type Level = 'root' | 'item' | 'field';

/** How an int-or-string may be spelt out. */
const INT_OR_STRING = [{ type: 'integer' }, { type: 'string' }];

/**
 * What keeps a schema from being structural: that each field's type can be told without looking at the value
 * (apiextensions' apiserver/schema/validation.go). In the order of the texts, as upstream.
 */
export function validateStructural(schema: JsonSchema, path: string): FieldError[] {
  const errors = [...invariants(schema, 'root', path), ...validateCompleteness(schema, path)];
  const text = ({ field, message }: FieldError) => `${field}: ${message}`;
  return errors.sort((a, b) => (text(a) < text(b) ? -1 : text(a) > text(b) ? 1 : 0));
}

function invariants(schema: JsonSchema, level: Level, path: string): FieldError[] {
  const errors: FieldError[] = [];
  const items = itemsOf(schema);
  if (schema.type === 'array' && items === undefined) errors.push(required(`${path}.items`, 'must be specified'));
  if (items !== undefined) errors.push(...invariants(items, 'item', `${path}.items`));
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    errors.push(...invariants(property, 'field', `${path}.properties[${name}]`));
  }
  if (schema.additionalProperties !== undefined) {
    if (level === 'root') errors.push(forbidden(`${path}.additionalProperties`, 'must not be used at the root'));
    const values = valuesOf(schema);
    if (values !== undefined) errors.push(...invariants(values, 'field', `${path}.additionalProperties`));
  }
  errors.push(...extensions(schema, path));
  errors.push(
    ...valueRules(schema, path, isIntOrString(schema.anyOf), isIntOrString(schema.allOf?.[0]?.anyOf)),
    ...typeRules(schema, level, path),
    ...metadataRules(schema, level, path),
  );
  if (
    schema['x-kubernetes-embedded-resource'] &&
    !schema['x-kubernetes-preserve-unknown-fields'] &&
    Object.keys(schema.properties ?? {}).length === 0
  ) {
    const detail =
      'must not be empty if x-kubernetes-embedded-resource is true without x-kubernetes-preserve-unknown-fields';
    errors.push(required(`${path}.properties`, detail));
  }
  return errors;
}

function extensions(schema: JsonSchema, path: string): FieldError[] {
  if (!schema['x-kubernetes-int-or-string']) return [];
  return (['x-kubernetes-preserve-unknown-fields', 'x-kubernetes-embedded-resource'] as const)
    .filter((name) => schema[name] === true)
    .map((name) => invalid(`${path}.${name}`, true, 'must be false if x-kubernetes-int-or-string is true'));
}

function typeRules(schema: JsonSchema, level: Level, path: string): FieldError[] {
  const errors: FieldError[] = [];
  const type = schema.type ?? '';
  const field = `${path}.type`;
  if (schema['x-kubernetes-embedded-resource'] && type !== 'object') {
    const detail = 'must be object if x-kubernetes-embedded-resource is true';
    errors.push(type === '' ? required(field, detail) : invalid(field, type, detail));
  } else if (type === '' && !schema['x-kubernetes-int-or-string'] && !schema['x-kubernetes-preserve-unknown-fields']) {
    const where = {
      root: 'at the root',
      item: 'for specified array items',
      field: 'for specified object fields',
    }[level];
    errors.push(required(field, `must not be empty ${where}`));
  }
  if (schema['x-kubernetes-embedded-resource'] && schema.additionalProperties !== undefined) {
    const detail = 'must not be used if x-kubernetes-embedded-resource is set';
    errors.push(forbidden(`${path}.additionalProperties`, detail));
  }
  if (level === 'root' && type !== '' && type !== 'object') {
    errors.push(invalid(field, type, 'must be object at the root'));
  }
  return errors;
}

/** Metadata, kind and apiVersion are the API's own: a schema may only restrict names. */
function metadataRules(schema: JsonSchema, level: Level, path: string): FieldError[] {
  const errors: FieldError[] = [];
  const isResource = level === 'root' || schema['x-kubernetes-embedded-resource'] === true;
  for (const name of ['kind', 'apiVersion']) {
    const property = propertyOf(schema, name);
    if (isResource && property !== undefined && property.type !== 'string') {
      errors.push(invalid(`${path}.properties[${name}].type`, property.type ?? '', 'must be string'));
    }
  }
  const metadata = propertyOf(schema, 'metadata');
  if (metadata === undefined) return errors;
  const field = `${path}.properties[metadata]`;
  if (isResource && metadata.type !== 'object') {
    errors.push(invalid(`${field}.type`, metadata.type ?? '', 'must be object'));
  }
  if (level === 'root' && saysMoreThanNames(metadata)) {
    const detail = 'must not specify anything other than name and generateName, but metadata is implicitly specified';
    errors.push(forbidden(field, detail));
  }
  return errors;
}

function saysMoreThanNames(metadata: JsonSchema): boolean {
  const { type: _, default: __, externalDocs: ___, example: ____, properties = {}, ...rest } = metadata;
  const others = Object.keys(properties).filter((name) => name !== 'name' && name !== 'generateName');
  return others.length > 0 || Object.keys(rest).length > 0;
}

function isIntOrString(anyOf: readonly JsonSchema[] | undefined): boolean {
  return deepEqual(anyOf, INT_OR_STRING);
}

/** The rules of the parts that only say which values are valid. */
function valueRules(schema: JsonSchema, path: string, skipAnyOf: boolean, skipFirstAllOf: boolean): FieldError[] {
  const errors: FieldError[] = [];
  if (!skipAnyOf) {
    for (const [index, each] of (schema.anyOf ?? []).entries()) {
      errors.push(...nestedRules(each, `${path}.anyOf[${index}]`, false));
    }
  }
  for (const [index, each] of (schema.allOf ?? []).entries()) {
    errors.push(...nestedRules(each, `${path}.allOf[${index}]`, skipFirstAllOf && index === 0));
  }
  for (const [index, each] of (schema.oneOf ?? []).entries()) {
    errors.push(...nestedRules(each, `${path}.oneOf[${index}]`, false));
  }
  if (schema.not !== undefined) errors.push(...nestedRules(schema.not, `${path}.not`, false));
  const problem = schema.pattern ? patternProblem(schema.pattern) : undefined;
  if (problem !== undefined) {
    const detail = `must be a valid regular expression, but isn't: ${problem}`;
    errors.push(invalid(`${path}.pattern`, schema.pattern, detail));
  }
  return errors;
}

/** What a schema inside anyOf, allOf, oneOf or not may not say, in upstream's order. */
const NOT_NESTED = [
  ['default', 'must be undefined to be structural'],
  ['title', 'must be empty to be structural'],
  ['description', 'must be empty to be structural'],
  ['nullable', 'must be false to be structural'],
  ['x-kubernetes-preserve-unknown-fields', 'must be false to be structural'],
  ['x-kubernetes-embedded-resource', 'must be false to be structural'],
  ['x-kubernetes-int-or-string', 'must be false to be structural'],
  ['x-kubernetes-list-map-keys', 'must be empty to be structural'],
  ['x-kubernetes-list-type', 'must be undefined to be structural'],
  ['x-kubernetes-map-type', 'must be undefined to be structural'],
  ['x-kubernetes-validations', 'must be empty to be structural'],
] as const;

function nestedRules(schema: JsonSchema, path: string, skipAnyOf: boolean): FieldError[] {
  const errors = valueRules(schema, path, skipAnyOf, false);
  if (isSchema(schema.items)) errors.push(...nestedRules(schema.items, `${path}.items`, false));
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    errors.push(...nestedRules(property, `${path}.properties[${name}]`, false));
  }
  if (schema.type) errors.push(forbidden(`${path}.type`, 'must be empty to be structural'));
  if (schema.additionalProperties !== undefined && schema.additionalProperties !== false) {
    errors.push(forbidden(`${path}.additionalProperties`, 'must be undefined to be structural'));
  }
  for (const [name, detail] of NOT_NESTED) {
    if (schema[name] !== undefined) errors.push(forbidden(`${path}.${name}`, detail));
  }
  if (propertyOf(schema, 'metadata') !== undefined) {
    errors.push(forbidden(`${path}.properties[metadata]`, 'must not be specified in a nested context'));
  }
  return errors;
}
