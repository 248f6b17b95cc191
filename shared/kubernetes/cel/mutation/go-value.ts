import { valueText } from '../values/text';
import { dateOf, formatDuration } from '../values/time-and-numbers';
import { CelList, CelMap, Duration, Timestamp, typeOfValue, Uint, type Value } from '../values/value';

/** What Go holds a value as that is nothing JSON knows: nothing can be made of it but the text of an error. */
export class GoValue {
  readonly value: Value;
  /** As `%T` prints it. */
  readonly type: string;

  constructor(value: Value) {
    this.value = value;
    this.type = goTypeOf(value);
  }

  /** As `%v` prints it. */
  get text(): string {
    return goTextOf(this.value);
  }

  /** As `%#v` prints it. */
  get syntax(): string {
    return goSyntaxOf(this.value);
  }
}

/** The type of what a value's `Value()` answers in Go (cel-go's `common/types`). */
export function goTypeOf(value: Value): string {
  switch (typeof value) {
    case 'string':
      return 'string';
    case 'bigint':
      return 'int64';
    case 'number':
      return 'float64';
    case 'boolean':
      return 'bool';
    default:
      if (value === null) return 'structpb.NullValue';
      if (value instanceof Uint) return 'uint64';
      if (value instanceof Timestamp) return 'time.Time';
      if (value instanceof Duration) return 'time.Duration';
      if (value instanceof CelList) return '[]ref.Val';
      if (value instanceof CelMap) return 'map[ref.Val]ref.Val';
      return value instanceof Uint8Array ? '[]uint8' : typeOfValue(value).name;
  }
}

function goTextOf(value: Value): string {
  if (value === null) return 'NULL_VALUE';
  if (value instanceof CelList) return `[${[...value].map(goTextOf).join(' ')}]`;
  if (value instanceof CelMap) {
    return `map[${entriesOf(value)
      .map(([key, entry]) => `${goTextOf(key)}:${goTextOf(entry)}`)
      .join(' ')}]`;
  }
  if (value instanceof Uint8Array) return `[${value.join(' ')}]`;
  if (value instanceof Duration) return formatDuration(value);
  return valueText(value);
}

const MONTHS = 'January February March April May June July August September October November December'.split(' ');

function goSyntaxOf(value: Value): string {
  if (value === null) return '0';
  if (typeof value === 'string') return JSON.stringify(value);
  if (value instanceof Duration) return String(value.nanoseconds);
  if (value instanceof Uint) return `0x${value.value.toString(16)}`;
  if (value instanceof Timestamp) {
    const { date, nanoseconds } = dateOf(value);
    const [year, day] = [date.getUTCFullYear(), date.getUTCDate()];
    const clock = [date.getUTCHours(), date.getUTCMinutes(), date.getUTCSeconds(), nanoseconds].join(', ');
    return `time.Date(${year}, time.${MONTHS[date.getUTCMonth()]}, ${day}, ${clock}, time.UTC)`;
  }
  if (value instanceof Uint8Array) {
    return `[]uint8{${[...value].map((byte) => `0x${byte.toString(16)}`).join(', ')}}`;
  }
  if (value instanceof CelList) return `${goTypeOf(value)}{${[...value].map(goSyntaxOf).join(', ')}}`;
  if (value instanceof CelMap) {
    const entries = entriesOf(value).map(([key, entry]) => `${goSyntaxOf(key)}:${goSyntaxOf(entry)}`);
    return `${goTypeOf(value)}{${entries.join(', ')}}`;
  }
  return valueText(value);
}

function entriesOf(map: CelMap): (readonly [Value, Value])[] {
  return [...map.keys()].map((key) => [key, map.find(key) ?? null] as const);
}
