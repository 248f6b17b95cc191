import { messageOf } from '../error-message';
/**
 * Cron schedules as CronJobs take them: five fields or a descriptor, with the grammar and the texts of the standard parser of
 * github.com/robfig/cron/v3, which upstream uses. (Other cron libraries take more, such as `L`, `W` or a seventh weekday.)
 */
export type CronSchedule = FieldSchedule | { readonly every: number };

interface FieldSchedule {
  readonly minute: Field;
  readonly hour: Field;
  readonly dayOfMonth: Field;
  readonly month: Field;
  readonly dayOfWeek: Field;
}

interface Field {
  readonly values: ReadonlySet<number>;
  /** Written as `*` or `?`: such a day field does not restrict the other one. */
  readonly star: boolean;
}

interface Bounds {
  readonly min: number;
  readonly max: number;
  readonly names?: readonly string[];
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const WEEKDAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
const BOUNDS = {
  minute: { min: 0, max: 59 },
  hour: { min: 0, max: 23 },
  dayOfMonth: { min: 1, max: 31 },
  month: { min: 1, max: 12, names: MONTHS },
  dayOfWeek: { min: 0, max: 6, names: WEEKDAYS },
} as const satisfies Record<string, Bounds>;

const DESCRIPTORS: Readonly<Record<string, string>> = {
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
  '@monthly': '0 0 1 * *',
  '@weekly': '0 0 * * 0',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@hourly': '0 * * * *',
};

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/**
 * Reads a schedule.
 * @throws Error with upstream's text when it cannot be read.
 */
export function parseCron(text: string): CronSchedule {
  if (text === '') throw new Error('empty spec string');
  if (text.startsWith('@')) return parseDescriptor(text);
  const fields = text.split(/\s+/).filter((field) => field !== '');
  const [minute, hour, dayOfMonth, month, dayOfWeek] = fields;
  if (
    fields.length !== 5 ||
    minute === undefined ||
    hour === undefined ||
    dayOfMonth === undefined ||
    month === undefined ||
    dayOfWeek === undefined
  ) {
    throw new Error(`expected exactly 5 fields, found ${fields.length}: [${fields.join(' ')}]`);
  }
  return {
    minute: parseField(minute, BOUNDS.minute),
    hour: parseField(hour, BOUNDS.hour),
    dayOfMonth: parseField(dayOfMonth, BOUNDS.dayOfMonth),
    month: parseField(month, BOUNDS.month),
    dayOfWeek: parseField(dayOfWeek, BOUNDS.dayOfWeek),
  };
}

function parseDescriptor(text: string): CronSchedule {
  const fields = DESCRIPTORS[text];
  if (fields !== undefined) return parseCron(fields);
  const every = '@every ';
  if (!text.startsWith(every)) throw new Error(`unrecognized descriptor: ${text}`);
  try {
    const duration = parseGoDuration(text.slice(every.length));
    return { every: Math.max(SECOND, Math.floor(duration / SECOND) * SECOND) };
  } catch (error) {
    throw new Error(`failed to parse duration ${text}: ${messageOf(error)}`);
  }
}

function parseField(text: string, bounds: Bounds): Field {
  const values = new Set<number>();
  let star = false;
  for (const expression of text.split(',')) {
    if (expression === '') continue;
    const range = parseRange(expression, bounds);
    for (let value = range.start; value <= range.end; value += range.step) values.add(value);
    star ||= range.star;
  }
  return { values, star };
}

function parseRange(expression: string, bounds: Bounds): { start: number; end: number; step: number; star: boolean } {
  const [range = '', stepText, ...moreSteps] = expression.split('/');
  const [low = '', high, ...moreBounds] = range.split('-');
  let star = low === '*' || low === '?';
  let start = bounds.min;
  let end = bounds.max;
  if (!star) {
    start = parseValue(low, bounds);
    if (moreBounds.length > 0) throw new Error(`too many hyphens: ${expression}`);
    end = high === undefined ? start : parseValue(high, bounds);
  }
  if (moreSteps.length > 0) throw new Error(`too many slashes: ${expression}`);
  let step = 1;
  if (stepText !== undefined) {
    step = parseNumber(stepText);
    // `3/5` means from 3 to the end.
    if (high === undefined) end = bounds.max;
    if (step > 1) star = false;
  }
  if (start < bounds.min) {
    throw new Error(`beginning of range (${start}) below minimum (${bounds.min}): ${expression}`);
  }
  if (end > bounds.max) throw new Error(`end of range (${end}) above maximum (${bounds.max}): ${expression}`);
  if (start > end) throw new Error(`beginning of range (${start}) beyond end of range (${end}): ${expression}`);
  if (step === 0) throw new Error(`step of range should be a positive number: ${expression}`);
  return { start, end, step, star };
}

function parseValue(text: string, bounds: Bounds): number {
  const index = bounds.names?.indexOf(text.toLowerCase()) ?? -1;
  return index >= 0 ? index + bounds.min : parseNumber(text);
}

function parseNumber(text: string): number {
  if (!/^[+-]?\d+$/.test(text)) {
    throw new Error(`failed to parse int from ${text}: strconv.Atoi: parsing ${JSON.stringify(text)}: invalid syntax`);
  }
  const value = Number(text);
  if (Math.abs(value) > 2 ** 63) {
    throw new Error(
      `failed to parse int from ${text}: strconv.Atoi: parsing ${JSON.stringify(text)}: value out of range`,
    );
  }
  if (value < 0) throw new Error(`negative number (${value}) not allowed: ${text}`);
  return value;
}

const UNITS: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  μs: 1e-3,
  ms: 1,
  s: SECOND,
  m: MINUTE,
  h: HOUR,
};

/**
 * A duration as Go writes it (`1h30m`), in milliseconds.
 * @throws Error with the text of Go's `time.ParseDuration`.
 */
export function parseGoDuration(text: string): number {
  const quoted = JSON.stringify(text);
  const sign = text.startsWith('-') ? -1 : 1;
  let rest = text.replace(/^[+-]/, '');
  if (rest === '0') return 0;
  if (rest === '') throw new Error(`time: invalid duration ${quoted}`);
  let total = 0;
  while (rest !== '') {
    const match = /^(\d+\.?\d*|\.\d+)([^.\d]*)(.*)$/s.exec(rest);
    if (match === null) throw new Error(`time: invalid duration ${quoted}`);
    const [, amount = '', unit = '', tail = ''] = match;
    if (unit === '') throw new Error(`time: missing unit in duration ${quoted}`);
    const size = UNITS[unit];
    if (size === undefined) throw new Error(`time: unknown unit ${JSON.stringify(unit)} in duration ${quoted}`);
    total += Number(amount) * size;
    rest = tail;
  }
  return sign * total;
}

/** Whether the host knows a time zone by this name; unlike Intl, Go wants it spelt as it is, and no offset in its place. */
export function isKnownTimeZone(timeZone: string): boolean {
  if (/^[+-]/.test(timeZone)) return false;
  try {
    const known = formatterFor(timeZone).resolvedOptions().timeZone;
    return known === timeZone || known.toLowerCase() !== timeZone.toLowerCase();
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

/**
 * The first moment after `after` that a schedule names, in milliseconds since the epoch; `undefined` when there is none
 * within five years (30 February). A time of day that a clock change skips does not happen; one that it repeats happens
 * twice: both as robfig/cron has it.
 * @param timeZone an IANA name; UTC without.
 */
export function nextTime(schedule: CronSchedule | string, after: number, timeZone?: string): number | undefined {
  const parsed = typeof schedule === 'string' ? parseCron(schedule) : schedule;
  if ('every' in parsed) return Math.floor((after + parsed.every) / SECOND) * SECOND;
  const zone = new Zone(timeZone);
  let time = Math.floor(after / MINUTE) * MINUTE + MINUTE;
  const lastYear = zone.wall(time).year + 5;
  for (;;) {
    const wall = zone.wall(time);
    if (wall.year > lastYear) return undefined;
    if (!parsed.month.values.has(wall.month)) time = zone.midnight(wall.year, wall.month + 1, 1);
    else if (!dayMatches(parsed, wall)) time = zone.midnight(wall.year, wall.month, wall.day + 1);
    else if (!parsed.hour.values.has(wall.hour)) time += HOUR - wall.minute * MINUTE;
    else if (!parsed.minute.values.has(wall.minute)) time += MINUTE;
    else return time;
  }
}

function dayMatches(schedule: FieldSchedule, wall: Wall): boolean {
  const byMonth = schedule.dayOfMonth.values.has(wall.day);
  const byWeek = schedule.dayOfWeek.values.has(wall.weekday);
  return schedule.dayOfMonth.star || schedule.dayOfWeek.star ? byMonth && byWeek : byMonth || byWeek;
}

interface Wall {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly weekday: number;
  readonly hour: number;
  readonly minute: number;
}

/** Intl's formatters take half a millisecond to make, so they are kept. */
const formatters = new Map<string, Intl.DateTimeFormat>();

function formatterFor(timeZone: string): Intl.DateTimeFormat {
  let formatter = formatters.get(timeZone);
  if (formatter === undefined) {
    formatter = new Intl.DateTimeFormat('en-US', {
      timeZone,
      calendar: 'gregory',
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
    });
    formatters.set(timeZone, formatter);
  }
  return formatter;
}

/** Wall-clock time in one place. */
class Zone {
  readonly #formatter: Intl.DateTimeFormat | undefined;

  constructor(timeZone: string | undefined) {
    this.#formatter = timeZone === undefined || timeZone === 'UTC' ? undefined : formatterFor(timeZone);
  }

  wall(time: number): Wall {
    const local = new Date(time + this.#offset(time));
    return {
      year: local.getUTCFullYear(),
      month: local.getUTCMonth() + 1,
      day: local.getUTCDate(),
      weekday: local.getUTCDay(),
      hour: local.getUTCHours(),
      minute: local.getUTCMinutes(),
    };
  }

  /** The start of a day; `month` and `day` may run over. Where clocks skip midnight, the first hour there is. */
  midnight(year: number, month: number, day: number): number {
    const local = Date.UTC(year, month - 1, day);
    const time = local - this.#offset(local - this.#offset(local));
    const { hour } = this.wall(time);
    if (hour === 0) return time;
    return hour > 12 ? time + (24 - hour) * HOUR : time;
  }

  /** Milliseconds that local time is ahead of UTC. */
  #offset(time: number): number {
    if (this.#formatter === undefined) return 0;
    const parts = Object.fromEntries(
      this.#formatter.formatToParts(time).map((part) => [part.type, Number(part.value)]),
    );
    const { year = 0, month = 1, day = 1, hour = 0, minute = 0 } = parts;
    return Date.UTC(year, month - 1, day, hour, minute) - Math.floor(time / MINUTE) * MINUTE;
  }
}
