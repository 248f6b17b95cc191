import { codePoints } from '../cost/runtime';
import { type CelFunction, member, overload } from '../functions';
import { BOOL, BYTES, DYN, INT, listOf, mapOf, STRING, typeOf, typeParam } from '../types';
import { contains } from '../values/collections';
import { equals } from '../values/equality';
import { CelList, CelMap, EvaluationError, TypeValue, typeOfValue, type Value } from '../values/value';
import { matches } from './regular-expressions';

const A = typeParam('A');
const B = typeParam('B');
const LIST = listOf(A);
const MAP = mapOf(A, B);

/** Those that the planner evaluates itself; declared for the checker. */
const planned = () => null;

function isIn(element: Value, container: Value): boolean {
  if (container instanceof CelList) return contains(container, element);
  if (container instanceof CelMap) return container.find(element) !== undefined;
  throw new EvaluationError('no such overload: @in');
}

function size(value: Value): bigint {
  if (typeof value === 'string') return BigInt(codePoints(value));
  if (value instanceof Uint8Array) return BigInt(value.length);
  if (value instanceof CelList || value instanceof CelMap) return BigInt(value.size);
  throw new EvaluationError(`no such overload: size(${typeOfValue(value).name})`);
}

function not(value: Value): boolean {
  if (typeof value !== 'boolean') throw new EvaluationError('no such overload: !_');
  return !value;
}

/** What the language itself can do, besides calculating and converting (cel-go's `common/stdlib`). */
export const standard: readonly CelFunction[] = [
  { name: '_?_:_', overloads: [overload('conditional', [BOOL, A, A], A, planned)] },
  { name: '_&&_', overloads: [overload('logical_and', [BOOL, BOOL], BOOL, planned)] },
  { name: '_||_', overloads: [overload('logical_or', [BOOL, BOOL], BOOL, planned)] },
  { name: '!_', any: ([a = null]) => not(a), overloads: [overload('logical_not', [BOOL], BOOL, not)] },
  { name: '@not_strictly_false', overloads: [overload('not_strictly_false', [BOOL], BOOL, planned)] },
  {
    name: '_==_',
    any: ([a = null, b = null]) => equals(a, b),
    overloads: [overload('equals', [A, A], BOOL, equals)],
  },
  {
    name: '_!=_',
    any: ([a = null, b = null]) => !equals(a, b),
    overloads: [overload('not_equals', [A, A], BOOL, (a: Value, b: Value) => !equals(a, b))],
  },
  {
    name: '_[_]',
    overloads: [overload('index_list', [LIST, INT], A, planned), overload('index_map', [MAP, A], B, planned)],
  },
  {
    name: '@in',
    any: ([element = null, container = null]) => isIn(element, container),
    overloads: [overload('in_list', [A, LIST], BOOL, isIn), overload('in_map', [A, MAP], BOOL, isIn)],
  },
  {
    name: 'size',
    any: ([value = null]) => size(value),
    overloads: [
      overload('size_bytes', [BYTES], INT, size),
      member('bytes_size', [BYTES], INT, size),
      overload('size_list', [LIST], INT, size),
      member('list_size', [LIST], INT, size),
      overload('size_map', [MAP], INT, size),
      member('map_size', [MAP], INT, size),
      overload('size_string', [STRING], INT, size),
      member('string_size', [STRING], INT, size),
    ],
  },
  {
    name: 'type',
    overloads: [overload('type', [A], typeOf(A), (value: Value) => new TypeValue(typeOfValue(value)))],
  },
  { name: 'dyn', overloads: [overload('to_dyn', [A], DYN, (value: Value) => value)] },
  {
    name: 'contains',
    overloads: [member('contains_string', [STRING, STRING], BOOL, (text: string, part: string) => text.includes(part))],
  },
  {
    name: 'endsWith',
    overloads: [
      member('ends_with_string', [STRING, STRING], BOOL, (text: string, part: string) => text.endsWith(part)),
    ],
  },
  {
    name: 'startsWith',
    overloads: [
      member('starts_with_string', [STRING, STRING], BOOL, (text: string, part: string) => text.startsWith(part)),
    ],
  },
  {
    name: 'matches',
    overloads: [
      overload('matches', [STRING, STRING], BOOL, matches),
      member('matches_string', [STRING, STRING], BOOL, matches),
    ],
  },
];
