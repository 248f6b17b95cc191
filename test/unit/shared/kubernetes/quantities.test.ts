import { describe, expect, it } from 'vitest';
import {
  canonicalQuantity,
  compareQuantities,
  formatBytes,
  formatQuantity,
  parseQuantity,
} from '../../../../shared/kubernetes/quantities';

describe('quantities', () => {
  it.each([
    ['1000m', '1', 1],
    ['0.5', '500m', 0.5],
    ['100000', '100k', 100_000],
    ['1.5Gi', '1536Mi', 1.5 * 2 ** 30],
    ['1024Ki', '1Mi', 2 ** 20],
    ['1000Ki', '1000Ki', 1_024_000],
    ['0.5Mi', '512Ki', 2 ** 19],
    ['0.5Ki', '512', 512],
    ['1e3', '1e3', 1000],
    ['12E', '12E', 12e18],
    ['0.0000000001', '1n', 1e-9],
    ['-5m', '-5m', -0.005],
    ['.5', '500m', 0.5],
    ['1.', '1', 1],
    ['0Mi', '0', 0],
    ['100M', '100M', 1e8],
  ])('%s is stored as %s', (text, canonical, value) => {
    expect(canonicalQuantity(text)).toBe(canonical);
    expect(parseQuantity(text)).toBeCloseTo(value, 9);
  });

  it.each([
    ['', 'quantities must match'],
    ['abc', 'quantities must match'],
    ['1 Gi', 'quantities must match'],
    ['1KiB', 'quantities must match'],
    ['1K', "unable to parse quantity's suffix"],
    ['1ki', "unable to parse quantity's suffix"],
  ])('refuses %j', (text, message) => {
    expect(() => parseQuantity(text)).toThrow(RangeError);
    expect(() => parseQuantity(text)).toThrow(message);
  });

  it('takes numbers, compares exactly and formats', () => {
    expect(canonicalQuantity(2)).toBe('2');
    expect(compareQuantities('9007199254740993', '9007199254740992')).toBe(1);
    expect(compareQuantities('1Gi', '1024Mi')).toBe(0);
    expect(compareQuantities('100m', '1')).toBe(-1);
    expect(formatQuantity(0.25)).toBe('250m');
    expect(formatBytes(3 * 2 ** 29)).toBe('1536Mi');
  });
});
