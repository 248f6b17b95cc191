import { findCondition, isConditionTrue } from '../../../../shared/kubernetes/conditions';
import type { Job, Pod } from '../../../../shared/kubernetes/objects';
import { controllerOf } from '../../../../shared/kubernetes/owners';
import { jobs, pods } from '../../../../shared/kubernetes/resources';
import { selectorFromLabelSelector } from '../../../../shared/kubernetes/selectors';
import { isNamespaceTerminating, isNotFound } from '../../../../shared/kubernetes/status-error';
import { timestamp } from '../../clock';
import type { ComponentContext, ComponentDefinition } from '../../component';
import { type Informer, keyOf } from '../../informer';
import { claim } from '../adoption';
import { Controller, updateStatus } from '../controller';
import { equivalent } from '../equality';
import { Expectations } from '../expectations';
import { omitEmpty } from '../omit-empty';
import { watchOwnedPods } from '../owned-pods';
import { PodControl } from '../pod-control';
import { type Failures, NO_FAILURES, withFinished } from './back-off';
import { COMPLETED, type Ending, endingOf, isFinished, untilDeadline } from './ending';
import { matchFailurePolicy } from './failure-policy';
import { formatIndexes } from './indexes';
import { hasFailed, hasSucceeded, indexOf, isIndexed, TRACKING } from './job-pods';
import { JobState } from './job-state';
import { isEnding, PodCount, readyAmong } from './pod-count';

type Status = NonNullable<Job['status']>;
type Condition = NonNullable<Status['conditions']>[number];

/** Marks the keys of pods that keep the tracking finalizer without a job to count them. */
const STRAY = 'stray/';

/** The value of `managedBy` that means this controller. */
const OURSELVES = 'kubernetes.io/job-controller';

/** How many pods are written down as uncounted at once, which bounds the status (`MaxUncountedPods`). */
const MOST_UNCOUNTED = 500;

/** Runs each Job's pods to their end and counts them exactly once (pkg/controller/job/job_controller.go). */
class JobController extends Controller {
  readonly #jobs: Informer<Job>;
  readonly #pods: Informer<Pod>;
  readonly #expectations: Expectations;
  readonly #podCount: PodCount;
  /** By job. */
  readonly #failures = new Map<string, Failures>();
  /** Pods whose finalizer was taken off and whose cached copy does not show it yet: they are counted already. */
  readonly #released = new Set<string>();
  /** Jobs that were written as ended and whose cached copy does not show it yet. */
  readonly #ended = new Set<string>();

  constructor(context: ComponentContext) {
    super('job-controller', context);
    this.#expectations = new Expectations(context.clock);
    const control = new PodControl(context, jobs);
    this.#podCount = new PodCount(context, this.#expectations, control, (pod) => this.#release(pod));
    this.#jobs = this.primary(jobs);
    this.#pods = watchOwnedPods(context.informers, {
      resource: jobs,
      owners: this.#jobs,
      expectations: this.#expectations,
      selectorOf,
      changed: (key) => this.enqueue(key),
      changesAfter: (key, delay) => this.enqueueAfter(key, delay),
    });
    const noteFinalizer = (pod: Pod) => {
      const { uid = '', finalizers } = pod.metadata;
      if (!finalizers?.includes(TRACKING)) this.#released.delete(uid);
      else if (this.#isStray(pod)) this.enqueue(STRAY + keyOf(pod));
    };
    this.#pods.addHandlers({
      add: noteFinalizer,
      update: noteFinalizer,
      delete: (pod) => this.#released.delete(pod.metadata.uid ?? ''),
    });
    this.#jobs.addHandlers({
      delete: (job) => {
        this.#ended.delete(job.metadata.uid ?? '');
        for (const pod of this.#pods.byIndex('controller', job.metadata.uid ?? '')) this.enqueue(STRAY + keyOf(pod));
      },
    });
  }

  protected async reconcile(key: string): Promise<void> {
    if (key.startsWith(STRAY)) return this.#freeStray(key.slice(STRAY.length));
    const job = this.#jobs.getByKey(key);
    if (job === undefined) {
      this.#expectations.forget(key);
      this.#failures.delete(key);
      return;
    }
    const { uid = '' } = job.metadata;
    if (isManagedElsewhere(job)) return;
    if (isFinished(job)) {
      this.#failures.delete(key);
      this.#ended.delete(uid);
      return;
    }
    if (this.#ended.has(uid)) return;
    // Before the pods are looked at: what shows afterwards was not counted.
    const isCurrent = this.#expectations.satisfied(key);
    const owned = await claim(this.context.client, jobs, job, pods, this.#pods, selectorOf(job), {
      finalizer: TRACKING,
    });
    await this.#sync(key, new JobState(job, owned, this.#released), isCurrent);
  }

  /**
   * One look at one job: the counts are gathered first, and all that follows goes by them (`syncJob`).
   * @param isCurrent whether the cache shows all that was made and removed.
   */
  async #sync(key: string, state: JobState, isCurrent: boolean): Promise<void> {
    const { job } = state;
    const failures = withFinished(this.#failures.get(key) ?? NO_FAILURES, state.newlySucceeded, state.newlyFailed);
    const isSuspended = job.spec?.suspend === true;
    const isDeleted = job.metadata.deletionTimestamp !== undefined;
    const status: Status = { ...job.status, conditions: [...(job.status?.conditions ?? [])] };
    if (!isSuspended) status.startTime ??= timestamp(this.context.clock);
    let active = state.active.length;
    let removed: readonly Pod[] = [];
    let problem: unknown;
    let ending = endingOf(state, this.now);
    if (ending !== undefined) {
      const ended = await this.#podCount.end(job, state.active);
      ({ removed, error: problem } = ended);
      // While pods may be unknown or go on, it has not ended.
      if (removed.length !== active || !isCurrent) ending = undefined;
      active -= removed.length;
    } else {
      const wait = untilDeadline({ ...job, status }, this.now);
      if (wait !== undefined) this.enqueueAfter(key, wait);
      const isManaged = isCurrent && !isDeleted;
      const terminating = state.pods.filter(isEnding).length;
      if (isManaged) {
        const change = await this.#podCount.adjust(key, state, terminating, failures);
        ({ active, removed, error: problem } = change);
        if (change.wait !== undefined) this.enqueueAfter(key, change.wait);
      }
      if (active === 0 && hasEnough(state)) ending = COMPLETED;
      else if (isManaged) this.#noteSuspension(job, status);
    }
    status.active = active;
    status.ready = readyAmong(state.active) - readyAmong(removed);
    status.terminating = state.pods.filter(isEnding).length + removed.length;
    await this.#track(key, state, status, ending, failures);
    if (problem !== undefined && !isNamespaceTerminating(problem)) throw problem;
  }

  #noteSuspension(job: Job, status: Status): void {
    const { events, clock } = this.context;
    if (job.spec?.suspend === true) {
      if (!this.#set(status, 'Suspended', 'True', 'JobSuspended', 'Job suspended')) return;
      events.event(job, 'Normal', 'Suspended', 'Job suspended');
      delete status.startTime;
    } else if (this.#set(status, 'Suspended', 'False', 'JobResumed', 'Job resumed')) {
      events.event(job, 'Normal', 'Resumed', 'Job resumed');
      // The deadline is about the time in which it may run.
      status.startTime = timestamp(clock);
    }
  }

  /**
   * Counts finished pods: first their uids are written down, then their finalizers go, and only then do the numbers grow, so
   * that neither a crash nor a stale cache counts one twice (`trackJobStatusAndRemoveFinalizers`).
   * @param status is written, with what is counted.
   */
  async #track(
    key: string,
    state: JobState,
    status: Status,
    ending: Ending | undefined,
    failures: Failures,
  ): Promise<void> {
    const tracked = new Set(state.pods.filter((pod) => state.isTracked(pod)).map(({ metadata }) => metadata.uid ?? ''));
    count(status, tracked);
    const done = this.#noteUncounted(state, status, ending);
    if (ending !== undefined) {
      const type = ending.succeeds ? 'SuccessCriteriaMet' : 'FailureTarget';
      if (!isConditionTrue(status.conditions, type)) {
        this.#set(status, type, 'True', ending.reason, ending.message);
      }
    }
    let job = await this.#write(state.job, status);
    this.#failures.set(key, failures);
    let problem: unknown;
    for (const pod of done.pods) {
      try {
        await this.#release(pod);
        tracked.delete(pod.metadata.uid ?? '');
      } catch (error) {
        problem ??= error;
      }
    }
    count(status, tracked);
    if (problem !== undefined) {
      await this.#write(job, status);
      throw problem;
    }
    const { succeeded = [], failed = [] } = status.uncountedTerminatedPods ?? {};
    const hasEnded =
      ending !== undefined &&
      done.areAll &&
      succeeded.length + failed.length === 0 &&
      // The last word waits until no pod of the job runs any more.
      status.terminating === 0;
    if (hasEnded) {
      this.#set(status, ending.succeeds ? 'Complete' : 'Failed', 'True', ending.reason, ending.message);
      if (ending.succeeds) status.completionTime = timestamp(this.context.clock);
    }
    job = await this.#write(job, status);
    if (hasEnded) this.#tellEnd(job, ending);
  }

  /** Writes down the pods that have ended, or were given up. @returns them, and whether there are no more. */
  #noteUncounted(state: JobState, status: Status, ending: Ending | undefined): { pods: Pod[]; areAll: boolean } {
    const { job } = state;
    const succeeded = new Set(status.uncountedTerminatedPods?.succeeded);
    const failed = new Set(status.uncountedTerminatedPods?.failed);
    const completed = new Set(state.completedBefore);
    const done: Pod[] = [];
    let areAll = true;
    for (const pod of state.pods) {
      const { uid = '' } = pod.metadata;
      if (!state.isTracked(pod) || !state.isDone(pod, ending !== undefined)) continue;
      done.push(pod);
      const isFailure = hasFailed(job, pod) || ending?.succeeds === false;
      if (hasSucceeded(pod) && !failed.has(uid)) {
        if (!isIndexed(job)) succeeded.add(uid);
        else if (state.isValid(pod)) completed.add(indexOf(pod) ?? 0);
      } else if (isFailure && state.isValid(pod) && matchFailurePolicy(job, pod)?.action !== 'Ignore') failed.add(uid);
      const noted = succeeded.size + failed.size + completed.size - state.completedBefore.size;
      if (noted >= MOST_UNCOUNTED) {
        areAll = false;
        break;
      }
    }
    status.uncountedTerminatedPods = omitEmpty({ succeeded: [...succeeded], failed: [...failed] });
    if (isIndexed(job)) {
      status.succeeded = completed.size;
      status.completedIndexes = formatIndexes(completed);
      if (state.failedIndexes !== undefined) status.failedIndexes = formatIndexes(state.failedIndexes);
    }
    return { pods: done, areAll };
  }

  /** @returns whether that changed anything (`ensureJobConditionStatus`). */
  #set(status: Status, type: string, value: 'True' | 'False', reason: string, message: string): boolean {
    const now = timestamp(this.context.clock);
    const conditions = status.conditions ?? [];
    const present = findCondition(conditions, type);
    if (present === undefined && value === 'False') return false;
    if (present?.status === value && present.reason === reason && present.message === message) return false;
    const next: Condition = { type, status: value, lastProbeTime: now, lastTransitionTime: now, reason, message };
    status.conditions =
      present === undefined ? [...conditions, next] : conditions.with(conditions.indexOf(present), next);
    return true;
  }

  #tellEnd(job: Job, { succeeds, reason, message }: Ending): void {
    const { events } = this.context;
    this.#ended.add(job.metadata.uid ?? '');
    if (!succeeds) {
      events.event(job, 'Warning', reason, message);
      return;
    }
    const { completions } = job.spec ?? {};
    if (completions !== undefined && (job.status?.succeeded ?? 0) > completions) {
      const tooMany = 'Too many succeeded pods running after completion count reached';
      events.event(job, 'Warning', 'TooManySucceededPods', tooMany);
    }
    events.event(job, 'Normal', 'Completed', 'Job completed');
  }

  async #write(job: Job, status: Status): Promise<Job> {
    if (equivalent(withoutZeros(status), withoutZeros(job.status))) return job;
    return updateStatus(this.context, jobs, job, omitEmpty(status, 'ready', 'terminating', 'failedIndexes'));
  }

  /** Whether no job is left that would count this pod. */
  #isStray(pod: Pod): boolean {
    const owner = controllerOf(pod);
    if (owner === undefined) return true;
    if (owner.kind !== 'Job') return false;
    const job = this.#jobs.get(pod.metadata.namespace, owner.name);
    if (job === undefined || job.metadata.uid !== owner.uid) return true;
    return isFinished(job) && !isManagedElsewhere(job);
  }

  async #freeStray(key: string): Promise<void> {
    const pod = this.#pods.getByKey(key);
    if (pod?.metadata.finalizers?.includes(TRACKING) && this.#isStray(pod)) await this.#release(pod);
  }

  /** Takes off a pod's finalizer, if it has one. */
  async #release(pod: Pod): Promise<void> {
    const { namespace, name = '', uid = '', finalizers } = pod.metadata;
    if (!finalizers?.includes(TRACKING)) return;
    const patch = { metadata: { uid, '$deleteFromPrimitiveList/finalizers': [TRACKING] } };
    this.#released.add(uid);
    try {
      await this.context.client.patch(pods, namespace, name, 'strategic', patch);
    } catch (error) {
      if (isNotFound(error)) return;
      this.#released.delete(uid);
      throw error;
    }
  }
}

/** Counts the pods that were written down and whose finalizers are gone (`cleanUncountedPodsWithoutFinalizers`). */
function count(status: Status, tracked: ReadonlySet<string>): void {
  const { succeeded = [], failed = [] } = status.uncountedTerminatedPods ?? {};
  const left = (uids: string[]) => uids.filter((uid) => tracked.has(uid));
  const next = { succeeded: left(succeeded), failed: left(failed) };
  status.succeeded = (status.succeeded ?? 0) + succeeded.length - next.succeeded.length;
  status.failed = (status.failed ?? 0) + failed.length - next.failed.length;
  status.uncountedTerminatedPods = omitEmpty(next);
}

/** Whether enough pods have succeeded: as many as are asked for, or one where no number is. */
function hasEnough({ job, succeeded }: JobState): boolean {
  return succeeded >= (job.spec?.completions ?? 1);
}

function selectorOf(job: Job) {
  return selectorFromLabelSelector(job.spec?.selector);
}

function isManagedElsewhere({ spec }: Job): boolean {
  return spec?.managedBy !== undefined && spec.managedBy !== OURSELVES;
}

/** Absent counts are zero. */
function withoutZeros(status: Status | undefined): object {
  return Object.fromEntries(Object.entries(status ?? {}).filter(([, value]) => value !== 0));
}

export const jobController: ComponentDefinition = {
  name: 'job-controller',
  user: 'system:serviceaccount:kube-system:job-controller',
  create: (context) => new JobController(context),
};
