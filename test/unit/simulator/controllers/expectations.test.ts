import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../../../../electron/simulator/clock';
import { equivalent } from '../../../../electron/simulator/controllers/equality';
import { Expectations } from '../../../../electron/simulator/controllers/expectations';
import { slowStart } from '../../../../electron/simulator/controllers/pod-control';
import { templateHash } from '../../../../electron/simulator/controllers/template-hash';

describe('expectations', () => {
  it('hold until every creation and deletion has shown', () => {
    const expectations = new Expectations(new VirtualClock());
    expectations.expectCreations('a', 2);
    expectations.expectDeletions('a', ['x']);
    expectations.creationObserved('a');
    expectations.deletionObserved('a', 'x');
    expectations.deletionObserved('a', 'x');
    expect(expectations.satisfied('a')).toBe(false);
    expectations.creationObserved('a');
    expect(expectations.satisfied('a')).toBe(true);
    expect(expectations.satisfied('b')).toBe(true);
  });

  it('are given up after five minutes', async () => {
    const clock = new VirtualClock();
    const expectations = new Expectations(clock);
    expectations.expectCreations('a', 1);
    await clock.advance(299_000);
    expect(expectations.satisfied('a')).toBe(false);
    await clock.advance(2000);
    expect(expectations.satisfied('a')).toBe(true);
  });
});

describe('slow start', () => {
  it('doubles its batches and stops at the first that fails', async () => {
    const tried: number[] = [];
    const { done, error } = await slowStart(100, async (index) => {
      tried.push(index);
      if (index >= 3) throw new Error('quota');
    });
    expect(tried).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect(done).toBe(3);
    expect(error).toEqual(new Error('quota'));
  });
});

describe('equivalence', () => {
  it('takes absent, null and empty for the same, and nothing else', () => {
    expect(equivalent({ a: [], b: { c: null } }, {})).toBe(true);
    expect(equivalent([{}], [])).toBe(false);
    expect(equivalent({ a: 0 }, {})).toBe(false);
    expect(equivalent({ a: '' }, {})).toBe(false);
    expect(equivalent([1, 2], [2, 1])).toBe(false);
    expect(equivalent({ a: 1, b: 2 }, { b: 2, a: 1 })).toBe(true);
  });
});

describe('template hash', () => {
  it('is the same for any order of keys, and another for another template or collision', () => {
    const hash = templateHash({ a: 1, b: [{ c: 2, d: 3 }] });
    expect(templateHash({ b: [{ d: 3, c: 2 }], a: 1 })).toBe(hash);
    expect(hash).toMatch(/^[bcdfghjklmnpqrstvwxz2456789]{1,10}$/);
    expect(templateHash({ a: 2, b: [{ c: 2, d: 3 }] })).not.toBe(hash);
    expect(templateHash({ a: 1, b: [{ c: 2, d: 3 }] }, 1)).not.toBe(hash);
  });
});
