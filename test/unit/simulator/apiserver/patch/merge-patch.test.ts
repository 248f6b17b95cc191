import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyMergePatch } from '../../../../../electron/simulator/apiserver/patch/merge-patch';

const object = fc.dictionary(
  fc.constantFrom('a', 'b', 'c'),
  fc.letrec((tie) => ({
    value: fc.oneof(
      { depthSize: 'small' },
      fc.integer({ min: 0, max: 3 }),
      fc.constant(null),
      fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 2 }),
      fc.dictionary(fc.constantFrom('a', 'b', 'c'), tie('value')),
    ),
  })).value,
);

/** The merge as RFC 7386 tells it, path by path: a leaf of the patch decides, what the patch does not name stays. */
function model(target: unknown, patch: unknown): unknown {
  if (typeof patch !== 'object' || patch === null || Array.isArray(patch)) return patch;
  const base = typeof target === 'object' && target !== null && !Array.isArray(target) ? target : {};
  const names = new Set([...Object.keys(base), ...Object.keys(patch)]);
  const entries = [...names].flatMap((name): [string, unknown][] => {
    const said = Object.hasOwn(patch, name);
    const old = (base as Record<string, unknown>)[name];
    const wanted = (patch as Record<string, unknown>)[name];
    if (!said) return [[name, old]];
    return wanted === null ? [] : [[name, model(old, wanted)]];
  });
  return Object.fromEntries(entries);
}

describe('JSON merge patch', () => {
  it('deletes by null and replaces lists', () => {
    expect(applyMergePatch({ a: 1, b: { c: 2, d: 3 }, l: [1, 2] }, { a: null, b: { c: 9 }, l: [3] })).toEqual({
      b: { c: 9, d: 3 },
      l: [3],
    });
  });

  it('agrees with the RFC on any two objects, and changes neither', () => {
    fc.assert(
      fc.property(object, object, (target, patch) => {
        const before = structuredClone([target, patch]);
        expect(applyMergePatch(target, patch)).toEqual(model(target, patch));
        expect([target, patch]).toEqual(before);
      }),
      { seed: 7, numRuns: 500 },
    );
  });
});
