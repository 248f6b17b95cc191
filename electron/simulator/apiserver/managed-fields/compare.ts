import { deepEqual, isRecord } from '../json';
import { type FieldSet, type FieldTree, LEAF, node, union, without } from './field-set';
import { ANY, type FieldType, itemElement, type ListType, type StructType } from './field-type';

/** How two states of an object differ (structured-merge-diff typed/compare.go). */
export interface Comparison {
  /** Fields that are new or have another value. */
  readonly changed: FieldSet;
  readonly removed: FieldSet;
}

const SAME: Comparison = { changed: undefined, removed: undefined };

/** The fields in which the new state differs from the old, of those that anybody can own. */
export function compare(old: object, next: object, type: StructType): Comparison {
  return compareValues(old, next, type);
}

/**
 * As {@link compare}, for an endpoint that does not write everything.
 * @param ignored fields that it leaves alone, as path elements.
 */
export function compareOwned(
  old: object,
  next: object,
  type: StructType,
  ignored: readonly (readonly string[])[],
): Comparison {
  const { changed, removed } = compare(old, next, type);
  return { changed: ignored.reduce(without, changed), removed: ignored.reduce(without, removed) };
}

function compareValues(old: unknown, next: unknown, type: FieldType): Comparison {
  if (old === next) return SAME;
  if (old === undefined) return { changed: everything(next, type), removed: undefined };
  if (next === undefined) return { changed: undefined, removed: everything(old, type) };
  switch (type.shape) {
    case 'leaf':
      break;
    case 'list':
      if (isList(old) && isList(next)) return compareLists(old ?? [], next ?? [], type);
      break;
    default:
      if (isFields(old) && isFields(next)) return compareRecords(old ?? {}, next ?? {}, type);
  }
  return deepEqual(old, next) ? SAME : { changed: LEAF, removed: undefined };
}

/** A null is a list without items: Go writes one for a slice that nobody filled. */
const isList = (value: unknown): value is readonly unknown[] | null => value === null || Array.isArray(value);

type Fields = Record<string, unknown>;

/** The same of a struct or a map. */
const isFields = (value: unknown): value is Fields | null => value === null || isRecord(value);
type Children = Record<string, FieldTree>;

function compareRecords(old: Fields, next: Fields, type: Exclude<FieldType, ListType>): Comparison {
  let changed: Children | undefined;
  let removed: Children | undefined;
  const compareField = (key: string, before: unknown, after: unknown) => {
    if (before === after) return;
    const field = fieldOf(type, key);
    if (field.stripped) return;
    const empty = field.always ? emptyOf(field.type) : undefined;
    const result = compareValues(
      before === undefined ? empty : before,
      after === undefined ? empty : after,
      field.type,
    );
    if (result.changed !== undefined) {
      changed ??= {};
      changed[field.element] = result.changed;
    }
    if (result.removed !== undefined) {
      removed ??= {};
      removed[field.element] = result.removed;
    }
  };
  for (const key in next) compareField(key, old[key], next[key]);
  for (const key in old) if (next[key] === undefined) compareField(key, old[key], undefined);
  return changed === undefined && removed === undefined ? SAME : { changed, removed };
}

function emptyOf(type: FieldType): unknown {
  return type.shape === 'list' || type.shape === 'leaf' ? [] : {};
}

/** What is known of a member of a struct or map. */
export function fieldOf(type: FieldType, key: string) {
  const field = type.shape === 'struct' ? type.fields.get(key) : undefined;
  if (field !== undefined) return field;
  return { element: `f:${key}`, type: type.shape === 'map' ? type.values : ANY, always: false, stripped: false };
}

function compareLists(old: readonly unknown[], next: readonly unknown[], type: ListType): Comparison {
  const before = byElement(old, type);
  const after = byElement(next, type);
  const changed: Children = {};
  const removed: Children = {};
  for (const [element, items] of after) {
    const others = before.get(element) ?? [];
    if (items.length > 1 || others.length > 1) {
      // What stands in a list twice has no place of its own: it is compared as one.
      if (!deepEqual(items, others)) changed[element] = LEAF;
      continue;
    }
    const result = compareValues(others[0], items[0], type.items);
    if (result.changed !== undefined) changed[element] = result.changed;
    if (result.removed !== undefined) removed[element] = result.removed;
  }
  for (const [element, items] of before) {
    if (after.has(element)) continue;
    const all = items.length > 1 ? LEAF : everything(items[0], type.items);
    if (all !== undefined) removed[element] = all;
  }
  return { changed: node(false, changed), removed: node(false, removed) };
}

/** A list's items by their path elements; those that lack a key have none. */
export function byElement(list: readonly unknown[], type: ListType): Map<string, unknown[]> {
  const result = new Map<string, unknown[]>();
  for (const item of list) {
    const element = itemElement(type, item);
    if (element === undefined) continue;
    const same = result.get(element);
    if (same === undefined) result.set(element, [item]);
    else same.push(item);
  }
  return result;
}

/** A value that was not there before, with all that is below it. */
function everything(value: unknown, type: FieldType): FieldSet {
  if (type.shape === 'list' && Array.isArray(value)) {
    const result: Children = {};
    for (const [element, items] of byElement(value, type)) {
      const all = items.length > 1 ? LEAF : everything(items[0], type.items);
      const tree = union(result[element], all);
      if (tree !== undefined) result[element] = tree;
    }
    return node(true, result);
  }
  if (type.shape === 'leaf' || type.shape === 'list' || !isRecord(value)) return LEAF;
  const result: Children = {};
  for (const key in value) {
    if (value[key] === undefined) continue;
    const field = fieldOf(type, key);
    const all = everything(value[key], field.type);
    if (all !== undefined) result[field.element] = all;
  }
  return node(true, result);
}
