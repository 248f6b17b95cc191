import { type CelFunction, member, overload } from '../functions';
import { BOOL, DYN, INT, listOf, mapOf, optionalOf, STRING, typeParam } from '../types';
import { ValueList } from '../values/collections';
import { valueText } from '../values/text';
import { CelList, CelMap, Duration, EvaluationError, Optional, Timestamp, Uint, type Value } from '../values/value';

const K = typeParam('K');
const V = typeParam('V');
const OPTIONAL = optionalOf(V);
const LIST = listOf(V);
const MAP = mapOf(K, V);

/** Those that the planner evaluates itself; declared for the checker. */
const planned = () => Optional.none;

function isZero(value: Value): boolean {
  switch (typeof value) {
    case 'string':
      return value === '';
    case 'boolean':
      return !value;
    case 'bigint':
      return value === 0n;
    case 'number':
      return value === 0;
    default:
      if (value === null) return true;
      if (value instanceof Uint) return value.value === 0n;
      if (value instanceof CelList || value instanceof CelMap) return value.size === 0;
      if (value instanceof Uint8Array) return value.length === 0;
      if (value instanceof Duration) return value.nanoseconds === 0n;
      if (value instanceof Timestamp) return false;
      return value instanceof Optional && value.value === undefined;
  }
}

function dereference(optional: Optional): Value {
  if (optional.value === undefined) throw new EvaluationError('optional.none() dereference');
  return optional.value;
}

function unwrap(list: CelList): Value {
  const values: Value[] = [];
  for (const one of list) {
    if (!(one instanceof Optional)) throw new EvaluationError(`value ${valueText(one)} is not optional`);
    if (one.value !== undefined) values.push(one.value);
  }
  return new ValueList(values);
}

const ends = (list: CelList, index: number): Value =>
  list.size === 0 ? Optional.none : new Optional(list.at(index < 0 ? list.size + index : index));

/** Optional values (cel-go's `cel.OptionalTypes`, version 2). */
export const optionals: readonly CelFunction[] = [
  { name: 'optional.of', overloads: [overload('optional_of', [V], OPTIONAL, (value: Value) => new Optional(value))] },
  {
    name: 'optional.ofNonZeroValue',
    overloads: [
      overload('optional_ofNonZeroValue', [V], OPTIONAL, (value: Value) =>
        isZero(value) ? Optional.none : new Optional(value),
      ),
    ],
  },
  { name: 'optional.none', overloads: [overload('optional_none', [], OPTIONAL, () => Optional.none)] },
  { name: 'value', overloads: [member('optional_value', [OPTIONAL], V, dereference)] },
  {
    name: 'hasValue',
    overloads: [member('optional_hasValue', [OPTIONAL], BOOL, ({ value }: Optional) => value !== undefined)],
  },
  { name: 'or', overloads: [member('optional_or_optional', [OPTIONAL, OPTIONAL], OPTIONAL, planned)] },
  { name: 'orValue', overloads: [member('optional_orValue_value', [OPTIONAL, V], V, planned)] },
  { name: '_?._', overloads: [overload('select_optional_field', [DYN, STRING], OPTIONAL, planned)] },
  {
    name: '_[?_]',
    overloads: [
      overload('list_optindex_optional_int', [LIST, INT], OPTIONAL, planned),
      overload('optional_list_optindex_optional_int', [optionalOf(LIST), INT], OPTIONAL, planned),
      overload('map_optindex_optional_value', [MAP, K], OPTIONAL, planned),
      overload('optional_map_optindex_optional_value', [optionalOf(MAP), K], OPTIONAL, planned),
    ],
  },
  {
    name: '_[_]',
    overloads: [
      overload('optional_list_index_int', [optionalOf(LIST), INT], OPTIONAL, planned),
      overload('optional_map_index_value', [optionalOf(MAP), K], OPTIONAL, planned),
    ],
  },
  { name: 'first', overloads: [member('list_first', [LIST], OPTIONAL, (list: CelList) => ends(list, 0))] },
  { name: 'last', overloads: [member('list_last', [LIST], OPTIONAL, (list: CelList) => ends(list, -1))] },
  {
    name: 'optional.unwrap',
    overloads: [overload('optional_unwrap', [listOf(OPTIONAL)], LIST, unwrap)],
  },
  { name: 'unwrapOpt', overloads: [member('optional_unwrapOpt', [listOf(OPTIONAL)], LIST, unwrap)] },
];
