/**
 * Tells one figure; `npm run bench` prints it as a line of JSON. A bench is an exported function of a `*.bench.ts` file
 * that takes this.
 * @param bench what was measured, e.g. `apply to pixel, median`
 * @param unit e.g. `ms`, `MB`, `pods/s`
 */
export type Report = (bench: string, value: number, unit: string) => void;

/** Runs a step and answers how long it took, in milliseconds. */
export async function elapsed(step: () => Promise<unknown> | unknown): Promise<number> {
  const start = performance.now();
  await step();
  return performance.now() - start;
}

/**
 * The value below which the given share of the samples lies, e.g. 0.5 for the median.
 * @throws RangeError when there are no samples
 */
export function quantile(samples: readonly number[], share: number): number {
  const sorted = [...samples].sort((a, b) => a - b);
  const value = sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
  if (value === undefined) throw new RangeError('no samples');
  return value;
}

/** To one digit after the point. */
export function round(value: number): number {
  return Math.round(value * 10) / 10;
}
