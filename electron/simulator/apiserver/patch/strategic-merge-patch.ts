import { deepCopy, isRecord } from '../json';
import type { SchemaNode } from './schema-node';
import { mergeLists, orderList, removeItems } from './strategic-merge-lists';
import {
  badFormat,
  badType,
  DELETE_PREFIX,
  DIRECTIVE,
  ORDER_PREFIX,
  RETAIN_KEYS,
  unknownDirective,
  unmergeable,
} from './strategic-merge-syntax';

type Fields = Record<string, unknown>;

/**
 * Strategic merge patch (k8s.io/apimachinery/pkg/util/strategicpatch): a merge patch that knows which lists are sets and
 * which are maps by a key, with directives in the patch for what a merge cannot say. Neither argument is changed.
 * @throws StatusError 400 or 500, as upstream has it, when the patch makes no sense.
 */
export function applyStrategicMergePatch(target: unknown, patch: unknown, schema: SchemaNode | undefined): unknown {
  return mergeFields(isRecord(target) ? target : {}, isRecord(patch) ? patch : {}, schema);
}

function mergeFields(original: Fields, patch: Fields, schema: SchemaNode | undefined): Fields {
  if (DIRECTIVE in patch) return replaced(patch);
  const result: Fields = { ...original };
  const keys = new Set(Object.keys(patch));
  if (keys.delete(RETAIN_KEYS)) retainKeys(result, patch);
  for (const key of [...keys].filter((each) => each.startsWith(ORDER_PREFIX))) {
    keys.delete(key);
    const list = key.slice(ORDER_PREFIX.length);
    orderField(result, list, patch[key], keys.delete(list) ? patch[list] : undefined, schema);
  }
  for (const key of keys) {
    if (key.startsWith(DELETE_PREFIX)) removeFrom(result, key.slice(DELETE_PREFIX.length), patch[key], schema);
    else mergeField(result, key, patch[key], schema);
  }
  return result;
}

function replaced(patch: Fields): Fields {
  const { [DIRECTIVE]: directive, ...rest } = patch;
  if (directive === 'replace') return rest;
  if (directive === 'delete') return {};
  throw unknownDirective(directive, patch);
}

function mergeField(result: Fields, key: string, patch: unknown, schema: SchemaNode | undefined): void {
  if (patch === null) {
    delete result[key];
    return;
  }
  const present = result[key];
  if (isRecord(present) && isRecord(patch)) {
    const node = fieldOf(schema, key);
    result[key] = strategyOf(node) === 'replace' ? patch : mergeFields(present, patch, node);
  } else if (Array.isArray(present) && Array.isArray(patch)) {
    result[key] = mergedList(present, patch, fieldOf(schema, key));
  } else {
    const content = withoutDirectives(withoutNulls(patch));
    if (content === undefined) delete result[key];
    else result[key] = content;
  }
}

function mergedList(present: unknown[], patch: unknown[], node: SchemaNode | undefined): unknown[] {
  if (strategyOf(node) !== 'merge') return patch;
  return mergeLists(present, patch, node?.patchMergeKey, (item, change) => mergeFields(item, change, node?.items));
}

/** Merges a list whose order the patch says. */
function orderField(
  result: Fields,
  list: string,
  order: unknown,
  patch: unknown,
  schema: SchemaNode | undefined,
): void {
  if (!Array.isArray(order)) throw badType(order);
  const present = result[list];
  for (const each of [present, patch]) if (each !== undefined && !Array.isArray(each)) throw badType(each);
  const node = fieldOf(schema, list);
  const original = Array.isArray(present) ? present : undefined;
  const changes = Array.isArray(patch) ? patch : undefined;
  const merged = () => {
    if (changes === undefined) return original;
    if (original === undefined) return changes.map(withoutDirectives).filter((item) => item !== undefined);
    return mergedList(original, changes, node);
  };
  const ordered = orderList(original ?? [], changes ?? [], order, node?.patchMergeKey, merged);
  if (ordered !== undefined) result[list] = ordered;
}

/** `$deleteFromPrimitiveList`. */
function removeFrom(result: Fields, list: string, items: unknown, schema: SchemaNode | undefined): void {
  const present = result[list];
  if (!Array.isArray(present) || !Array.isArray(items)) return;
  result[list] = removeItems(present, items, fieldOf(schema, list)?.patchMergeKey);
}

/** @throws StatusError 500 when there is no such field. */
function fieldOf(schema: SchemaNode | undefined, key: string): SchemaNode | undefined {
  if (schema === undefined) return undefined;
  const { properties, structName = '' } = schema;
  if (properties === undefined) {
    throw unmergeable('merging an object in json but data type is not struct, instead is: map');
  }
  const node = Object.hasOwn(properties, key) ? properties[key] : undefined;
  if (node !== undefined) return node;
  throw unmergeable(`unable to find api field in struct ${structName} for the json field ${JSON.stringify(key)}`);
}

/** How a field is merged, besides keeping only some keys. */
function strategyOf(node: SchemaNode | undefined): string | undefined {
  return node?.patchStrategy?.split(',').find((strategy) => strategy !== 'retainKeys');
}

function retainKeys(result: Fields, patch: Fields): void {
  const retained = patch[RETAIN_KEYS];
  if (!Array.isArray(retained)) throw badFormat('retainKeys');
  for (const [key, value] of Object.entries(patch)) {
    if (value === null || key === RETAIN_KEYS || key.startsWith(DELETE_PREFIX) || key.startsWith(ORDER_PREFIX))
      continue;
    if (!retained.includes(key)) throw badFormat('retainKeys');
  }
  for (const key of Object.keys(result)) if (!retained.includes(key)) delete result[key];
}

/** What is new has no members to take away. */
function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (!isRecord(value)) return value;
  const members = Object.entries(value).filter(([, child]) => child !== null);
  return Object.fromEntries(members.map(([key, child]) => [key, withoutNulls(child)]));
}

/** Without the parts that are directives. @returns `undefined` for what is one itself. */
function withoutDirectives(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutDirectives).filter((item) => item !== undefined);
  if (!isRecord(value)) return deepCopy(value);
  if (DIRECTIVE in value) return undefined;
  const members = Object.entries(value).map(([key, child]): [string, unknown] => [key, withoutDirectives(child)]);
  return Object.fromEntries(members.filter(([, child]) => child !== undefined));
}
