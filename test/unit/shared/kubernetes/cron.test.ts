import { describe, expect, it } from 'vitest';
import { isKnownTimeZone, nextTime, parseCron, parseGoDuration } from '../../../../shared/kubernetes/cron';

const at = (text: string) => Date.parse(text);
const iso = (time: number | undefined) => (time === undefined ? undefined : new Date(time).toISOString());

describe('nextTime', () => {
  it.each([
    ['* * * * *', '2026-01-01T00:00:00Z', '2026-01-01T00:01:00.000Z'],
    ['*/15 * * * *', '2026-01-01T00:14:59Z', '2026-01-01T00:15:00.000Z'],
    ['0 0 29 2 *', '2026-01-01T00:00:00Z', '2028-02-29T00:00:00.000Z'],
    ['0 0 1 * MON', '2026-01-02T00:00:00Z', '2026-01-05T00:00:00.000Z'],
    ['0 0 */2 * MON', '2026-01-02T00:00:00Z', '2026-01-03T00:00:00.000Z'],
    ['30 8 * jan-mar 1-5', '2026-03-31T08:30:00Z', '2027-01-01T08:30:00.000Z'],
    ['5/20 * * * *', '2026-01-01T00:26:00Z', '2026-01-01T00:45:00.000Z'],
    ['@hourly', '2026-01-01T00:00:00Z', '2026-01-01T01:00:00.000Z'],
    ['@every 1h30m', '2026-01-01T00:00:00.500Z', '2026-01-01T01:30:00.000Z'],
    ['0 0 30 2 *', '2026-01-01T00:00:00Z', undefined],
  ])('%s after %s is %s', (schedule, after, expected) => {
    expect(iso(nextTime(schedule, at(after)))).toBe(expected);
  });

  it('follows a time zone through its clock changes', () => {
    const zone = 'America/New_York';
    // 2:30 does not exist on 8 March 2026; 1:30 exists twice on 1 November.
    expect(iso(nextTime('30 2 * * *', at('2026-03-08T05:00:00Z'), zone))).toBe('2026-03-09T06:30:00.000Z');
    const first = nextTime('30 1 * * *', at('2026-11-01T04:00:00Z'), zone);
    expect(iso(first)).toBe('2026-11-01T05:30:00.000Z');
    expect(iso(nextTime('30 1 * * *', first ?? 0, zone))).toBe('2026-11-01T06:30:00.000Z');
    expect(iso(nextTime('0 9 * * *', at('2026-01-01T00:00:00Z'), 'Asia/Kolkata'))).toBe('2026-01-01T03:30:00.000Z');
  });
});

describe('parseCron', () => {
  it.each([
    ['', 'empty spec string'],
    ['* * * *', 'expected exactly 5 fields, found 4: [* * * *]'],
    ['60 * * * *', 'end of range (60) above maximum (59): 60'],
    ['* * 0 * *', 'beginning of range (0) below minimum (1): 0'],
    ['* * * * 7', 'end of range (7) above maximum (6): 7'],
    ['5-3 * * * *', 'beginning of range (5) beyond end of range (3): 5-3'],
    ['*/0 * * * *', 'step of range should be a positive number: */0'],
    ['1-2-3 * * * *', 'too many hyphens: 1-2-3'],
    ['1/2/3 * * * *', 'too many slashes: 1/2/3'],
    ['x * * * *', 'failed to parse int from x: strconv.Atoi: parsing "x": invalid syntax'],
    ['@often', 'unrecognized descriptor: @often'],
    ['@every 5d', 'failed to parse duration @every 5d: time: unknown unit "d" in duration "5d"'],
  ])('refuses %j', (schedule, message) => {
    expect(() => parseCron(schedule)).toThrow(new Error(message));
  });
});

it('reads Go durations and knows time zones', () => {
  expect(parseGoDuration('1h2m3.5s')).toBe(3_723_500);
  expect(() => parseGoDuration('5')).toThrow('time: missing unit in duration "5"');
  expect(isKnownTimeZone('Europe/Berlin')).toBe(true);
  expect(isKnownTimeZone('Mars/Base')).toBe(false);
});
