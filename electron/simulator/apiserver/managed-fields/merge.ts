import { isRecord } from '../json';
import { fieldOf } from './compare';
import { type FieldSet, isMember } from './field-set';
import { type FieldType, itemElement, type ListType } from './field-type';

/** The live state with a configuration's values in it (structured-merge-diff typed/merge.go). Neither is changed. */
export function merge(live: unknown, configuration: unknown, type: FieldType): unknown {
  if (configuration === undefined) return live;
  if (live === undefined) return configuration;
  if (configuration === null && hasMembers(live, type)) return live;
  if (type.shape === 'list') {
    return Array.isArray(live) && Array.isArray(configuration) ? mergeLists(live, configuration, type) : configuration;
  }
  if (type.shape === 'leaf' || !isRecord(live) || !isRecord(configuration)) return configuration;
  const result: Record<string, unknown> = { ...live };
  for (const [key, value] of Object.entries(configuration)) {
    result[key] = merge(live[key], value, fieldOf(type, key).type);
  }
  return result;
}

/** Whether it is a list, struct or map that is not empty: a null in its place is one that says nothing. */
function hasMembers(value: unknown, { shape }: FieldType): boolean {
  if (shape === 'leaf') return false;
  return shape === 'list' ? Array.isArray(value) && value.length > 0 : isRecord(value) && Object.keys(value).length > 0;
}

/** Items in the configuration's order; those that only the live list has stay before whatever followed them. */
function mergeLists(live: readonly unknown[], configuration: readonly unknown[], type: ListType): unknown[] {
  const element = (item: unknown) => itemElement(type, item) ?? '';
  const left = live.map(element);
  const right = configuration.map(element);
  const liveItems = new Map(live.map((item, index) => [left[index] ?? '', item]));
  const wanted = new Set(right);
  const shared = right.filter((key) => liveItems.has(key));
  const merged = new Set<string>();
  const result: unknown[] = [];
  for (let l = 0, r = 0; l < left.length || r < right.length; ) {
    const ours = left[l];
    const theirs = right[r];
    if (ours !== undefined && !wanted.has(ours)) {
      result.push(live[l++]);
    } else if (
      ours !== undefined &&
      (merged.has(ours) || (theirs !== undefined && ours !== theirs && ours !== shared[0]))
    ) {
      // A shared item out of its turn: it comes where the configuration has it.
      l++;
    } else if (theirs !== undefined) {
      result.push(merge(liveItems.get(theirs), configuration[r++], type.items));
      merged.add(theirs);
      if (ours === theirs) l++;
      if (shared[0] === theirs) shared.shift();
    } else l++;
  }
  return result;
}

/**
 * A value without the members of a set and all that is below them (typed/remove.go): where nothing is left of a field, a
 * null stays.
 * @returns `undefined` when nothing is left of the whole.
 */
export function removeFields(value: unknown, set: FieldSet, type: FieldType): unknown {
  if (set === undefined || type.shape === 'leaf') return value;
  if (type.shape === 'list') {
    if (!Array.isArray(value)) return value;
    const left = value.flatMap((item) => {
      const tree = set[itemElement(type, item) ?? ''];
      if (tree === undefined) return [item];
      return isMember(tree) ? [] : [removeFields(item, tree, type.items) ?? null];
    });
    return left.length === 0 ? undefined : left;
  }
  if (!isRecord(value)) return value;
  const result: Record<string, unknown> = {};
  for (const [key, child] of Object.entries(value)) {
    const field = fieldOf(type, key);
    const tree = set[field.element];
    if (tree === undefined) result[key] = child;
    else if (!isMember(tree)) result[key] = removeFields(child, tree, field.type) ?? null;
  }
  return Object.keys(result).length === 0 ? undefined : result;
}
