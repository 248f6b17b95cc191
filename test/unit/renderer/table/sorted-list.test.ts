import { describe, expect, it } from 'vitest';
import { SortedList } from '../../../../renderer/table/sorted-list';

const byNumber = (a: number, b: number) => a - b;

describe('a sorted list', () => {
  it('keeps thousands of items in order as they come and go', () => {
    const list = new SortedList(byNumber);
    const numbers = Array.from({ length: 3000 }, (_, index) => (index * 7919) % 3001);
    for (const number of numbers) list.insert(number);
    const expected = [...numbers].sort(byNumber);
    expect(list.slice(0, 3000)).toEqual(expected);
    expect(list.slice(1490, 1510)).toEqual(expected.slice(1490, 1510));
    for (const number of numbers.slice(0, 2900)) expect(list.remove(number)).toBe(true);
    const left = numbers.slice(2900).sort(byNumber);
    expect(list.length).toBe(100);
    expect(list.slice(0, 200)).toEqual(left);
    expect(left.map((number) => list.indexOf(number))).toEqual(left.map((_, index) => index));
  });

  it('answers for what it does not hold', () => {
    const list = new SortedList(byNumber, [3, 1, 2]);
    expect(list.remove(9)).toBe(false);
    expect(list.indexOf(9)).toBe(-1);
    expect(list.at(-1)).toBeUndefined();
    expect(list.at(3)).toBeUndefined();
    expect(list.at(1)).toBe(2);
  });
});
