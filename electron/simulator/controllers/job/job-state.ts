import { isPodActive } from '../../../../shared/kubernetes/conditions';
import type { Job, Pod } from '../../../../shared/kubernetes/objects';
import { finishedAt } from './back-off';
import { matchFailurePolicy } from './failure-policy';
import { parseIndexes } from './indexes';
import { failuresOf, hasFailed, hasSucceeded, indexOf, isIndexed, isLimitedPerIndex, TRACKING } from './job-pods';

/** A job and its pods as one round finds them, with what follows from them alone (job_controller.go, `syncJobCtx`). */
export class JobState {
  readonly job: Job;
  readonly pods: readonly Pod[];
  /** Those that neither ended nor are ending. */
  readonly active: readonly Pod[];
  /** Ended since the job was last written. */
  readonly newlySucceeded: readonly Pod[];
  readonly newlyFailed: readonly Pod[];
  /** How many have succeeded and failed, with those that are yet to be counted. */
  readonly succeeded: number;
  readonly failed: number;
  /** Of an indexed job: the indexes that were completed when it was last written, and those that are now. */
  readonly completedBefore: ReadonlySet<number>;
  readonly completed: ReadonlySet<number>;
  /** The indexes that are given up; `undefined`: they have no limit of their own. */
  readonly failedIndexes: ReadonlySet<number> | undefined;
  /**
   * By index, the failed pod that is kept until its successor is there, because that takes over its count of failures
   * (`getPodsWithDelayedDeletionPerIndex`).
   */
  readonly replaced: ReadonlyMap<number, Pod>;
  readonly #released: ReadonlySet<string>;
  readonly #completions: number;

  /** @param released the uids of pods whose finalizer is gone already, whatever their cached copies show. */
  constructor(job: Job, pods: readonly Pod[], released: ReadonlySet<string>) {
    this.job = job;
    this.pods = pods;
    this.#released = released;
    this.#completions = job.spec?.completions ?? 0;
    this.active = pods.filter(isPodActive);
    const { status = {} } = job;
    const uncounted = status.uncountedTerminatedPods ?? {};
    this.newlySucceeded = this.#finished(uncounted.succeeded, hasSucceeded);
    this.newlyFailed = this.#finished(uncounted.failed, (pod) => hasFailed(job, pod));
    const counted = this.newlyFailed.filter((pod) => matchFailurePolicy(job, pod)?.action !== 'Ignore').length;
    this.failed = (status.failed ?? 0) + counted + (uncounted.failed?.length ?? 0);
    this.completedBefore = parseIndexes(status.completedIndexes, this.#completions);
    this.completed = this.#withIndexes(this.completedBefore, hasSucceeded);
    this.succeeded = isIndexed(job)
      ? this.completed.size
      : (status.succeeded ?? 0) + this.newlySucceeded.length + (uncounted.succeeded?.length ?? 0);
    const isLimited = isLimitedPerIndex(job);
    this.failedIndexes = isLimited
      ? this.#withIndexes(parseIndexes(status.failedIndexes, this.#completions), (pod) => this.#endsIndex(pod))
      : undefined;
    this.replaced = isLimited ? this.#toReplace() : new Map();
  }

  /** Whether a pod is yet to be counted. */
  isTracked({ metadata: { uid = '', finalizers } }: Pod): boolean {
    return finalizers?.includes(TRACKING) === true && !this.#released.has(uid);
  }

  /** Whether a pod works on one of the job's indexes, or the job has none. */
  isValid(pod: Pod): boolean {
    if (!isIndexed(this.job)) return true;
    const index = indexOf(pod);
    return index !== undefined && index < this.#completions;
  }

  /** Whether a pod may be let go and counted (`canRemoveFinalizer`). */
  isDone(pod: Pod, isEnding: boolean): boolean {
    if (this.job.metadata.deletionTimestamp !== undefined || isEnding || hasSucceeded(pod)) return true;
    return hasFailed(this.job, pod) && this.replaced.get(indexOf(pod) ?? -1)?.metadata.uid !== pod.metadata.uid;
  }

  #finished(uncounted: readonly string[] = [], test: (pod: Pod) => boolean): Pod[] {
    return this.pods.filter(
      (pod) => this.isTracked(pod) && !uncounted.includes(pod.metadata.uid ?? '') && this.isValid(pod) && test(pod),
    );
  }

  #withIndexes(before: ReadonlySet<number>, test: (pod: Pod) => boolean): Set<number> {
    const indexes = new Set(before);
    for (const pod of this.pods) {
      const index = indexOf(pod);
      if (index !== undefined && index < this.#completions && this.isTracked(pod) && test(pod)) indexes.add(index);
    }
    return indexes;
  }

  /** Whether there are no further tries after this pod (`isIndexFailed`). */
  #endsIndex(pod: Pod): boolean {
    if (!hasFailed(this.job, pod)) return false;
    const action = matchFailurePolicy(this.job, pod)?.action;
    if (action === 'FailIndex') return true;
    return action !== 'Ignore' && failuresOf(pod).counted >= (this.job.spec?.backoffLimitPerIndex ?? 0);
  }

  #toReplace(): Map<number, Pod> {
    const running = new Set(this.active.map(indexOf));
    const last = new Map<number, Pod>();
    for (const pod of this.#finished([], (each) => hasFailed(this.job, each))) {
      const index = indexOf(pod) ?? -1;
      if (this.completed.has(index) || this.failedIndexes?.has(index) || running.has(index)) continue;
      const other = last.get(index);
      const isLater =
        other === undefined || (failuresOf(other).all <= failuresOf(pod).all && finishedAt(pod) >= finishedAt(other));
      if (isLater) last.set(index, pod);
    }
    return last;
  }
}
