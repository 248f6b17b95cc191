import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { SystemClock, timestamp, VirtualClock } from '../../../electron/simulator/clock';

const START = Date.parse('2026-01-01T00:00:00Z');

describe("the cluster's clock", () => {
  beforeEach(() => {
    vi.useFakeTimers({ now: START, toFake: ['setTimeout', 'clearTimeout', 'Date'] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('runs at its speed, and its timers with it', () => {
    const clock = new SystemClock(10);
    const called: number[] = [];
    clock.setTimeout(() => called.push(clock.now() - START), 5_000);
    vi.advanceTimersByTime(499);
    expect(called).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(called).toEqual([5_000]);
  });

  it('may be made to run faster, slower, and not at all, and never goes back', () => {
    const clock = new SystemClock();
    const called: number[] = [];
    clock.setTimeout(() => called.push(clock.now() - START), 10_000);
    vi.advanceTimersByTime(2_000);
    clock.speed = 0;
    vi.advanceTimersByTime(60_000);
    expect(clock.now() - START).toBe(2_000);
    expect(called).toEqual([]);
    clock.speed = 4;
    vi.advanceTimersByTime(1_000);
    expect(clock.now() - START).toBe(6_000);
    vi.advanceTimersByTime(1_000);
    expect(called).toEqual([10_000]);
  });

  it('forgets what was cancelled, while it stands still too', () => {
    const clock = new SystemClock();
    const called: string[] = [];
    const first = clock.setTimeout(() => called.push('first'), 1_000);
    clock.speed = 0;
    const second = clock.setTimeout(() => called.push('second'), 1_000);
    first.cancel();
    second.cancel();
    clock.speed = 1;
    vi.advanceTimersByTime(5_000);
    expect(called).toEqual([]);
  });

  it('leaps, and all that is due happens in order and at its moment, what it sets off too', async () => {
    const clock = new SystemClock(2);
    const called: string[] = [];
    const call = (name: string, delay: number, then?: () => void) =>
      clock.setTimeout(() => {
        called.push(`${name} ${timestamp(clock).slice(11)}`);
        then?.();
      }, delay);
    call('hour', 3_600_000);
    call('minute', 60_000, () => call('and a half', 30_000));
    const gone = call('gone', 90_000);
    call('cancels', 75_000, () => gone.cancel());
    call('later', 7_200_000);
    const told: number[] = [];
    clock.onChange(() => told.push(clock.horizon - START));
    await clock.advance(START + 5_400_000);
    expect(called).toEqual(['minute 00:01:00Z', 'cancels 00:01:15Z', 'and a half 00:01:30Z', 'hour 01:00:00Z']);
    expect(clock.now() - START).toBe(5_400_000);
    expect(clock.speed).toBe(2);
    // Whoever notes where time is knows before it gets there.
    expect(told[0]).toBe(5_400_000);
    vi.advanceTimersByTime(900_000);
    expect(called).toContain('later 02:00:00Z');
  });

  it('leaps nowhere when that has passed', async () => {
    const clock = new SystemClock();
    vi.advanceTimersByTime(5_000);
    await clock.advance(START + 1_000);
    expect(clock.now() - START).toBe(5_000);
  });
});

it('writes the same second as the same text', () => {
  const clock = new VirtualClock(START + 999);
  expect(timestamp(clock)).toBe('2026-01-01T00:00:00Z');
  expect(timestamp(clock, 1)).toBe('2026-01-01T00:00:01Z');
  expect(timestamp(clock)).toBe('2026-01-01T00:00:00Z');
});
