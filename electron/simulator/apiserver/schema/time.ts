/** The parts of Go's reference time, in which it names what it cannot read. */
const PARTS: readonly (readonly [string, RegExp])[] = [
  ['2006', /^\d{4}/],
  ['-', /^-/],
  ['01', /^\d{2}/],
  ['-', /^-/],
  ['02', /^\d{2}/],
  ['T', /^T/],
  ['15', /^\d{1,2}/],
  [':', /^:/],
  ['04', /^\d{2}/],
  [':', /^:/],
  ['05', /^\d{2}/],
];
const ZONE = /^(?:Z|[+-]\d{2}:\d{2})/;

/**
 * Reads a moment in RFC 3339 as Go's time.Parse does, and writes it as `metav1.Time` and `metav1.MicroTime` do: in UTC, to the
 * second or to the microsecond.
 * @returns `undefined` for Go's zero time, which is written as nothing.
 * @throws Error in Go's words.
 */
export function readTime(text: string, micro: boolean): string | undefined {
  const layout = micro ? '2006-01-02T15:04:05.000000Z07:00' : '2006-01-02T15:04:05Z07:00';
  const fail = (why: string) => new Error(`parsing time ${JSON.stringify(text)}${why}`);
  const cannot = (rest: string, part: string) =>
    fail(` as "${layout}": cannot parse ${JSON.stringify(rest)} as ${JSON.stringify(part)}`);
  const numbers: number[] = [];
  let rest = text;
  for (const [part, pattern] of PARTS) {
    const found = pattern.exec(rest)?.[0];
    if (found === undefined) throw cannot(rest, part);
    if (part.length > 1) numbers.push(Number(found));
    rest = rest.slice(found.length);
    const unit = outOfRange(numbers);
    if (unit !== undefined) throw fail(`: ${unit} out of range`);
  }
  const fraction = (micro ? /^\.\d{6}/ : /^[.,]\d+/).exec(rest)?.[0] ?? '';
  if (micro && fraction === '') throw cannot(rest, '.000000');
  rest = rest.slice(fraction.length);
  const zone = ZONE.exec(rest)?.[0];
  if (zone === undefined) throw cannot(rest, 'Z07:00');
  if (rest.length > zone.length) throw fail(`: extra text: ${JSON.stringify(rest.slice(zone.length))}`);
  const [year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0] = numbers;
  const moment = new Date(0);
  moment.setUTCFullYear(year, month - 1, day);
  if (day < 1 || moment.getUTCDate() !== day) throw fail(': day out of range');
  moment.setUTCHours(hour, minute - offsetOf(zone), second);
  const seconds = moment.toISOString().slice(0, 19);
  if (seconds === '0001-01-01T00:00:00' && Number(fraction.slice(1)) === 0) return undefined;
  return micro ? `${seconds}${fraction}Z` : `${seconds}Z`;
}

/** What the part that was read last cannot be; days depend on the month and come later. */
function outOfRange(numbers: readonly number[]): string | undefined {
  const last = numbers.at(-1) ?? 0;
  switch (numbers.length) {
    case 2:
      return last < 1 || last > 12 ? 'month' : undefined;
    case 3:
      return last > 31 ? 'day' : undefined;
    case 4:
      return last > 23 ? 'hour' : undefined;
    case 5:
      return last > 59 ? 'minute' : undefined;
    case 6:
      return last > 59 ? 'second' : undefined;
    default:
      return undefined;
  }
}

/** In minutes. */
function offsetOf(zone: string): number {
  if (zone === 'Z') return 0;
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(4));
  return zone.startsWith('-') ? -minutes : minutes;
}
