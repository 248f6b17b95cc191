import type { JsonSchema } from '../../../../../shared/kubernetes/json-schema';
import { isRecord } from '../../json';
import { itemsOf, valuesOf } from '../schema/json-schema';
import { combined } from './combined';
import type { Correlation } from './correlation';
import { hasFormat, isKnownFormat } from './format';
import { numberResult } from './number';
import { matchesPattern } from './pattern';
import { Result } from './result';

/**
 * Validates a value against a schema with kube-openapi's texts, in its order (k8s.io/kube-openapi/pkg/validation/validate).
 * @param path `spec.replicas`; empty for a whole object.
 * @param correlation the value beside its old state: what has not changed passes (ratcheting.go).
 */
export function validateValue(schema: JsonSchema, value: unknown, path: string, correlation?: Correlation): Result {
  const result = check(schema, value, path, correlation);
  return !result.isValid && correlation?.unchanged === true ? new Result() : result;
}

function check(schema: JsonSchema, value: unknown, path: string, correlation: Correlation | undefined): Result {
  const result = new Result();
  if (value === null || value === undefined) {
    return result.merge(typeResult(schema, null, path)).merge(enumResult(schema, null, path));
  }
  const take = (part: Result) => {
    result.merge(part).matches++;
  };
  if (typesOf(schema).length > 0 || formatOf(schema) !== '') take(typeResult(schema, value, path));
  take(combined(schema, value, path, validateValue));
  if (typeof value === 'string') {
    take(stringResult(schema, value, path));
    if (formatOf(schema) !== '') take(formatResult(schema, value, path));
  }
  if (typeof value === 'number') take(numberResult(schema, value, path));
  if (Array.isArray(value)) take(listResult(schema, value, path, correlation));
  take(enumResult(schema, value, path));
  if (isRecord(value)) take(objectResult(schema, value, path, correlation));
  result.matches++;
  return result;
}

function typesOf(schema: JsonSchema): string[] {
  if (schema['x-kubernetes-int-or-string'] === true) return ['integer', 'string'];
  return schema.type ? [schema.type] : [];
}

/** Formats that upstream does not know are none, `int32` among them. */
function formatOf({ format = '' }: JsonSchema): string {
  return isKnownFormat(format) ? format : '';
}

/** A JSON value's type, and the format that Go gives it. */
function typeOf(value: unknown): { type: string; format: string } {
  if (Array.isArray(value)) return { type: 'array', format: '' };
  switch (typeof value) {
    case 'number':
      return Number.isInteger(value) && Math.abs(value) < 2 ** 63
        ? { type: 'integer', format: 'int64' }
        : { type: 'number', format: 'float64' };
    case 'object':
      return { type: 'object', format: '' };
    default:
      return { type: typeof value, format: '' };
  }
}

function typeResult(schema: JsonSchema, value: unknown, path: string): Result {
  const result = new Result();
  const types = typesOf(schema);
  const wrong = (wanted: string, found: string) =>
    result.add({
      code: 'type',
      path,
      message: `${path} in body must be of type ${wanted}: ${JSON.stringify(found)}`,
      value: found,
    });
  if (value === null) {
    return types.length === 0 || schema.nullable === true ? result : wrong(types.join(','), 'null');
  }
  const { type, format } = typeOf(value);
  const fits = types.includes(type) || (type === 'integer' && types.includes('number'));
  const wanted = formatOf(schema);
  const isText = typeof value === 'string' || Array.isArray(value);
  if (!isText && wanted !== '' && !fits && format !== wanted) return wrong(wanted, format);
  const isNumeric = types.includes('number') || types.includes('integer');
  if (isText && wanted !== '' && !isNumeric) return result;
  return fits ? result : wrong(types.join(','), type);
}

function enumResult(schema: JsonSchema, value: unknown, path: string): Result {
  const result = new Result();
  const values = schema.enum ?? [];
  if (values.length === 0 || values.some((each) => each !== null && each === value)) return result;
  return result.add({
    code: 'enum',
    path,
    message: `${path} in body should be one of ${values}`,
    value,
    valid: values,
  });
}

function stringResult({ maxLength, minLength, pattern }: JsonSchema, value: string, path: string): Result {
  const result = new Result();
  const length = maxLength === undefined && minLength === undefined ? 0 : [...value].length;
  if (maxLength !== undefined && length > maxLength) {
    const message = `${path} in body should be at most ${maxLength} chars long`;
    return result.add({ code: 'tooLong', path, message, value, valid: maxLength });
  }
  if (minLength !== undefined && length < minLength) {
    const message = `${path} in body should be at least ${minLength} chars long`;
    return result.add({ code: 'other', path, message, value });
  }
  if (pattern && !matchesPattern(value, pattern)) {
    result.add({ code: 'other', path, message: `${path} in body should match '${pattern}'`, value });
  }
  return result;
}

function formatResult(schema: JsonSchema, value: string, path: string): Result {
  const result = new Result();
  const format = formatOf(schema);
  if (hasFormat(value, format)) return result;
  const message = `${path} in body must be of type ${format}: ${JSON.stringify(value)}`;
  return result.add({ code: 'type', path, message, value });
}

function listResult(schema: JsonSchema, list: readonly unknown[], path: string, correlation?: Correlation): Result {
  const result = new Result();
  const items = itemsOf(schema);
  if (items !== undefined) {
    for (const [index, item] of list.entries()) {
      result.merge(validateValue(items, item, `${path}[${index}]`, correlation?.index(index)));
    }
  }
  const { minItems, maxItems } = schema;
  const value = list.length;
  if (minItems !== undefined && value < minItems) {
    result.add({ code: 'other', path, message: `${path} in body should have at least ${minItems} items`, value });
  }
  if (maxItems !== undefined && value > maxItems) {
    const message = `${path} in body should have at most ${maxItems} items`;
    result.add({ code: 'tooManyItems', path, message, value, valid: maxItems });
  }
  result.matches++;
  return result;
}

function objectResult(
  schema: JsonSchema,
  object: Readonly<Record<string, unknown>>,
  path: string,
  correlation?: Correlation,
): Result {
  const result = new Result();
  const { minProperties, maxProperties, properties = {}, additionalProperties, required = [] } = schema;
  const value = Object.keys(object).length;
  if (minProperties !== undefined && value < minProperties) {
    const message = `${path} in body should have at least ${minProperties} properties`;
    result.add({ code: 'other', path, message, value });
  }
  if (maxProperties !== undefined && value > maxProperties) {
    const message = `${path} in body should have at most ${maxProperties} properties`;
    result.add({ code: 'tooManyProperties', path, message, value, valid: maxProperties });
  }
  const values = valuesOf(schema);
  const others = Object.keys(object).filter((key) => !Object.hasOwn(properties, key));
  for (const key of others) {
    if (additionalProperties === false) {
      const message = `${path}.${key} in body is a forbidden property`;
      result.add({ code: 'other', path, message, value: key });
    } else if (values !== undefined) {
      result.merge(validateValue(values, object[key], `${path}.${key}`, correlation?.key(key)));
    }
  }
  for (const [name, property] of Object.entries(properties)) {
    if (!Object.hasOwn(object, name)) continue;
    const isRootType = path === '' && (name === 'apiVersion' || name === 'kind');
    const place = path === '' ? name : `${path}.${name}`;
    result.merge(validateValue(property, object[name], place, isRootType ? undefined : correlation?.key(name)));
  }
  for (const name of required) {
    if (Object.hasOwn(object, name)) continue;
    result.add({ code: 'required', path: `${path}.${name}`, message: `${path}.${name} in body is required` });
  }
  return result;
}
