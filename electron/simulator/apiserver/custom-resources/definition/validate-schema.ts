import type { JsonSchema, ValidationRule } from '../../../../../shared/kubernetes/json-schema';
import { type FieldError, forbidden, invalid, notSupported, required } from '../../validation/field-error';
import { isSchema, itemsOf, propertyOf, valuesOf } from '../schema/json-schema';
import { FieldPathError, resolveFieldPath } from './field-path';

const TYPES = ['array', 'boolean', 'integer', 'number', 'object', 'string'];
const META_FIELDS: ReadonlySet<string> = new Set(['metadata', 'kind', 'apiVersion']);
const REASONS = ['FieldValueDuplicate', 'FieldValueForbidden', 'FieldValueInvalid', 'FieldValueRequired'];

/** Keywords of JSON schema that a definition may not use, in upstream's order. */
export const UNSUPPORTED = [
  'id',
  'additionalItems',
  'patternProperties',
  'definitions',
  'dependencies',
  '$ref',
] as const;

/** Where the schema being checked stands. */
export interface Place {
  /** Why a default may not be set here; `undefined`: it may. */
  readonly noDefaults?: string;
  /** Inside of metadata, kind or apiVersion. */
  readonly insideMetadata?: boolean;
  readonly isRoot?: boolean;
}

/**
 * What a definition's schema may not say (apiextensions/validation/validation.go
 * ValidateCustomResourceDefinitionOpenAPISchema), apart from what its rules in CEL say.
 */
export function validateSchema(schema: JsonSchema, path: string, place: Place): FieldError[] {
  const errors = keywordErrors(schema, path, place);
  if (schema.uniqueItems) {
    const detail = 'uniqueItems cannot be set to true since the runtime complexity becomes quadratic';
    errors.push(forbidden(`${path}.uniqueItems`, detail));
  }
  errors.push(...nestedErrors(schema, path, place), ...extensionErrors(schema, path));
  for (const [index, rule] of (schema['x-kubernetes-validations'] ?? []).entries()) {
    errors.push(...ruleErrors(rule, schema, `${path}.x-kubernetes-validations[${index}]`));
  }
  return errors;
}

function keywordErrors(schema: JsonSchema, path: string, place: Place): FieldError[] {
  const errors: FieldError[] = [];
  if (schema.type && !TYPES.includes(schema.type)) errors.push(notSupported(`${path}.type`, schema.type, TYPES));
  if (schema.default !== undefined && place.noDefaults !== undefined) {
    errors.push(forbidden(`${path}.default`, `must not be set ${place.noDefaults}`));
  }
  for (const keyword of UNSUPPORTED) {
    if (schema[keyword] !== undefined) errors.push(forbidden(`${path}.${keyword}`, `${keyword} is not supported`));
  }
  if (schema.type === 'null') {
    errors.push(forbidden(`${path}.type`, 'type cannot be set to null, use nullable as an alternative'));
  }
  if (schema.items !== undefined && !isSchema(schema.items) && schema.items.length > 0) {
    errors.push(forbidden(`${path}.items`, 'items must be a schema object and not an array'));
  }
  if (place.insideMetadata && schema['x-kubernetes-embedded-resource']) {
    errors.push(forbidden(`${path}.x-kubernetes-embedded-resource`, 'must not be used inside of resource meta'));
  }
  return errors;
}

function nestedErrors(schema: JsonSchema, path: string, { isRoot, ...place }: Place): FieldError[] {
  const errors: FieldError[] = [];
  const properties = Object.entries(schema.properties ?? {});
  if (schema.additionalProperties !== undefined) {
    const field = `${path}.additionalProperties`;
    if (properties.length > 0 && schema.additionalProperties !== true) {
      errors.push(forbidden(field, 'additionalProperties and properties are mutual exclusive'));
    }
    const inside = place.insideMetadata
      ? { ...place, noDefaults: 'inside additionalProperties applying to object metadata' }
      : place;
    const values = valuesOf(schema);
    if (values !== undefined) errors.push(...validateSchema(values, field, inside));
  }
  for (const [name, property] of properties) {
    const isMeta = (isRoot || schema['x-kubernetes-embedded-resource']) && META_FIELDS.has(name);
    const inside = {
      ...place,
      ...(isMeta ? { insideMetadata: true } : {}),
      ...(isMeta && isRoot ? { noDefaults: `in top-level ${name}` } : {}),
    };
    errors.push(...validateSchema(property, `${path}.properties[${name}]`, inside));
  }
  if (schema.not !== undefined) errors.push(...validateSchema(schema.not, `${path}.not`, place));
  for (const name of ['allOf', 'oneOf', 'anyOf'] as const) {
    for (const [index, each] of (schema[name] ?? []).entries()) {
      errors.push(...validateSchema(each, `${path}.${name}[${index}]`, place));
    }
  }
  for (const [name, each] of Object.entries(schema.definitions ?? {})) {
    errors.push(...validateSchema(each, `${path}.definitions[${name}]`, place));
  }
  if (isSchema(schema.items)) errors.push(...validateSchema(schema.items, `${path}.items`, place));
  else {
    for (const [index, each] of (schema.items ?? []).entries()) {
      errors.push(...validateSchema(each, `${path}.items[${index}]`, place));
    }
  }
  for (const [name, each] of Object.entries(schema.dependencies ?? {})) {
    if (isSchema(each)) errors.push(...validateSchema(each, `${path}.dependencies[${name}]`, place));
  }
  return errors;
}

/** A field of another type than its extension asks for. */
function wrongType(type: string | undefined, path: string, detail: string): FieldError {
  return type ? invalid(`${path}.type`, type, detail) : required(`${path}.type`, detail);
}

function extensionErrors(schema: JsonSchema, path: string): FieldError[] {
  const errors: FieldError[] = [];
  const mapType = schema['x-kubernetes-map-type'];
  if (schema['x-kubernetes-preserve-unknown-fields'] === false) {
    errors.push(invalid(`${path}.x-kubernetes-preserve-unknown-fields`, false, 'must be true or undefined'));
  }
  if (mapType !== undefined && schema.type !== 'object') {
    errors.push(wrongType(schema.type, path, 'must be object if x-kubernetes-map-type is specified'));
  }
  if (mapType !== undefined && !['atomic', 'granular'].includes(mapType)) {
    errors.push(notSupported(`${path}.x-kubernetes-map-type`, mapType, ['atomic', 'granular']));
  }
  return [...errors, ...listTypeErrors(schema, path), ...listKeyErrors(schema, path)];
}

function listTypeErrors(schema: JsonSchema, path: string): FieldError[] {
  const errors: FieldError[] = [];
  const listType = schema['x-kubernetes-list-type'];
  const keys = schema['x-kubernetes-list-map-keys'] ?? [];
  const items = itemsOf(schema);
  if (listType !== undefined && schema.type !== 'array') {
    errors.push(wrongType(schema.type, path, 'must be array if x-kubernetes-list-type is specified'));
  } else if (listType === 'set' && items !== undefined) {
    const detail = 'must be atomic as item of a list with x-kubernetes-list-type=set';
    const itemType = items['x-kubernetes-list-type'];
    if (items.type === 'array' && itemType !== undefined && itemType !== 'atomic') {
      errors.push(invalid(`${path}.items.x-kubernetes-list-type`, itemType, detail));
    }
    if (items.type === 'object' && items['x-kubernetes-map-type'] !== 'atomic') {
      errors.push(invalid(`${path}.items.x-kubernetes-map-type`, itemType ?? null, detail));
    }
  }
  if (listType !== undefined && !['atomic', 'set', 'map'].includes(listType)) {
    errors.push(notSupported(`${path}.x-kubernetes-list-type`, listType, ['atomic', 'set', 'map']));
  }
  if (keys.length > 0 && listType !== 'map') {
    const detail = 'must be map if x-kubernetes-list-map-keys is non-empty';
    const field = `${path}.x-kubernetes-list-type`;
    errors.push(listType === undefined ? required(field, detail) : invalid(field, listType, detail));
  }
  return listType === 'map' ? [...errors, ...mapListErrors(schema, keys, path)] : errors;
}

function mapListErrors(schema: JsonSchema, keys: readonly string[], path: string): FieldError[] {
  const errors: FieldError[] = [];
  const field = `${path}.x-kubernetes-list-map-keys`;
  if (keys.length === 0) errors.push(required(field, 'must not be empty if x-kubernetes-list-type is map'));
  if (schema.items === undefined) {
    errors.push(required(`${path}.items`, 'must have a schema if x-kubernetes-list-type is map'));
  }
  const items = itemsOf(schema);
  if (items === undefined) return errors;
  if (items.type !== 'object') {
    const detail = "must be object if parent array's x-kubernetes-list-type is map";
    return [...errors, invalid(`${path}.items.type`, items.type ?? '', detail)];
  }
  for (const [index, key] of keys.entries()) {
    const property = propertyOf(items, key);
    if (property === undefined) errors.push(invalid(field, keys, 'entries must all be names of item properties'));
    else if (property.type === 'array' || property.type === 'object') {
      const detail = "must be a scalar type if parent array's x-kubernetes-list-type is map";
      errors.push(invalid(`${path}.items.properties[${key}].type`, items.type, detail));
    }
    if (keys.indexOf(key) < index) errors.push(invalid(field, keys, 'must not contain duplicate entries'));
  }
  return errors;
}

/** That items of sets and maps can be told apart (`validateMapListKeysMapSet`). */
function listKeyErrors(schema: JsonSchema, path: string): FieldError[] {
  const errors: FieldError[] = [];
  const listType = schema['x-kubernetes-list-type'];
  const items = itemsOf(schema);
  if (items === undefined || (listType !== 'set' && listType !== 'map')) return errors;
  if (items.nullable) {
    errors.push(forbidden(`${path}.items.nullable`, `cannot be nullable when x-kubernetes-list-type is ${listType}`));
  }
  if (listType === 'set') return errors;
  for (const key of schema['x-kubernetes-list-map-keys'] ?? []) {
    const property = propertyOf(items, key);
    if (property === undefined) continue;
    const field = `${path}.items.properties[${key}]`;
    const why = 'this property is in x-kubernetes-list-map-keys, so it';
    if (!items.required?.includes(key) && property.default === undefined) {
      errors.push(required(`${field}.default`, `${why} must have a default or be a required property`));
    }
    if (property.nullable) errors.push(forbidden(`${field}.nullable`, `${why} cannot be nullable`));
  }
  return errors;
}

const hasNewlines = (text: string) => /[\n\r]/.test(text);

/** A rule's form; what it says is for the compiler. */
function ruleErrors(rule: ValidationRule, schema: JsonSchema, path: string): FieldError[] {
  const errors: FieldError[] = [];
  const { message = '', messageExpression = '', fieldPath = '' } = rule;
  const text = (rule.rule ?? '').trim();
  if (text === '') errors.push(required(`${path}.rule`, 'rule is not specified'));
  else if (message !== '' && message.trim() === '') {
    errors.push(invalid(`${path}.message`, message, 'must be non-empty if specified'));
  } else if (hasNewlines(message.trim())) {
    errors.push(invalid(`${path}.message`, message, 'must not contain line breaks'));
  } else if (hasNewlines(text) && message.trim() === '') {
    errors.push(required(`${path}.message`, 'message must be specified if rule contains line breaks'));
  }
  if (messageExpression !== '' && messageExpression.trim() === '') {
    errors.push(required(`${path}.messageExpression`, 'messageExpression must be non-empty if specified'));
  }
  if (rule.reason !== undefined && !REASONS.includes(rule.reason)) {
    errors.push(notSupported(`${path}.reason`, rule.reason, REASONS));
  }
  if (fieldPath !== '' && fieldPath.trim() === '') {
    errors.push(invalid(`${path}.fieldPath`, fieldPath, 'must be non-empty if specified'));
  }
  if (hasNewlines(fieldPath)) errors.push(invalid(`${path}.fieldPath`, fieldPath, 'must not contain line breaks'));
  if (fieldPath !== '' && !isPathIn(schema, fieldPath)) {
    errors.push(invalid(`${path}.fieldPath`, fieldPath, 'must be a valid path'));
  }
  return errors;
}

function isPathIn(schema: JsonSchema, path: string): boolean {
  try {
    resolveFieldPath(path, schema);
    return true;
  } catch (error) {
    if (error instanceof FieldPathError) return false;
    throw error;
  }
}
