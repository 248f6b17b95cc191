import { goQuote } from '../go-text';

/** The machine-readable half of a validation failure (`k8s.io/apimachinery/pkg/util/validation/field`). */
export type FieldErrorType =
  | 'FieldValueRequired'
  | 'FieldValueInvalid'
  | 'FieldValueNotSupported'
  | 'FieldValueDuplicate'
  | 'FieldValueForbidden'
  | 'FieldValueNotFound'
  | 'FieldValueTooLong'
  | 'FieldValueTooMany'
  | 'FieldValueTypeInvalid'
  | 'InternalError';

/** One thing wrong with an object, at one field. */
export interface FieldError {
  readonly type: FieldErrorType;
  /** The path: `spec.containers[0].name`. */
  readonly field: string;
  /** The whole text after the path, as upstream's `Error.ErrorBody()`: `Required value: name or generateName is required`. */
  readonly message: string;
}

/** A value as upstream (since 1.34) prints it inside a message: as JSON, the keys of label maps in order. */
function valueText(value: unknown): string {
  if (value === undefined) return 'null';
  if (typeof value === 'string') return goQuote(value);
  return JSON.stringify(value, (key, item: unknown) =>
    key === 'matchLabels' && typeof item === 'object' && item !== null ? sortedByKey(item) : item,
  );
}

/** A map with its keys in order, as Go prints maps. */
export function sortedByKey(map: object): object {
  return Object.fromEntries(Object.entries(map).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function withDetail(text: string, detail: string): string {
  return detail === '' ? text : `${text}: ${detail}`;
}

/** A value that must be given is not. */
export function required(field: string, detail = ''): FieldError {
  return { type: 'FieldValueRequired', field, message: withDetail('Required value', detail) };
}

/** A value is malformed or out of bounds. */
export function invalid(field: string, value: unknown, detail: string): FieldError {
  return { type: 'FieldValueInvalid', field, message: withDetail(`Invalid value: ${valueText(value)}`, detail) };
}

/** A value is none of those an enumeration has. */
export function notSupported(field: string, value: unknown, supported: readonly string[]): FieldError {
  const list = supported.map(goQuote).join(', ');
  const detail = supported.length > 0 ? `supported values: ${list}` : '';
  return {
    type: 'FieldValueNotSupported',
    field,
    message: withDetail(`Unsupported value: ${valueText(value)}`, detail),
  };
}

/** A value that must be unique is there twice. */
export function duplicate(field: string, value: unknown): FieldError {
  return { type: 'FieldValueDuplicate', field, message: `Duplicate value: ${valueText(value)}` };
}

/** A well-formed value is not permitted here. */
export function forbidden(field: string, detail: string): FieldError {
  return { type: 'FieldValueForbidden', field, message: withDetail('Forbidden', detail) };
}

/** What a value refers to is not there. */
export function notFound(field: string, value: unknown): FieldError {
  return { type: 'FieldValueNotFound', field, message: `Not found: ${valueText(value)}` };
}

/** A value is longer than `limit` bytes; the message leaves it out. */
export function tooLong(field: string, limit: number): FieldError {
  return {
    type: 'FieldValueTooLong',
    field,
    message: `Too long: may not be more than ${limit} ${limit === 1 ? 'byte' : 'bytes'}`,
  };
}

/** Something failed that the client cannot help, or should not have come this far. */
export function internal(field: string, why: string): FieldError {
  return { type: 'InternalError', field, message: `Internal error: ${why}` };
}

/** A list has more than `limit` items. */
export function tooMany(field: string, actual: number, limit: number): FieldError {
  const items = limit === 1 ? 'item' : 'items';
  return { type: 'FieldValueTooMany', field, message: `Too many: ${actual}: must have at most ${limit} ${items}` };
}
