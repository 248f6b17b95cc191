import { type CelFunction, member, overload } from '../functions';
import {
  BOOL,
  BYTES,
  type CelType,
  DOUBLE,
  DURATION,
  DYN,
  INT,
  listOf,
  mapOf,
  STRING,
  TIMESTAMP,
  typeParam,
  UINT,
} from '../types';
import { contains, ValueList, ValueMap } from '../values/collections';
import { compare, equals } from '../values/equality';
import { CelList, type CelMap, Duration, EvaluationError, typeOfValue, Uint, type Value } from '../values/value';
import { arithmetic } from './arithmetic';

const A = typeParam('A');
const LIST = listOf(A);
const MAP = mapOf(typeParam('K'), typeParam('V'));

const SUMMABLE: readonly (readonly [string, CelType, Value])[] = [
  ['int', INT, 0n],
  ['uint', UINT, new Uint(0n)],
  ['double', DOUBLE, 0],
  ['duration', DURATION, new Duration(0n)],
];

const COMPARABLE: readonly (readonly [string, CelType])[] = [
  ['int', INT],
  ['uint', UINT],
  ['double', DOUBLE],
  ['bool', BOOL],
  ['duration', DURATION],
  ['timestamp', TIMESTAMP],
  ['string', STRING],
  ['bytes', BYTES],
];

const add = arithmetic.find(({ name }) => name === '_+_')?.any;

function sum(list: CelList, zero: Value): Value {
  let total = zero;
  for (const one of list) total = add?.([total, one]) ?? total;
  return total;
}

function isSorted(list: CelList): boolean {
  let previous: Value | undefined;
  for (const one of list) {
    if (previous !== undefined && compare(previous, one) > 0) return false;
    previous = one;
  }
  return true;
}

function extreme(name: string, list: CelList, isBetter: (order: number) => boolean): Value {
  let best: Value | undefined;
  for (const one of list) if (best === undefined || isBetter(compare(one, best))) best = one;
  if (best === undefined) throw new EvaluationError(`${name} called on empty list`);
  return best;
}

const max = (list: CelList) => extreme('max', list, (order) => order > 0);
const min = (list: CelList) => extreme('min', list, (order) => order < 0);

function indexOf(list: CelList, item: Value): bigint {
  for (let index = 0; index < list.size; index++) if (equals(list.at(index), item)) return BigInt(index);
  return -1n;
}

function lastIndexOf(list: CelList, item: Value): bigint {
  for (let index = list.size - 1; index >= 0; index--) if (equals(list.at(index), item)) return BigInt(index);
  return -1n;
}

function slice(list: CelList, start: bigint, end: bigint): ValueList {
  const range = `cannot slice(${start}, ${end})`;
  if (start < 0n || end < 0n) throw new EvaluationError(`${range}, negative indexes not supported`);
  if (start > end) throw new EvaluationError(`${range}, start index must be less than or equal to end index`);
  if (BigInt(list.size) < end) throw new EvaluationError(`${range}, list is length ${list.size}`);
  return new ValueList([...list].slice(Number(start), Number(end)));
}

function flatten(list: CelList, depth = 1n): ValueList {
  if (depth < 0n) throw new EvaluationError('level must be non-negative');
  const level = (one: Value, left: bigint): Value[] =>
    one instanceof CelList && left > 0n ? [...one].flatMap((inner) => level(inner, left - 1n)) : [one];
  return new ValueList([...list].flatMap((one) => level(one, depth)));
}

/** The list in the order of the keys, of which each element has one. */
function sortByKeys(list: CelList, keys: CelList): CelList {
  if (list.size !== keys.size) {
    throw new EvaluationError(
      `@sortByAssociatedKeys() expected a list of the same size as the associated keys list, but got ${list.size} and ${keys.size} elements respectively`,
    );
  }
  if (list.size === 0) return list;
  const first = typeOfValue(keys.at(0));
  if (!COMPARABLE.some(([, type]) => type.kind === first.kind)) {
    throw new EvaluationError('list elements must be comparable');
  }
  const order = [...keys].map((key, index) => ({ key, value: list.at(index) }));
  if (order.some(({ key }) => typeOfValue(key).kind !== first.kind)) {
    throw new EvaluationError('list elements must have the same type');
  }
  return new ValueList(order.sort((a, b) => compare(a.key, b.key)).map(({ value }) => value));
}

/** So many that the cost of the list alone is beyond what any expression may cost. */
const LONGEST_RANGE = 1_000_000n;

function range(count: bigint): ValueList {
  if (count > LONGEST_RANGE) throw new EvaluationError('operation cancelled: actual cost limit exceeded');
  return new ValueList(Array.from({ length: Math.max(Number(count), 0) }, (_, index) => BigInt(index)));
}

function distinct(list: CelList): ValueList {
  const found: Value[] = [];
  for (const one of list) if (!found.some((known) => equals(known, one))) found.push(one);
  return new ValueList(found);
}

const containsAll = (list: CelList, part: CelList) => [...part].every((one) => contains(list, one));

function insert(map: CelMap, key: Value, value: Value): ValueMap {
  // The map of a fold is made by it and grows in place.
  const target = map instanceof ValueMap ? map : new ValueMap();
  return target.insert(key, value);
}

function insertAll(map: CelMap, entries: CelMap): CelMap {
  let target = map;
  for (const key of entries.keys()) target = insert(target, key, entries.find(key) ?? null);
  return target;
}

/** k8s.io/apiserver/pkg/cel/library/lists.go; cel-go's `ext.Lists` (version 3), `ext.Sets` and two-variable comprehensions. */
export const collections: readonly CelFunction[] = [
  {
    name: 'isSorted',
    overloads: COMPARABLE.map(([word, type]) => member(`list_${word}_is_sorted_bool`, [listOf(type)], BOOL, isSorted)),
  },
  {
    name: 'sum',
    overloads: SUMMABLE.map(([word, type, zero]) =>
      member(`list_${word}_sum_${word}`, [listOf(type)], type, (list: CelList) => sum(list, zero)),
    ),
  },
  {
    name: 'max',
    overloads: COMPARABLE.map(([word, type]) => member(`list_${word}_max_${word}`, [listOf(type)], type, max)),
  },
  {
    name: 'min',
    overloads: COMPARABLE.map(([word, type]) => member(`list_${word}_min_${word}`, [listOf(type)], type, min)),
  },
  { name: 'indexOf', overloads: [member('list_a_index_of_int', [LIST, A], INT, indexOf)] },
  { name: 'lastIndexOf', overloads: [member('list_a_last_index_of_int', [LIST, A], INT, lastIndexOf)] },
  { name: 'slice', overloads: [member('list_slice', [LIST, INT, INT], LIST, slice)] },
  {
    name: 'flatten',
    overloads: [
      member('list_flatten', [listOf(LIST)], LIST, flatten),
      member('list_flatten_int', [listOf(DYN), INT], listOf(DYN), flatten),
    ],
  },
  {
    name: 'sort',
    overloads: COMPARABLE.map(([, type]) =>
      member(`list_${type.name}_sort`, [listOf(type)], listOf(type), (list: CelList) => sortByKeys(list, list)),
    ),
  },
  {
    name: '@sortByAssociatedKeys',
    overloads: COMPARABLE.map(([, type]) =>
      member(`list_${type.name}_sortByAssociatedKeys`, [LIST, listOf(type)], LIST, sortByKeys),
    ),
  },
  { name: 'lists.range', overloads: [overload('lists_range', [INT], listOf(INT), range)] },
  {
    name: 'reverse',
    overloads: [member('list_reverse', [LIST], LIST, (list: CelList) => new ValueList([...list].reverse()))],
  },
  { name: 'distinct', overloads: [member('list_distinct', [LIST], LIST, distinct)] },
  { name: 'sets.contains', overloads: [overload('list_sets_contains_list', [LIST, LIST], BOOL, containsAll)] },
  {
    name: 'sets.equivalent',
    overloads: [
      overload(
        'list_sets_equivalent_list',
        [LIST, LIST],
        BOOL,
        (a: CelList, b: CelList) => containsAll(a, b) && containsAll(b, a),
      ),
    ],
  },
  {
    name: 'sets.intersects',
    overloads: [
      overload('list_sets_intersects_list', [LIST, LIST], BOOL, (a: CelList, b: CelList) =>
        [...b].some((one) => contains(a, one)),
      ),
    ],
  },
  {
    name: 'cel.@mapInsert',
    overloads: [
      overload('@mapInsert_map_key_value', [MAP, typeParam('K'), typeParam('V')], MAP, insert),
      overload('@mapInsert_map_map', [MAP, MAP], MAP, insertAll),
    ],
  },
];
