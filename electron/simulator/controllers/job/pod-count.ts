import { isPodReady } from '../../../../shared/kubernetes/conditions';
import type { Job, Pod } from '../../../../shared/kubernetes/objects';
import type { ComponentContext } from '../../component';
import type { Expectations } from '../expectations';
import type { PodControl } from '../pod-control';
import { slowStart } from '../pod-control';
import { rankVictims } from '../replica-set/ranking';
import { backOffAfter, type Failures, finishedAt } from './back-off';
import { firstPending } from './indexes';
import {
  failuresOf,
  indexedMetadata,
  indexedTemplate,
  indexOf,
  isIndexed,
  isLimitedPerIndex,
  replacesFailedOnly,
  TRACKING,
} from './job-pods';
import type { JobState } from './job-state';

/** The most pods made or removed in one round (`MaxPodCreateDeletePerSync`). */
const BURST = 500;

/** What came of making or removing pods. */
export interface Change {
  /** As the status tells it. */
  readonly active: number;
  readonly removed: readonly Pod[];
  /** Milliseconds after which there is to be another round; absent: nothing is waited for. */
  readonly wait?: number;
  readonly error?: unknown;
}

/** Makes or removes a job's pods until as many run as should (job_controller.go, `manageJob`). */
export class PodCount {
  readonly #context: ComponentContext;
  readonly #expectations: Expectations;
  readonly #control: PodControl<Job>;
  /** Takes off the finalizer of a pod that is not to be counted. */
  readonly #release: (pod: Pod) => Promise<void>;

  constructor(
    context: ComponentContext,
    expectations: Expectations,
    control: PodControl<Job>,
    release: (pod: Pod) => Promise<void>,
  ) {
    this.#context = context;
    this.#expectations = expectations;
    this.#control = control;
    this.#release = release;
  }

  async adjust(key: string, state: JobState, terminating: number, failures: Failures): Promise<Change> {
    const { job, active } = state;
    if (job.spec?.suspend === true) return this.#remove(key, job, active, active.length);
    const wanted = wantedOf(state);
    const surplus = surplusOf(state, Math.max(0, active.length - wanted), this.#now).slice(0, BURST);
    if (surplus.length > 0) return this.#remove(key, job, surplus, active.length);
    // Where only ended pods are replaced, those that are ending keep their place.
    const missing = wanted - active.length - (replacesFailedOnly(job) ? terminating : 0);
    if (missing <= 0) return { active: active.length, removed: [] };
    const wait = isLimitedPerIndex(job) ? 0 : backOffAfter(failures, this.#now);
    if (wait > 0) return { active: active.length, removed: [], wait };
    return this.#create(key, state, Math.min(missing, BURST));
  }

  /** Has pods end that may still be counted. @returns those that will. */
  async end(job: Job, victims: readonly Pod[]): Promise<{ removed: Pod[]; error?: unknown }> {
    const removed: Pod[] = [];
    let error: unknown;
    for (const pod of victims) {
      try {
        await this.#control.delete(job, pod);
        removed.push(pod);
      } catch (problem) {
        error ??= problem;
      }
    }
    return { removed, error };
  }

  get #now(): number {
    return this.#context.clock.now();
  }

  async #create(key: string, state: JobState, count: number): Promise<Change> {
    const { job, active, replaced } = state;
    const pending = isIndexed(job) ? pendingIndexes(state, count) : undefined;
    const waits = (pending ?? []).map((index) => this.#waitOf(replaced.get(index)));
    const indexes = pending?.filter((_, position) => waits[position] === 0);
    if (indexes?.length === 0 && waits.length > 0) {
      return { active: active.length, removed: [], wait: Math.min(...waits) };
    }
    const number = indexes?.length ?? count;
    this.#expectations.expectCreations(key, number);
    const { done, error } = await slowStart(number, async (position) => {
      const index = indexes?.[position];
      const template = index === undefined ? (job.spec?.template ?? {}) : indexedTemplate(job, index);
      const metadata = index === undefined ? {} : indexedMetadata(job, index, replaced.get(index));
      await this.#control.create(job, template, { ...metadata, finalizers: [TRACKING] });
    });
    this.#expectations.creationObserved(key, number - done);
    return { active: active.length + done, removed: [], error };
  }

  /** Milliseconds until a failed pod's index may be tried again. */
  #waitOf(failed: Pod | undefined): number {
    if (failed === undefined) return 0;
    return backOffAfter({ count: failuresOf(failed).all + 1, last: finishedAt(failed) }, this.#now);
  }

  /** Takes away pods that are too many; they count as nothing. */
  async #remove(key: string, job: Job, victims: readonly Pod[], active: number): Promise<Change> {
    this.#expectations.expectDeletions(
      key,
      victims.map(({ metadata }) => metadata.uid ?? ''),
    );
    const removed: Pod[] = [];
    let error: unknown;
    for (const pod of victims) {
      try {
        await this.#release(pod);
        await this.#control.delete(job, pod);
        removed.push(pod);
      } catch (problem) {
        this.#expectations.deletionObserved(key, pod.metadata.uid ?? '');
        error ??= problem;
      }
    }
    return { active: active - removed.length, removed, error };
  }
}

/** How many of these pods are ready. */
export function readyAmong(some: readonly Pod[]): number {
  return some.filter(isPodReady).length;
}

function wantedOf({ job, active, succeeded }: JobState): number {
  const { parallelism = 1, completions } = job.spec ?? {};
  if (completions === undefined) return succeeded > 0 ? active.length : parallelism;
  return Math.max(0, Math.min(parallelism, completions - succeeded));
}

/** Which active pods to remove: of an indexed job those without an index or with another's, then as many as are too many. */
function surplusOf({ job, active }: JobState, atLeast: number, now: number): Pod[] {
  if (!isIndexed(job)) return rankVictims(active, active, now).slice(0, atLeast);
  const completions = job.spec?.completions ?? 0;
  const left = new Map<number, Pod>();
  const surplus: Pod[] = [];
  // Of several with one index, that which is furthest stays: it comes last.
  for (const pod of rankVictims(active, active, now)) {
    const index = indexOf(pod);
    if (index === undefined || index >= completions) {
      surplus.push(pod);
      continue;
    }
    const other = left.get(index);
    if (other !== undefined) surplus.push(other);
    left.set(index, pod);
  }
  const kept = [...left.values()];
  const more = rankVictims(kept, kept, now).slice(0, Math.max(0, atLeast - surplus.length));
  return [...surplus, ...more];
}

/** The lowest indexes that nobody works on, has done or has given up (`firstPendingIndexes`). */
function pendingIndexes(
  { job, pods: all, active, completed, failedIndexes = new Set() }: JobState,
  count: number,
): number[] {
  const taken = new Set([...completed, ...failedIndexes, ...active.map((pod) => indexOf(pod) ?? -1)]);
  if (replacesFailedOnly(job)) {
    for (const pod of all) if (isEnding(pod)) taken.add(indexOf(pod) ?? -1);
  }
  return firstPending(taken, job.spec?.completions ?? 0, count);
}

/** Whether a pod is being deleted and has not ended (controller_utils.go, `IsPodTerminating`). */
export function isEnding({ metadata, status }: Pod): boolean {
  return metadata.deletionTimestamp !== undefined && status?.phase !== 'Failed' && status?.phase !== 'Succeeded';
}
