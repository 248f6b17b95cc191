/** Sets of indexes of an indexed job as text: `1,3-5,7` (pkg/apis/batch/validation, `validateIndexesFormat`). */

interface Unreadable {
  readonly problem: string;
}

interface Interval {
  readonly first: number;
  readonly last: number;
}

/** How many indexes a text names, all of them below `completions`; or what is wrong with it. */
export function validateIndexes(text: string, completions: number): number | Unreadable {
  if (text === '') return 0;
  let total = 0;
  let previous: number | undefined;
  for (const part of text.split(',')) {
    const interval = readInterval(part, completions);
    if ('problem' in interval) return interval;
    const { first, last } = interval;
    if (previous !== undefined && previous >= first) return notIncreasing(previous, first);
    total += last - first + 1;
    previous = last;
  }
  return total;
}

function readInterval(text: string, completions: number): Interval | Unreadable {
  const limits = text.split('-');
  if (limits.length > 2) {
    const rule = "the requirement that an index interval can have at most two parts separated by '-'";
    return { problem: `the fragment ${JSON.stringify(text)} violates ${rule}` };
  }
  const indexes: number[] = [];
  for (const limit of limits) {
    if (!/^\+?\d+$/.test(limit)) {
      return { problem: `cannot convert string to integer for index: ${JSON.stringify(limit)}` };
    }
    if (Number(limit) >= completions) return { problem: `too large index: ${JSON.stringify(limit)}` };
    indexes.push(Number(limit));
  }
  const [first = 0, last = first] = indexes;
  return limits.length > 1 && first >= last ? notIncreasing(first, last) : { first, last };
}

function notIncreasing(previous: number, current: number): Unreadable {
  return { problem: `non-increasing order, previous: ${previous}, current: ${current}` };
}

/** What is wrong with two sets of which one index may be in one only; both are read as far as they can be. */
export function overlapProblem(completed: string, failed: string, completions: number): string | undefined {
  if (completed === '' || failed === '') return undefined;
  const intervals = (text: string) => text.split(',').map((part) => readInterval(part, completions));
  for (const one of intervals(completed)) {
    if ('problem' in one) continue;
    for (const other of intervals(failed)) {
      if ('problem' in other) continue;
      const first = Math.max(one.first, other.first);
      if (first <= Math.min(one.last, other.last))
        return `failedIndexes and completedIndexes overlap at index: ${first}`;
    }
  }
  return undefined;
}
