import { goText } from '../go-text';
import { isRecord } from '../json';
import { badRequest, failure } from '../status-errors';

/** The words of strategic merge patches, and what is said of patches that misuse them (strategicpatch, mergepatch). */

export const DIRECTIVE = '$patch';
export const RETAIN_KEYS = '$retainKeys';
export const ORDER_PREFIX = '$setElementOrder/';
export const DELETE_PREFIX = '$deleteFromPrimitiveList/';

/** What nobody upstream gave a code of its own. */
export function unmergeable(message: string) {
  return failure(500, undefined, message);
}

export function badFormat(what: string) {
  return badRequest(`invalid patch format of ${what}`);
}

/** For what is no list where there must be one. */
export function badType(value: unknown) {
  return unmergeable(`expected a []interface {}, but received a ${goType(value)}`);
}

export function noMergeKey(item: object, key: string) {
  return unmergeable(`map: ${goText(item)} does not contain declared merge key: ${key}`);
}

export function unknownDirective(directive: unknown, patch: object) {
  const shown = typeof directive === 'string' ? directive : `%!s(${goType(directive)}=${goText(directive)})`;
  return unmergeable(`unknown patch type: ${shown} in map: ${goText(patch)}`);
}

/** What Go's decoder makes of a JSON value. */
export function goType(value: unknown): string {
  if (Array.isArray(value)) return '[]interface {}';
  if (isRecord(value)) return 'map[string]interface {}';
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'bigint') return 'int64';
  if (typeof value === 'number') return Number.isInteger(value) ? 'int64' : 'float64';
  return value === null ? 'nil' : 'string';
}
