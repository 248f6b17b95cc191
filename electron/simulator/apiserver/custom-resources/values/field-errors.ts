import { goJson } from '../../go-text';
import {
  duplicate,
  type FieldError,
  invalid,
  notSupported,
  required,
  tooLong,
  tooMany,
} from '../../validation/field-error';
import type { Failure, Result } from './result';

/** A path that upstream does not know, as it prints it. */
const NO_PATH = '<nil>';

/** `a.b` of its two halves, either of which may be empty; what upstream prints when both are. */
export function fieldPath(parent: string, child = ''): string {
  const name = child.startsWith('.') ? child.slice(1) : child;
  if (name === '') return parent === '' ? NO_PATH : parent;
  return parent === '' ? name : `${parent}.${name}`;
}

/** An invalid value as part of a custom resource, which Go prints with its keys in order. */
export function invalidValue(field: string, value: unknown, detail: string): FieldError {
  if (typeof value !== 'object' || value === null) return invalid(field, value ?? null, detail);
  return { type: 'FieldValueInvalid', field, message: `Invalid value: ${goJson(value)}: ${detail}` };
}

/** An invalid value that is too long to print. */
export function invalidWithoutValue(field: string, detail: string): FieldError {
  return { type: 'FieldValueInvalid', field, message: `Invalid value: ${detail}` };
}

export function duplicateValue(field: string, value: unknown): FieldError {
  if (typeof value !== 'object' || value === null) return duplicate(field, value);
  return { type: 'FieldValueDuplicate', field, message: `Duplicate value: ${goJson(value)}` };
}

/** Failures as the API tells them (apiextensions' kubeOpenAPIResultToFieldErrors). */
export function fieldErrors({ failures }: Result, parent: string): FieldError[] {
  return failures.map((failure) => fieldError(failure, parent));
}

function fieldError({ code, path, message, value, valid }: Failure, parent: string): FieldError {
  if (path === undefined) return invalidValue(fieldPath(parent), '', message);
  const field = fieldPath(parent, path === '.' ? '' : path);
  switch (code) {
    case 'required':
      return required(field);
    case 'enum':
      return notSupported(field, value, Array.isArray(valid) ? valid.map(enumText) : []);
    case 'tooLong':
      return tooLong(field, Number(valid));
    case 'tooManyItems':
    case 'tooManyProperties':
      return tooMany(field, Number(value), Number(valid));
    case 'type':
      return { ...invalidValue(field, value, message), type: 'FieldValueTypeInvalid' };
    default:
      return invalidValue(field, value, message);
  }
}

const enumText = (value: unknown) => (typeof value === 'string' ? value : goJson(value));
