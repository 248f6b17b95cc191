/** Between what and what a size or a cost is (cel-go's checker/cost.go, `SizeEstimate` and `CostEstimate`). */
export interface Range {
  readonly min: number;
  readonly max: number;
}

/** What a uint64 holds: no sum and no product is more. */
const MOST = 2 ** 64;

const bounded = (value: number) => Math.min(value, MOST);

export const UNKNOWN: Range = { min: 0, max: MOST };
export const NOTHING: Range = { min: 0, max: 0 };
/** What a range is widened from. */
export const NOWHERE: Range = { min: MOST, max: 0 };

export const exactly = (value: number): Range => ({ min: value, max: value });
export const upTo = (max: number): Range => ({ min: 0, max });

export function add(...ranges: readonly Range[]): Range {
  return ranges.reduce((a, b) => ({ min: bounded(a.min + b.min), max: bounded(a.max + b.max) }), NOTHING);
}

export function multiply(a: Range, b: Range): Range {
  return { min: bounded(a.min * b.min), max: bounded(a.max * b.max) };
}

/** Rounded up. */
export function scale(range: Range, factor: number): Range {
  return { min: bounded(Math.ceil(range.min * factor)), max: bounded(Math.ceil(range.max * factor)) };
}

export function union(a: Range, b: Range): Range {
  return { min: Math.min(a.min, b.min), max: Math.max(a.max, b.max) };
}
