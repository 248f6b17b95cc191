import type { CelType } from '../types';
import { compareStrings } from '../values/equality';
import { formatDouble, formatDuration, formatTimestamp } from '../values/time-and-numbers';
import {
  CelList,
  CelMap,
  Duration,
  EvaluationError,
  Timestamp,
  TypeValue,
  typeOfValue,
  Uint,
  type Value,
} from '../values/value';

interface Clause {
  readonly letter: string;
  readonly precision: number;
}

const DEFAULT_PRECISION = 6;

/** The pieces of a format: text as it is, and clauses. @throws EvaluationError */
function* clauses(format: string): Iterable<string | Clause> {
  let last = 0;
  for (let index = format.indexOf('%'); index >= 0; index = format.indexOf('%', last)) {
    yield format.slice(last, index);
    if (format[index + 1] === '%') {
      yield '%';
      last = index + 2;
      continue;
    }
    if (index + 1 >= format.length) throw new EvaluationError('unexpected end of string');
    const [whole, precision, letter] = /^%(?:\.(\d*))?([\s\S]?)/u.exec(format.slice(index)) ?? [];
    if (letter === undefined || letter === '') {
      throw badClause('error while parsing precision: could not find end of precision specifier');
    }
    if (precision === '') {
      throw badClause(
        'error while parsing precision: error while converting precision to integer: strconv.Atoi: parsing "": invalid syntax',
      );
    }
    if (!'sdfebxXo'.includes(letter)) throw badClause(`unrecognized formatting clause "${letter}"`);
    yield { letter, precision: precision === undefined ? DEFAULT_PRECISION : Number(precision) };
    last = index + (whole?.length ?? 0);
  }
  yield format.slice(last);
}

const badClause = (text: string) => new EvaluationError(`could not parse formatting clause: ${text}`);

/** `format.format(args)` (cel-go's `ext/formatting.go`). @throws EvaluationError */
export function formatString(format: string, args: CelList): string {
  let text = '';
  let index = 0;
  for (const piece of clauses(format)) {
    if (typeof piece === 'string') {
      text += piece;
      continue;
    }
    if (index >= args.size) throw new EvaluationError(`index ${index} out of range`);
    text += formatClause(piece, args.at(index++));
  }
  return text;
}

const WHAT = new Map([
  [
    's',
    'string clause can only be used on strings, bools, bytes, ints, doubles, maps, lists, types, durations, and timestamps',
  ],
  ['d', 'decimal clause can only be used on integers'],
  ['f', 'fixed-point clause can only be used on doubles'],
  ['e', 'scientific clause can only be used on doubles'],
  ['b', 'only integers and bools can be formatted as binary'],
  ['x', 'only integers, byte buffers, and strings can be formatted as hex'],
  ['X', 'only integers, byte buffers, and strings can be formatted as hex'],
  ['o', 'octal clause can only be used on integers'],
]);

const refusal = (letter: string, type: string) => `error during formatting: ${WHAT.get(letter)}, was given ${type}`;

function formatClause({ letter, precision }: Clause, value: Value): string {
  const text = formatted(letter, precision, value);
  if (text !== undefined) return text;
  throw new EvaluationError(refusal(letter, typeOfValue(value).name));
}

function formatted(letter: string, precision: number, value: Value): string | undefined {
  const integer = value instanceof Uint ? value.value : typeof value === 'bigint' ? value : undefined;
  switch (letter) {
    case 's':
      return plain(value);
    case 'd':
      return integer?.toString();
    case 'f':
    case 'e': {
      const number = doubleOf(value);
      if (number === undefined) return undefined;
      if (Number.isNaN(number)) return 'NaN';
      if (!Number.isFinite(number)) return number > 0 ? '∞' : '-∞';
      return letter === 'f' ? fixed(number, precision) : scientific(number, precision);
    }
    case 'b':
      return typeof value === 'boolean' ? (value ? '1' : '0') : integer?.toString(2);
    case 'o':
      return integer?.toString(8);
    default: {
      const bytes = typeof value === 'string' ? new TextEncoder().encode(value) : value;
      const hex =
        bytes instanceof Uint8Array
          ? [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')
          : integer?.toString(16);
      return letter === 'X' ? hex?.toUpperCase() : hex;
    }
  }
}

function doubleOf(value: Value): number | undefined {
  if (typeof value === 'number') return value;
  if (value === 'NaN') return Number.NaN;
  if (value === 'Infinity') return Number.POSITIVE_INFINITY;
  return value === '-Infinity' ? Number.NEGATIVE_INFINITY : undefined;
}

/** Upstream prints in English, with commas between thousands. */
function fixed(value: number, precision: number): string {
  const digits = Math.min(precision, 100);
  return new Intl.NumberFormat('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits }).format(value);
}

const SUPERSCRIPT = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'];

function scientific(value: number, precision: number): string {
  const [mantissa = '', exponent = '0'] = value.toExponential(Math.min(precision, 100)).split('e');
  const power = Math.abs(Number(exponent))
    .toString()
    .padStart(2, '0')
    .replace(/\d/g, (digit) => SUPERSCRIPT[Number(digit)] ?? '');
  return `${mantissa}\u202f×\u202f10${Number(exponent) < 0 ? '⁻' : ''}${power}`;
}

/** A value for `%s`. */
function plain(value: Value): string | undefined {
  if (value instanceof CelList) return `[${[...value].map(nested).join(', ')}]`;
  if (value instanceof CelMap && value.type === undefined) return mapText(value);
  switch (typeof value) {
    case 'string':
      return value;
    case 'bigint':
    case 'boolean':
      return String(value);
    case 'number':
      return formatDouble(value);
    default:
      if (value === null) return 'null';
      if (value instanceof Uint) return String(value.value);
      if (value instanceof Timestamp) return formatTimestamp(value);
      if (value instanceof Duration) return formatDuration(value);
      if (value instanceof TypeValue) return value.type.name;
      return value instanceof Uint8Array ? new TextDecoder().decode(value) : undefined;
  }
}

/** A value within a list or map: strings have quotes, doubles a fixed number of digits. */
function nested(value: Value): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'number') {
    return Number.isFinite(value) ? value.toFixed(DEFAULT_PRECISION) : JSON.stringify(formatDouble(value));
  }
  if (value instanceof Timestamp) return `timestamp("${formatTimestamp(value)}")`;
  if (value instanceof Duration) return `duration("${formatDuration(value)}")`;
  if (value instanceof Uint8Array) return `b${JSON.stringify(new TextDecoder().decode(value))}`;
  const text = plain(value);
  if (text === undefined) {
    throw new EvaluationError(`error during formatting: no formatting function for ${typeOfValue(value).name}`);
  }
  return text;
}

function mapText(map: CelMap): string {
  const entries = [...map.keys()].map((key) => [nested(key), nested(map.find(key) ?? null)] as const);
  entries.sort(([a], [b]) => compareStrings(a, b));
  return `{${entries.map(([key, value]) => `${key}:${value}`).join(', ')}}`;
}

const FITTING = new Map<string, readonly CelType['kind'][]>([
  [
    's',
    [
      'list',
      'map',
      'int',
      'uint',
      'double',
      'bool',
      'string',
      'timestamp',
      'bytes',
      'duration',
      'type',
      'null',
      'typeParam',
    ],
  ],
  ['d', ['int', 'uint']],
  ['f', ['double', 'string']],
  ['e', ['double', 'string']],
  ['b', ['int', 'uint', 'bool']],
  ['x', ['int', 'uint', 'string', 'bytes']],
  ['X', ['int', 'uint', 'string', 'bytes']],
  ['o', ['int', 'uint']],
]);

/** What is wrong with a literal format and the types of its arguments, and with which of them. */
export function checkFormat(
  format: string,
  types: readonly CelType[],
): { readonly message: string; readonly index: number | undefined } | undefined {
  let index = 0;
  try {
    for (const piece of clauses(format)) {
      if (typeof piece === 'string') continue;
      const type = types[index];
      if (type === undefined) return { message: `index ${index} out of range`, index: undefined };
      if (type.kind !== 'dyn' && !FITTING.get(piece.letter)?.includes(type.kind)) {
        return { message: refusal(piece.letter, type.name), index };
      }
      index++;
    }
  } catch (error) {
    if (error instanceof EvaluationError) return { message: error.message, index: undefined };
    throw error;
  }
  if (types.length <= index) return undefined;
  const message = `too many arguments supplied to string.format (expected ${index}, got ${types.length})`;
  return { message, index: undefined };
}
