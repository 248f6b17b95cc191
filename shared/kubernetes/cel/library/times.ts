import { type CelFunction, member } from '../functions';
import { DURATION, INT, STRING, TIMESTAMP } from '../types';
import { dateOf, timestamp } from '../values/time-and-numbers';
import { type Duration, EvaluationError, type Timestamp } from '../values/value';

type Part = (date: Date, nanoseconds: number) => number;

const DAY = 86_400_000;
const dayOfYear: Part = (date) => Math.floor((date.getTime() - Date.UTC(date.getUTCFullYear(), 0, 1)) / DAY);

/** Function, words in the ids of overloads, and the part of a time. Months and days of week, year and month count from 0. */
const PARTS: readonly (readonly [string, string, Part])[] = [
  ['getFullYear', 'year', (date) => date.getUTCFullYear()],
  ['getMonth', 'month', (date) => date.getUTCMonth()],
  ['getDayOfYear', 'day_of_year', dayOfYear],
  ['getDayOfMonth', 'day_of_month', (date) => date.getUTCDate() - 1],
  ['getDate', 'day_of_month_1_based', (date) => date.getUTCDate()],
  ['getDayOfWeek', 'day_of_week', (date) => date.getUTCDay()],
  ['getHours', 'hours', (date) => date.getUTCHours()],
  ['getMinutes', 'minutes', (date) => date.getUTCMinutes()],
  ['getSeconds', 'seconds', (date) => date.getUTCSeconds()],
  ['getMilliseconds', 'milliseconds', (_date, nanoseconds) => Math.trunc(nanoseconds / 1e6)],
];

/** Of a duration: function, and how many nanoseconds one is. */
const WHOLE = new Map([
  ['getHours', 3_600_000_000_000n],
  ['getMinutes', 60_000_000_000n],
  ['getSeconds', 1_000_000_000n],
  ['getMilliseconds', 1_000_000n],
]);

/** How far a time zone is from UTC at a time, in nanoseconds: `+02:00`, `02:30` or a name such as `Europe/Berlin`. */
function zoneOffset(time: Timestamp, zone: string): bigint {
  const fixed = /^([+-]?)(\d{2}):(\d{2})$/.exec(zone);
  if (fixed !== null) {
    const [, sign, hours = '', minutes = ''] = fixed;
    const offset = BigInt(Number(hours) * 60 + Number(minutes)) * 60_000_000_000n;
    return sign === '-' ? -offset : offset;
  }
  try {
    const { date } = dateOf(time);
    const format = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
    const parts = new Map(format.formatToParts(date).map(({ type, value }) => [type, Number(value)]));
    const part = (name: Intl.DateTimeFormatPartTypes) => parts.get(name) ?? 0;
    const local = Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second'));
    return BigInt(local - date.getTime()) * 1_000_000n;
  } catch (error) {
    if (error instanceof RangeError) throw new EvaluationError(`unknown time zone ${zone}`);
    throw error;
  }
}

function partOf(part: Part, time: Timestamp, zone = 'UTC'): bigint {
  const local = zone === 'UTC' ? time : timestamp(time.nanoseconds + zoneOffset(time, zone));
  const { date, nanoseconds } = dateOf(local);
  return BigInt(part(date, nanoseconds));
}

/** The parts of times and durations (cel-go's `common/stdlib`). */
export const times: readonly CelFunction[] = PARTS.map(([name, word, part]) => {
  const whole = WHOLE.get(name);
  return {
    name,
    overloads: [
      member(`timestamp_to_${word}`, [TIMESTAMP], INT, (time: Timestamp) => partOf(part, time)),
      member(`timestamp_to_${word}_with_tz`, [TIMESTAMP, STRING], INT, (time: Timestamp, zone: string) =>
        partOf(part, time, zone),
      ),
      ...(whole === undefined
        ? []
        : [member(`duration_to_${word}`, [DURATION], INT, (value: Duration) => value.nanoseconds / whole)]),
    ],
  };
});
