import { Duration, EvaluationError, Timestamp } from './value';

const SECOND = 1_000_000_000n;
const INT64_MAX = 2n ** 63n - 1n;
const INT64_MIN = -(2n ** 63n);
const UINT64_MAX = 2n ** 64n - 1n;
/** 0001-01-01T00:00:00Z and 9999-12-31T23:59:59Z, in seconds. */
const EARLIEST = -62135596800n;
const LATEST = 253402300799n;

/** @throws EvaluationError beyond 64 bits. */
export function int64(value: bigint): bigint {
  if (value < INT64_MIN || value > INT64_MAX) throw new EvaluationError('integer overflow');
  return value;
}

/** @throws EvaluationError beyond 64 bits. */
export function uint64(value: bigint): bigint {
  if (value < 0n || value > UINT64_MAX) throw new EvaluationError('unsigned integer overflow');
  return value;
}

/** @throws EvaluationError when there is no such time. */
export function timestamp(nanoseconds: bigint): Timestamp {
  const seconds = floorDivide(nanoseconds, SECOND);
  if (seconds < EARLIEST || seconds > LATEST) throw new EvaluationError('timestamp overflow');
  return new Timestamp(nanoseconds);
}

/** @throws EvaluationError beyond 64 bits of nanoseconds. */
export function duration(nanoseconds: bigint): Duration {
  if (nanoseconds < INT64_MIN || nanoseconds > INT64_MAX) throw new EvaluationError('duration overflow');
  return new Duration(nanoseconds);
}

function floorDivide(value: bigint, divisor: bigint): bigint {
  const quotient = value / divisor;
  return value % divisor < 0n ? quotient - 1n : quotient;
}

export const secondsOf = (time: Timestamp): bigint => floorDivide(time.nanoseconds, SECOND);

/** The time's date and the nanoseconds within its second. */
export function dateOf(time: Timestamp): { readonly date: Date; readonly nanoseconds: number } {
  const seconds = secondsOf(time);
  return { date: new Date(Number(seconds) * 1000), nanoseconds: Number(time.nanoseconds - seconds * SECOND) };
}

/** RFC 3339 with as many fractional digits as there are. */
export function formatTimestamp(time: Timestamp): string {
  const { date, nanoseconds } = dateOf(time);
  const fraction = nanoseconds === 0 ? '' : `.${String(nanoseconds).padStart(9, '0').replace(/0+$/, '')}`;
  return date.toISOString().replace(/\.\d+Z$/, `${fraction}Z`);
}

const RFC3339 = /^(\d{4})-(\d{2})-(\d{2})[Tt](\d{2}):(\d{2}):(\d{2})(?:[.,](\d+))?([Zz]|[+-]\d{2}:\d{2})$/;

/** `undefined` when the text is no time in RFC 3339. */
export function parseTimestamp(text: string): Timestamp | undefined {
  const match = RFC3339.exec(text);
  if (match === null) return undefined;
  const [, year = '', month = '', day = '', hour = '', minute = '', second = '', fraction = '', zone = ''] = match;
  const [months, days] = [Number(month) - 1, Number(day)];
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return undefined;
  const date = new Date(0);
  date.setUTCFullYear(Number(year), months, days);
  if (date.getUTCMonth() !== months || date.getUTCDate() !== days) return undefined;
  date.setUTCHours(Number(hour), Number(minute), Number(second));
  const sign = zone.startsWith('-') ? -1 : 1;
  const [zoneHours = 0, zoneMinutes = 0] = /^[Zz]$/.test(zone) ? [] : zone.slice(1).split(':').map(Number);
  if (zoneHours > 23 || zoneMinutes > 59) return undefined;
  const seconds = BigInt(date.getTime() / 1000 - sign * (zoneHours * 3600 + zoneMinutes * 60));
  if (seconds < EARLIEST || seconds > LATEST) throw new EvaluationError('timestamp overflow');
  return new Timestamp(seconds * SECOND + BigInt(fraction.slice(0, 9).padEnd(9, '0')));
}

/** In seconds, as `string(duration)` tells it. */
export function formatDuration({ nanoseconds }: Duration): string {
  const magnitude = nanoseconds < 0n ? -nanoseconds : nanoseconds;
  const fraction =
    magnitude % SECOND === 0n
      ? ''
      : `.${String(magnitude % SECOND)
          .padStart(9, '0')
          .replace(/0+$/, '')}`;
  return `${nanoseconds < 0n ? '-' : ''}${magnitude / SECOND}${fraction}s`;
}

const UNITS = new Map([
  ['ns', 1n],
  ['us', 1_000n],
  ['µs', 1_000n],
  ['μs', 1_000n],
  ['ms', 1_000_000n],
  ['s', SECOND],
  ['m', 60n * SECOND],
  ['h', 3600n * SECOND],
]);

/** `1h30m`, `-1.5s`: Go's `time.ParseDuration`; `undefined` when the text is none. */
export function parseDuration(text: string): Duration | undefined {
  const [, sign = '', rest = ''] = /^([+-]?)(.*)$/s.exec(text) ?? [];
  if (rest === '0') return new Duration(0n);
  if (!/^(?:(?:\d+\.?\d*|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+$/.test(rest)) return undefined;
  let total = 0n;
  for (const [, whole = '', fraction = '', unit = ''] of rest.matchAll(/(\d*)\.?(\d*)(ns|us|µs|μs|ms|s|m|h)/g)) {
    const scale = UNITS.get(unit) ?? 0n;
    total += BigInt(whole || '0') * scale;
    if (fraction !== '') total += (BigInt(fraction) * scale) / 10n ** BigInt(fraction.length);
  }
  const nanoseconds = sign === '-' ? -total : total;
  return nanoseconds < INT64_MIN || nanoseconds > INT64_MAX ? undefined : new Duration(nanoseconds);
}

/** A double as Go's `%g` prints it: the shortest that reads back, with an exponent below 1e-4 and from 1e21 on. */
export function formatDouble(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf';
  if (Object.is(value, -0)) return '-0';
  const magnitude = Math.abs(value);
  if (magnitude !== 0 && (magnitude < 1e-4 || magnitude >= 1e21)) {
    return value.toExponential().replace(/e([+-])(\d)$/, 'e$10$2');
  }
  return String(value);
}
