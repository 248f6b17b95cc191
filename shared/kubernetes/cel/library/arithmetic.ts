import { type CelFunction, overload } from '../functions';
import { BOOL, BYTES, type CelType, DOUBLE, DURATION, INT, listOf, STRING, TIMESTAMP, typeParam, UINT } from '../types';
import { concat } from '../values/collections';
import { compare } from '../values/equality';
import { duration, int64, timestamp, uint64 } from '../values/time-and-numbers';
import { CelList, Duration, EvaluationError, Timestamp, typeOfValue, Uint, type Value } from '../values/value';

type Binary = (a: Value, b: Value) => Value;

/** Signatures of an operator, which looks at its operands itself. */
function operator(
  name: string,
  signatures: readonly (readonly [string, CelType, CelType, CelType])[],
  calculate: Binary,
): CelFunction {
  const any = ([a = null, b = null]: readonly Value[]) => calculate(a, b);
  return { name, any, overloads: signatures.map(([id, a, b, result]) => overload(id, [a, b], result, calculate)) };
}

/** Upstream tells an operand that knows no such operator at all from one that does not know it with the other operand. */
function noSuchOverload(name: string, a: Value, canCalculate: boolean): EvaluationError {
  const isNumber = typeof a === 'bigint' || typeof a === 'number' || a instanceof Uint;
  return new EvaluationError(isNumber || canCalculate ? 'no such overload' : `no such overload: ${name}`);
}

const isTime = (value: Value) => value instanceof Duration || value instanceof Timestamp;

function add(a: Value, b: Value): Value {
  if (typeof a === 'bigint' && typeof b === 'bigint') return int64(a + b);
  if (typeof a === 'string' && typeof b === 'string') return a + b;
  if (typeof a === 'number' && typeof b === 'number') return a + b;
  if (a instanceof CelList && b instanceof CelList) return concat(a, b);
  if (a instanceof Uint && b instanceof Uint) return new Uint(uint64(a.value + b.value));
  if (a instanceof Duration && b instanceof Duration) return duration(a.nanoseconds + b.nanoseconds);
  if (a instanceof Timestamp && b instanceof Duration) return timestamp(a.nanoseconds + b.nanoseconds);
  if (a instanceof Duration && b instanceof Timestamp) return timestamp(a.nanoseconds + b.nanoseconds);
  if (a instanceof Uint8Array && b instanceof Uint8Array) return Uint8Array.from([...a, ...b]);
  const adds = typeof a === 'string' || a instanceof CelList || a instanceof Uint8Array || isTime(a);
  throw noSuchOverload('_+_', a, adds);
}

function subtract(a: Value, b: Value): Value {
  if (typeof a === 'bigint' && typeof b === 'bigint') return int64(a - b);
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  if (a instanceof Uint && b instanceof Uint) return new Uint(uint64(a.value - b.value));
  if (a instanceof Duration && b instanceof Duration) return duration(a.nanoseconds - b.nanoseconds);
  if (a instanceof Timestamp && b instanceof Duration) return timestamp(a.nanoseconds - b.nanoseconds);
  if (a instanceof Timestamp && b instanceof Timestamp) return duration(a.nanoseconds - b.nanoseconds);
  throw noSuchOverload('_-_', a, isTime(a));
}

function multiply(a: Value, b: Value): Value {
  if (typeof a === 'bigint' && typeof b === 'bigint') return int64(a * b);
  if (typeof a === 'number' && typeof b === 'number') return a * b;
  if (a instanceof Uint && b instanceof Uint) return new Uint(uint64(a.value * b.value));
  throw noSuchOverload('_*_', a, false);
}

const byZero = (word: string) => new EvaluationError(`${word} by zero`);

function divide(a: Value, b: Value): Value {
  if (typeof a === 'bigint' && typeof b === 'bigint') {
    if (b === 0n) throw byZero('division');
    return int64(a / b);
  }
  if (typeof a === 'number' && typeof b === 'number') return a / b;
  if (a instanceof Uint && b instanceof Uint) {
    if (b.value === 0n) throw byZero('division');
    return new Uint(a.value / b.value);
  }
  throw noSuchOverload('_/_', a, false);
}

function modulo(a: Value, b: Value): Value {
  if (typeof a === 'bigint' && typeof b === 'bigint') {
    if (b === 0n) throw byZero('modulus');
    return int64(a % b);
  }
  if (a instanceof Uint && b instanceof Uint) {
    if (b.value === 0n) throw byZero('modulus');
    return new Uint(a.value % b.value);
  }
  if (typeof a === 'number') throw new EvaluationError('no such overload: _%_');
  throw noSuchOverload('_%_', a, false);
}

function negate(a: Value): Value {
  if (typeof a === 'bigint') return int64(-a);
  if (typeof a === 'number') return -a;
  throw new EvaluationError('no such overload: -_');
}

const LIST = listOf(typeParam('A'));

/** Types that have an order, and those that they have it with besides themselves; their words in the ids of overloads. */
const ORDERED: readonly (readonly [string, CelType, CelType])[] = [
  ['bool', BOOL, BOOL],
  ['int64', INT, INT],
  ['int64_double', INT, DOUBLE],
  ['int64_uint64', INT, UINT],
  ['uint64', UINT, UINT],
  ['uint64_double', UINT, DOUBLE],
  ['uint64_int64', UINT, INT],
  ['double', DOUBLE, DOUBLE],
  ['double_int64', DOUBLE, INT],
  ['double_uint64', DOUBLE, UINT],
  ['string', STRING, STRING],
  ['bytes', BYTES, BYTES],
  ['timestamp', TIMESTAMP, TIMESTAMP],
  ['duration', DURATION, DURATION],
];

function order(name: string, word: string, holds: (order: number) => boolean): CelFunction {
  return operator(
    name,
    ORDERED.map(([type, a, b]) => [`${word}_${type}`, a, b, BOOL]),
    (a, b) => {
      const { kind } = typeOfValue(a);
      if (!ORDERED.some(([, type]) => type.kind === kind)) throw new EvaluationError(`no such overload: ${name}`);
      return holds(compare(a, b));
    },
  );
}

/** The operators that calculate and compare (cel-go's `common/stdlib`). */
export const arithmetic: readonly CelFunction[] = [
  operator(
    '_+_',
    [
      ['add_bytes', BYTES, BYTES, BYTES],
      ['add_double', DOUBLE, DOUBLE, DOUBLE],
      ['add_duration_duration', DURATION, DURATION, DURATION],
      ['add_duration_timestamp', DURATION, TIMESTAMP, TIMESTAMP],
      ['add_timestamp_duration', TIMESTAMP, DURATION, TIMESTAMP],
      ['add_int64', INT, INT, INT],
      ['add_list', LIST, LIST, LIST],
      ['add_string', STRING, STRING, STRING],
      ['add_uint64', UINT, UINT, UINT],
    ],
    add,
  ),
  operator(
    '_-_',
    [
      ['subtract_double', DOUBLE, DOUBLE, DOUBLE],
      ['subtract_duration_duration', DURATION, DURATION, DURATION],
      ['subtract_int64', INT, INT, INT],
      ['subtract_timestamp_duration', TIMESTAMP, DURATION, TIMESTAMP],
      ['subtract_timestamp_timestamp', TIMESTAMP, TIMESTAMP, DURATION],
      ['subtract_uint64', UINT, UINT, UINT],
    ],
    subtract,
  ),
  operator(
    '_*_',
    [
      ['multiply_double', DOUBLE, DOUBLE, DOUBLE],
      ['multiply_int64', INT, INT, INT],
      ['multiply_uint64', UINT, UINT, UINT],
    ],
    multiply,
  ),
  operator(
    '_/_',
    [
      ['divide_double', DOUBLE, DOUBLE, DOUBLE],
      ['divide_int64', INT, INT, INT],
      ['divide_uint64', UINT, UINT, UINT],
    ],
    divide,
  ),
  operator(
    '_%_',
    [
      ['modulo_int64', INT, INT, INT],
      ['modulo_uint64', UINT, UINT, UINT],
    ],
    modulo,
  ),
  {
    name: '-_',
    any: ([a = null]) => negate(a),
    overloads: [overload('negate_double', [DOUBLE], DOUBLE, negate), overload('negate_int64', [INT], INT, negate)],
  },
  order('_<_', 'less', (result) => result < 0),
  order('_<=_', 'less_equals', (result) => result <= 0),
  order('_>_', 'greater', (result) => result > 0),
  order('_>=_', 'greater_equals', (result) => result >= 0),
];
