import { isDeepStrictEqual } from 'node:util';
import { portNameProblems } from '../../../../shared/kubernetes/label-syntax';
import { type FieldError, invalid, notSupported } from './field-error';

/** A count, a duration or a size (`ValidateNonnegativeField`). */
export function nonNegative(value: number | undefined, path: string): FieldError[] {
  return value !== undefined && value < 0 ? [invalid(path, value, 'must be greater than or equal to 0')] : [];
}

export function positive(value: number | undefined, path: string): FieldError[] {
  return value !== undefined && value <= 0 ? [invalid(path, value, 'must be greater than zero')] : [];
}

export function inRange(value: number, low: number, high: number, path: string): FieldError[] {
  return value >= low && value <= high ? [] : [invalid(path, value, `must be between ${low} and ${high}, inclusive`)];
}

export const portNumber = (port: number, path: string): FieldError[] => inRange(port, 1, 65_535, path);

/** A value of an enumeration; `undefined` passes, the empty string does not. */
export function oneOf(value: string | undefined, supported: readonly string[], path: string): FieldError[] {
  return value === undefined || supported.includes(value) ? [] : [notSupported(path, value, supported)];
}

/** A field that keeps its first value (`ValidateImmutableField`). */
export function immutable(value: unknown, old: unknown, path: string): FieldError[] {
  return isDeepStrictEqual(value, old) ? [] : [invalid(path, value, 'field is immutable')];
}

/** The errors of a value with what a rule of syntax finds wrong in it. */
export function invalidFor(path: string, value: string, problems: (value: string) => string[]): FieldError[] {
  return problems(value).map((problem) => invalid(path, value, problem));
}

/** A port by number, or by the name that a container gives it (`ValidatePortNumOrName`). */
export function portOrName(port: number | string | undefined, path: string): FieldError[] {
  return typeof port === 'string' ? invalidFor(path, port, portNameProblems) : portNumber(port ?? 0, path);
}
