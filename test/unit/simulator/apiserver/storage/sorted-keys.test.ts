import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SortedKeys } from '../../../../../electron/simulator/apiserver/storage/sorted-keys';

const key = fc.tuple(fc.constantFrom('a/', 'b/', 'b', ''), fc.integer({ min: 0, max: 20_000 })).map(([p, n]) => p + n);

describe('sorted keys', () => {
  it('are those of a sorted set, whatever was added and removed', () => {
    fc.assert(
      fc.property(fc.array(key, { maxLength: 6_000, size: 'max' }), fc.array(key), key, (added, removed, start) => {
        const keys = new SortedKeys();
        const model = new Set(added);
        for (const one of model) keys.add(one);
        for (const one of [...removed, ...added.slice(0, added.length / 2)]) {
          keys.remove(one);
          model.delete(one);
        }
        const sorted = [...model].sort();
        for (const prefix of ['', 'a/', 'b', 'c']) {
          const expected = sorted.filter((one) => one.startsWith(prefix));
          expect([...keys.range(prefix)]).toEqual(expected);
          expect([...keys.range(prefix, start)]).toEqual(expected.filter((one) => one >= start));
        }
      }),
      { seed: 1, numRuns: 30 },
    );
  });

  it('may come in order', () => {
    const keys = new SortedKeys();
    const names = Array.from({ length: 5_000 }, (_, index) => `pod-${String(index).padStart(5, '0')}`);
    for (const name of names) keys.add(name);
    expect([...keys.range('pod-')]).toEqual(names);
    for (const name of names) keys.remove(name);
    expect([...keys.range('')]).toEqual([]);
  });
});
