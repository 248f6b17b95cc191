import type { Random } from '../../random';

const TRIES = 64;

/** A name for a free number in [low, high], drawn while that is easy; `undefined` when all are taken. */
export function pickFree<T>(
  random: Random,
  low: number,
  high: number,
  taken: Pick<ReadonlySet<T>, 'has'>,
  name: (n: number) => T,
): T | undefined {
  if (low > high) return undefined;
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const candidate = name(random.integer(low, high + 1));
    if (!taken.has(candidate)) return candidate;
  }
  for (let number = low; number <= high; number++) if (!taken.has(name(number))) return name(number);
  return undefined;
}
