import { findCondition } from '../../../../shared/kubernetes/conditions';
import type { Pod } from '../../../../shared/kubernetes/objects';

/** From 10 s, doubling, to 10 min (job_controller.go, `DefaultJobPodFailureBackOff`, `MaxJobPodFailureBackOff`). */
const FIRST = 10_000;
const LONGEST = 600_000;

/** The failures of a job's pods in a row (pkg/controller/job/backoff_utils.go). */
export interface Failures {
  /** Since the last success. */
  readonly count: number;
  /** When the last was, in milliseconds since the epoch. */
  readonly last: number;
}

export const NO_FAILURES: Failures = { count: 0, last: 0 };

/** What the failures are with the pods that ended since (`newBackoffRecord`). */
export function withFinished(before: Failures, succeeded: readonly Pod[], failed: readonly Pod[]): Failures {
  const lastSuccess = Math.max(...succeeded.map(finishedAt));
  const since = failed.map(finishedAt).filter((at) => at > lastSuccess);
  const start = succeeded.length > 0 ? NO_FAILURES : before;
  if (since.length === 0) return start;
  return { count: start.count + since.length, last: Math.max(...since) };
}

/** Milliseconds until a pod may be made anew; 0: now. */
export function backOffAfter({ count, last }: Failures, now: number): number {
  if (count === 0) return 0;
  return Math.max(0, last + Math.min(FIRST * 2 ** (count - 1), LONGEST) - now);
}

/** When a pod ended, in milliseconds since the epoch, by the best that it tells (`getFinishedTime`). */
export function finishedAt({ metadata, spec, status }: Pod): number {
  const sidecars = new Set(
    (spec?.initContainers ?? []).flatMap((each) => (each.restartPolicy === 'Always' ? [each.name] : [])),
  );
  const ends = [
    ...(status?.containerStatuses ?? []),
    ...(status?.initContainerStatuses ?? []).filter(({ name }) => sidecars.has(name)),
  ].map(({ state }) => Date.parse(state?.terminated?.finishedAt ?? ''));
  if (ends.length > 0 && !ends.some(Number.isNaN)) return Math.max(...ends);
  const ready = findCondition(status?.conditions, 'Ready');
  if (ready?.status === 'False' && ready.lastTransitionTime !== undefined) return Date.parse(ready.lastTransitionTime);
  if (metadata.deletionTimestamp !== undefined) {
    return Date.parse(metadata.deletionTimestamp) - (metadata.deletionGracePeriodSeconds ?? 0) * 1000;
  }
  return Date.parse(metadata.creationTimestamp ?? '');
}
