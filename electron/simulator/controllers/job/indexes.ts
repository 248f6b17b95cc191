/**
 * Completion indexes as a Job's status writes them, `0,3-5` (pkg/controller/job/indexed_job_utils.go).
 * @returns the indexes; what is malformed or beyond `completions` is left out.
 */
export function parseIndexes(text: string | undefined, completions: number): Set<number> {
  const indexes = new Set<number>();
  for (const part of text ? text.split(',') : []) {
    const [first = Number.NaN, last = first] = part.split('-').map(Number);
    for (let index = first; index <= last && index < completions; index++) indexes.add(index);
  }
  return indexes;
}

/** The same in the shortest form: two neighbours stay apart by a comma, three or more become a range. */
export function formatIndexes(indexes: Iterable<number>): string {
  const sorted = [...indexes].sort((a, b) => a - b);
  const parts: string[] = [];
  for (let start = 0; start < sorted.length; ) {
    let end = start;
    while (sorted[end + 1] === (sorted[end] ?? 0) + 1) end++;
    const separator = end - start === 1 ? ',' : '-';
    parts.push(end === start ? `${sorted[start]}` : `${sorted[start]}${separator}${sorted[end]}`);
    start = end + 1;
  }
  return parts.join(',');
}

/** The lowest indexes below `completions` that are not taken. */
export function firstPending(taken: ReadonlySet<number>, completions: number, count: number): number[] {
  const pending: number[] = [];
  for (let index = 0; index < completions && pending.length < count; index++) {
    if (!taken.has(index)) pending.push(index);
  }
  return pending;
}
