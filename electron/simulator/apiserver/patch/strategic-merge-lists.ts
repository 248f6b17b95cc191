import { goText } from '../go-text';
import { deepEqual, isRecord } from '../json';
import { failure } from '../status-errors';
import { argKind, DIRECTIVE, noMergeKey, unknownDirective, unmergeable } from './strategic-merge-syntax';

/** Lists in strategic merge patches: sets of texts, and maps by a key of their items. */

type Fields = Record<string, unknown>;
type MergeItem = (item: Fields, change: Fields) => Fields;

/**
 * A list with a patch's items in it, in the order of the patch as far as that goes.
 * @param mergeKey what tells items apart; absent: they themselves do.
 * @throws StatusError 500.
 */
export function mergeLists(original: unknown[], patch: unknown[], mergeKey: string | undefined, merge: MergeItem) {
  if (original.length === 0 && patch.length === 0) return original;
  const type = commonType(original, patch);
  if (!isMap(type)) return ordered(deduplicated([...original, ...patch]), original, patch, undefined);
  if (mergeKey === undefined) throw unmergeable('cannot merge lists without merge key for ');
  const { left, changes } = withoutSpecial(original.filter(isRecord), patch.filter(isRecord), mergeKey);
  const result = [...left];
  for (const change of changes) {
    const key = keyOf(change, mergeKey);
    const index = result.findIndex((item) => deepEqual(item[mergeKey], key));
    const present = result[index];
    if (present === undefined) result.push(change);
    else result[index] = merge(present, change);
  }
  return ordered(result, left, changes, mergeKey);
}

/** The items that are left when deletions have been made, and the patch's items that are no directives. */
function withoutSpecial(original: Fields[], patch: Fields[], mergeKey: string) {
  let left = original;
  let isReplaced = false;
  const changes: Fields[] = [];
  for (const item of patch) {
    if (!(DIRECTIVE in item)) {
      changes.push(item);
      continue;
    }
    const directive = item[DIRECTIVE];
    if (directive === 'delete') {
      const key = keyOf(item, mergeKey);
      left = left.filter((present) => !deepEqual(present[mergeKey], key));
    } else if (directive === 'replace') isReplaced = true;
    else if (directive === 'merge') throw unmergeable('merging lists cannot yet be specified in the patch');
    else throw unknownDirective(directive, item);
  }
  return isReplaced ? { left: changes, changes: [] } : { left, changes };
}

/**
 * Puts what a merge makes in the order that a patch says.
 * @returns `undefined` when there is no list.
 * @throws StatusError 500 when the order is not that of the changes.
 */
export function orderList(
  original: unknown[],
  changes: unknown[],
  order: unknown[],
  mergeKey: string | undefined,
  merged: () => unknown[] | undefined,
): unknown[] | undefined {
  checkOrder(changes, order, mergeKey);
  const result = merged();
  if (result === undefined) return undefined;
  const isMaps = isMap(commonType(original, changes));
  return ordered(result, original, order, isMaps ? mergeKey : undefined);
}

/** A set without some of its items. */
export function removeItems(original: unknown[], items: unknown[], mergeKey: string | undefined): unknown[] {
  if (original.length === 0 && items.length === 0) return original;
  if (isMap(commonType(original, items))) return mergeLists(original, items, mergeKey, (item) => item);
  const left = original.filter((item) => !items.includes(item));
  return ordered(left, original, items, undefined);
}

/** Whether a patch's items stand in the order in which it says that they should. */
function checkOrder(changes: unknown[], order: unknown[], mergeKey: string | undefined): void {
  if (changes.length === 0 || order.length === 0) return;
  const named = changes.filter((item) => !(isRecord(item) && DIRECTIVE in item));
  let at = 0;
  for (const item of order) {
    const next = named[at];
    if (next !== undefined && deepEqual(identity(next, mergeKey), identity(item, mergeKey))) at++;
  }
  if (at === named.length) return;
  const [list, wanted] = [goText(changes), goText(order)];
  throw unmergeable(`The order in patch list:\n${list}\n doesn't match $setElementOrder list:\n${wanted}\n`);
}

/**
 * Items in the order of those that are named; the others are the server's own, and each stays before the named item that
 * it stood before.
 */
function ordered(items: unknown[], original: unknown[], order: unknown[], mergeKey: string | undefined): unknown[] {
  const keys = order.map((item) => identity(item, mergeKey));
  const positions = original.map((item) => identity(item, mergeKey));
  const find = (list: unknown[], item: unknown) => {
    const key = identity(item, mergeKey);
    return list.findIndex((each) => deepEqual(each, key));
  };
  const named = items.filter((item) => find(keys, item) >= 0).sort((a, b) => find(keys, a) - find(keys, b));
  const others = items.filter((item) => find(keys, item) < 0).sort((a, b) => find(positions, a) - find(positions, b));
  const result: unknown[] = [];
  for (const item of named) {
    const at = find(positions, item);
    while (others.length > 0 && at >= 0 && find(positions, others[0]) < at) result.push(others.shift());
    result.push(item);
  }
  return [...result, ...others];
}

/** @throws StatusError 500. */
function identity(item: unknown, mergeKey: string | undefined): unknown {
  if (mergeKey === undefined) return item;
  if (!isRecord(item)) throw unmergeable(`expected a map[string]interface {}, but received a ${argKind(item)}`);
  return keyOf(item, mergeKey);
}

function keyOf(item: Fields, mergeKey: string): unknown {
  if (!(mergeKey in item)) throw noMergeKey(item, mergeKey);
  return item[mergeKey];
}

/** Each once. What stands twice is replaced by what is last, as upstream's way of finding it has it. */
function deduplicated(items: unknown[]): unknown[] {
  const left = [...items];
  for (let i = 0; i < left.length; i++) {
    for (let j = i + 1; j < left.length; j++) {
      if (left[i] !== left[j]) continue;
      const last = left.pop();
      if (j < left.length) left[j] = last;
      j--;
    }
  }
  return left;
}

const isMap = (type: string) => type === argKind({});

/** @throws StatusError when items are of several types, 422 when they are lists. */
function commonType(...lists: unknown[][]): string {
  const types = new Set(lists.flat().map(argKind));
  const [type, other] = types;
  if (type === undefined) throw unmergeable('no elements in any of the given slices');
  if (type === argKind([])) {
    throw failure(422, 'Invalid', 'the server rejected our request due to an error in our request', {});
  }
  if (other !== undefined) throw unmergeable(`list element types are not identical: ${goText(lists)}`);
  return type;
}
