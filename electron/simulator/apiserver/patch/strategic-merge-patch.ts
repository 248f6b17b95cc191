import { goText } from '../go-text';
import { deepCopy, deepEqual, isRecord } from '../json';
import { badRequest } from '../status-errors';
import type { SchemaNode } from './schema-node';

/**
 * Strategic merge patch (k8s.io/apimachinery/pkg/util/strategicpatch): a merge patch that knows which lists are sets and
 * which are maps by a key, with directives in the patch for what a merge cannot say.
 */

type Fields = Record<string, unknown>;

const DIRECTIVE = '$patch';
const RETAIN_KEYS = '$retainKeys';
const ORDER_PREFIX = '$setElementOrder/';
const DELETE_PREFIX = '$deleteFromPrimitiveList/';

/**
 * Neither argument is changed.
 * @throws StatusError 400 when the patch is malformed.
 */
export function applyStrategicMergePatch(target: unknown, patch: unknown, schema: SchemaNode | undefined): unknown {
  if (!isRecord(patch)) throw badRequest('error decoding patch: the patch is not a JSON object');
  return mergeFields(isRecord(target) ? target : {}, patch, schema);
}

function mergeFields(original: Fields, patch: Fields, schema: SchemaNode | undefined): Fields {
  const directive = patch[DIRECTIVE];
  if (directive === 'replace') return withoutDirectives(patch);
  if (directive === 'delete') return {};
  if (directive !== undefined && directive !== 'merge') throw badRequest(`Unknown patch type: ${String(directive)}`);

  const result: Fields = { ...original };
  retainKeys(result, patch);
  for (const [key, value] of Object.entries(patch)) {
    if (key === DIRECTIVE || key === RETAIN_KEYS) continue;
    if (key.startsWith(DELETE_PREFIX)) deleteFromPrimitiveList(result, key.slice(DELETE_PREFIX.length), value);
  }
  for (const [key, value] of Object.entries(patch)) {
    if (key === DIRECTIVE || key === RETAIN_KEYS || key.startsWith(DELETE_PREFIX)) continue;
    if (key.startsWith(ORDER_PREFIX)) {
      const list = key.slice(ORDER_PREFIX.length);
      // Where the list itself is patched too, its merge sees to the order.
      if (!(list in patch)) setOrder(result, list, value, childSchema(schema, list));
      continue;
    }
    if (value === null) delete result[key];
    else result[key] = mergeValue(result[key], value, childSchema(schema, key), patch[ORDER_PREFIX + key]);
  }
  return result;
}

function childSchema(schema: SchemaNode | undefined, key: string): SchemaNode | undefined {
  return schema?.properties?.[key] ?? schema?.additionalProperties;
}

function mergeValue(original: unknown, patch: unknown, schema: SchemaNode | undefined, order: unknown): unknown {
  const strategies = schema?.patchStrategy?.split(',') ?? [];
  if (isRecord(patch)) {
    if (strategies.includes('replace')) return withoutDirectives(patch);
    return mergeFields(isRecord(original) ? original : {}, patch, schema);
  }
  if (Array.isArray(patch)) {
    if (!strategies.includes('merge')) return withoutListDirectives(patch);
    return mergeList(Array.isArray(original) ? original : [], patch, schema, order);
  }
  return patch;
}

function mergeList(original: unknown[], patch: unknown[], schema: SchemaNode | undefined, order: unknown): unknown[] {
  const mergeKey = schema?.patchMergeKey;
  if (mergeKey === undefined || patch.some((item) => !isRecord(item))) return mergePrimitives(original, patch, order);
  const items = patch.filter(isRecord);
  if (items.some((item) => item[DIRECTIVE] === 'replace')) {
    return items.filter((item) => item[DIRECTIVE] === undefined).map((item) => withoutDirectives(item));
  }
  let result = original.filter(isRecord);
  for (const item of items) {
    const key = item[mergeKey];
    if (key === undefined) {
      throw badRequest(`map: ${goText(item)} does not contain declared merge key: ${mergeKey}`);
    }
    if (item[DIRECTIVE] === 'delete') {
      result = result.filter((present) => !deepEqual(present[mergeKey], key));
      continue;
    }
    const index = result.findIndex((present) => deepEqual(present[mergeKey], key));
    const merged = mergeFields(result[index] ?? {}, item, schema?.items);
    if (index < 0) result.push(merged);
    else result[index] = merged;
  }
  // What a patch names without saying in which order is in the patch's own.
  const named: unknown[] = Array.isArray(order) ? order : items.filter((item) => item[DIRECTIVE] === undefined);
  return ordered(result, original, named, (item) => (isRecord(item) ? item[mergeKey] : item));
}

function mergePrimitives(original: unknown[], patch: unknown[], order: unknown): unknown[] {
  const result = [...original];
  for (const value of patch) if (!result.some((present) => deepEqual(present, value))) result.push(deepCopy(value));
  return ordered(result, original, Array.isArray(order) ? order : patch, (item) => item);
}

/**
 * Puts items in the order that the patch names. Those it does not name are the server's own: each stays before the named
 * item that followed it.
 */
function ordered(
  items: unknown[],
  original: unknown[],
  order: unknown[],
  keyOf: (item: unknown) => unknown,
): unknown[] {
  const orderKeys = order.map(keyOf);
  const rank = (item: unknown) => orderKeys.findIndex((key) => deepEqual(key, keyOf(item)));
  const position = (item: unknown) => original.findIndex((other) => deepEqual(keyOf(other), keyOf(item)));
  const named = items.filter((item) => rank(item) >= 0).sort((a, b) => rank(a) - rank(b));
  const others = items.filter((item) => rank(item) < 0);
  const result: unknown[] = [];
  for (const item of named) {
    const at = position(item);
    while (others.length > 0 && at >= 0 && position(others[0]) < at) result.push(others.shift());
    result.push(item);
  }
  return [...result, ...others];
}

function setOrder(result: Fields, list: string, order: unknown, schema: SchemaNode | undefined): void {
  const present = result[list];
  if (!Array.isArray(present) || !Array.isArray(order)) return;
  const mergeKey = schema?.patchMergeKey;
  const keyOf = (item: unknown) => (mergeKey !== undefined && isRecord(item) ? item[mergeKey] : item);
  result[list] = ordered(present, present, order, keyOf);
}

function deleteFromPrimitiveList(result: Fields, list: string, values: unknown): void {
  const present = result[list];
  if (!Array.isArray(present) || !Array.isArray(values)) return;
  result[list] = present.filter((item) => !values.some((value) => deepEqual(value, item)));
}

function retainKeys(result: Fields, patch: Fields): void {
  const retained = patch[RETAIN_KEYS];
  if (retained === undefined) return;
  if (!Array.isArray(retained)) throw badRequest(`$retainKeys must be a list`);
  for (const key of Object.keys(patch)) {
    if (!key.startsWith('$') && patch[key] !== null && !retained.includes(key)) {
      throw badRequest(`the keys in patch are not all in the $retainKeys list`);
    }
  }
  for (const key of Object.keys(result)) if (!retained.includes(key)) delete result[key];
}

/** A patch's content where nothing is there to merge with: nulls and directives are no content. */
function withoutDirectives(patch: Fields): Fields {
  const result: Fields = {};
  for (const [key, value] of Object.entries(patch)) {
    if (key.startsWith('$') || value === null) continue;
    result[key] = isRecord(value)
      ? withoutDirectives(value)
      : Array.isArray(value)
        ? withoutListDirectives(value)
        : value;
  }
  return result;
}

function withoutListDirectives(list: unknown[]): unknown[] {
  return list
    .filter((item) => !(isRecord(item) && item[DIRECTIVE] !== undefined))
    .map((item) => (isRecord(item) ? withoutDirectives(item) : deepCopy(item)));
}
