import { goText, goType } from '../go-text';
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
  return unmergeable(`expected a []interface {}, but received a ${argKind(value)}`);
}

export function noMergeKey(item: object, key: string) {
  return unmergeable(`map: ${goText(item)} does not contain declared merge key: ${key}`);
}

export function unknownDirective(directive: unknown, patch: object) {
  const shown = typeof directive === 'string' ? directive : `%!s(${argKind(directive)}=${goText(directive)})`;
  return unmergeable(`unknown patch type: ${shown} in map: ${goText(patch)}`);
}

/** What Go's decoder makes of a JSON value (mergepatch/errors.go, `ErrBadArgKind`). */
export function argKind(value: unknown): string {
  return value === null ? 'nil' : goType(value);
}
