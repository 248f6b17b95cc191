import { expect, it } from 'vitest';
import { resolveIntOrPercent } from '../../../../shared/kubernetes/int-or-string';

it.each([
  [3, 10, true, 3],
  ['25%', 10, true, 3],
  ['25%', 10, false, 2],
  ['100%', 7, false, 7],
  ['0%', 7, true, 0],
] as const)('%s of %d, up %s, is %d', (value, total, roundUp, expected) => {
  expect(resolveIntOrPercent(value, total, roundUp)).toBe(expected);
});

it('refuses a string that is no percentage', () => {
  expect(() => resolveIntOrPercent('3', 10, true)).toThrow('string is not a percentage');
});
