import { type CelFunction, overload } from '../functions';
import { BOOL, BYTES, type CelType, DOUBLE, DURATION, INT, STRING, TIMESTAMP, UINT } from '../types';
import {
  duration,
  formatDouble,
  formatDuration,
  formatTimestamp,
  int64,
  parseDuration,
  parseTimestamp,
  secondsOf,
  timestamp,
  uint64,
} from '../values/time-and-numbers';
import { type Duration, EvaluationError, type Timestamp, Uint, type Value } from '../values/value';

/** What cannot be converted, in upstream's words: types with their names at run time. */
function failure(from: string, to: string): EvaluationError {
  return new EvaluationError(`type conversion error from '${from}' to '${to}'`);
}

/** A conversion's overloads: one for each type that it is from. */
function conversion(
  name: string,
  to: CelType,
  from: readonly (readonly [string, CelType, (value: never) => Value])[],
): CelFunction {
  // Each is called with a value of the type that stands before it.
  return { name, overloads: from.map(([id, type, call]) => overload(id, [type], to, call as (value: Value) => Value)) };
}

const same = (value: never): Value => value;

function parseInteger(text: string, to: 'int' | 'uint'): bigint {
  if (!/^[+-]?\d+$/.test(text) || (to === 'uint' && /^[+-]/.test(text))) throw failure('string', to);
  const value = BigInt(text.replace(/^\+/, ''));
  const fits = to === 'int' ? BigInt.asIntN(64, value) === value : BigInt.asUintN(64, value) === value;
  if (!fits) throw failure('string', to);
  return value;
}

const FLOAT = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
const SPECIAL = /^([+-]?)(?:(inf|infinity)|(nan))$/i;

function parseDouble(text: string): number {
  const special = SPECIAL.exec(text);
  if (special !== null) {
    if (special[3] !== undefined) return Number.NaN;
    return special[1] === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  }
  const value = FLOAT.test(text) ? Number(text) : Number.NaN;
  if (!Number.isFinite(value)) throw failure('string', 'double');
  return value;
}

/** Go's `strconv.ParseBool`. */
function parseBool(text: string): boolean {
  if (['1', 't', 'T', 'true', 'TRUE', 'True'].includes(text)) return true;
  if (['0', 'f', 'F', 'false', 'FALSE', 'False'].includes(text)) return false;
  throw failure('string', 'bool');
}

function truncated(value: number): bigint {
  if (!Number.isFinite(value)) throw new EvaluationError('integer overflow');
  return BigInt(Math.trunc(value));
}

/** The bounds themselves are refused: a double cannot tell them from their neighbours. */
function doubleToInt(value: number): bigint {
  if (value <= -(2 ** 63) || value >= 2 ** 63) throw new EvaluationError('integer overflow');
  return int64(truncated(value));
}

function doubleToUint(value: number): Uint {
  if (Number.isNaN(value) || value < 0 || value >= 2 ** 64) throw new EvaluationError('unsigned integer overflow');
  return new Uint(uint64(truncated(value)));
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    if (error instanceof TypeError) throw new EvaluationError('invalid UTF-8 in bytes, cannot convert to string');
    throw error;
  }
}

function stringToTimestamp(text: string): Timestamp {
  const time = parseTimestamp(text);
  if (time === undefined) throw failure('string', 'google.protobuf.Timestamp');
  return time;
}

function stringToDuration(text: string): Duration {
  const parsed = parseDuration(text);
  if (parsed === undefined) throw failure('string', 'google.protobuf.Duration');
  return parsed;
}

const SECOND = 1_000_000_000n;

/** From type to type (cel-go's `common/stdlib` and the `ConvertToType` of each value). */
export const conversions: readonly CelFunction[] = [
  conversion('bool', BOOL, [
    ['bool_to_bool', BOOL, same],
    ['string_to_bool', STRING, parseBool],
  ]),
  conversion('bytes', BYTES, [
    ['bytes_to_bytes', BYTES, same],
    ['string_to_bytes', STRING, (text: string) => new TextEncoder().encode(text)],
  ]),
  conversion('double', DOUBLE, [
    ['double_to_double', DOUBLE, same],
    ['int64_to_double', INT, (value: bigint) => Number(value)],
    ['string_to_double', STRING, parseDouble],
    ['uint64_to_double', UINT, (value: Uint) => Number(value.value)],
  ]),
  conversion('duration', DURATION, [
    ['duration_to_duration', DURATION, same],
    ['int64_to_duration', INT, (value: bigint) => duration(value)],
    ['string_to_duration', STRING, stringToDuration],
  ]),
  conversion('int', INT, [
    ['int64_to_int64', INT, same],
    ['double_to_int64', DOUBLE, doubleToInt],
    ['duration_to_int64', DURATION, (value: Duration) => value.nanoseconds],
    ['string_to_int64', STRING, (text: string) => parseInteger(text, 'int')],
    ['timestamp_to_int64', TIMESTAMP, (time: Timestamp) => secondsOf(time)],
    ['uint64_to_int64', UINT, (value: Uint) => int64(value.value)],
  ]),
  conversion('string', STRING, [
    ['string_to_string', STRING, same],
    ['bool_to_string', BOOL, (value: boolean) => String(value)],
    ['bytes_to_string', BYTES, decode],
    ['double_to_string', DOUBLE, formatDouble],
    ['duration_to_string', DURATION, formatDuration],
    ['int64_to_string', INT, (value: bigint) => String(value)],
    ['timestamp_to_string', TIMESTAMP, formatTimestamp],
    ['uint64_to_string', UINT, (value: Uint) => String(value.value)],
  ]),
  conversion('timestamp', TIMESTAMP, [
    ['timestamp_to_timestamp', TIMESTAMP, same],
    ['int64_to_timestamp', INT, (seconds: bigint) => timestamp(seconds * SECOND)],
    ['string_to_timestamp', STRING, stringToTimestamp],
  ]),
  conversion('uint', UINT, [
    ['uint64_to_uint64', UINT, same],
    ['double_to_uint64', DOUBLE, doubleToUint],
    ['int64_to_uint64', INT, (value: bigint) => new Uint(uint64(value))],
    ['string_to_uint64', STRING, (text: string) => new Uint(parseInteger(text, 'uint'))],
  ]),
];
