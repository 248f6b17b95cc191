import {
  findCondition,
  isConditionTrue,
  isPodActive,
  isPodFinished,
  isPodReady,
} from '../../../../shared/kubernetes/conditions';
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
import { PodControl, slowStart } from '../pod-control';
import { rankVictims } from '../replica-set/ranking';
import { PodBackOff } from './back-off';
import { failureOf, matchFailurePolicy, untilDeadline, type Verdict } from './failure';
import { firstPending, formatIndexes, parseIndexes } from './indexes';
import {
  finishedAt,
  hasFailed,
  hasSucceeded,
  indexedMetadata,
  indexedTemplate,
  indexOf,
  isIndexed,
  TRACKING,
} from './job-pods';

type Status = NonNullable<Job['status']>;
type Condition = NonNullable<Status['conditions']>[number];

/** The most pods made or removed in one round. */
const BURST = 500;

/** Marks the keys of pods that keep the tracking finalizer without a job to count them. */
const STRAY = 'stray/';

const COMPLETED: Verdict = { reason: 'CompletionsReached', message: 'Reached expected number of succeeded pods' };

/** Runs each Job's pods to their end and counts them exactly once (pkg/controller/job/job_controller.go). */
class JobController extends Controller {
  readonly #jobs: Informer<Job>;
  readonly #pods: Informer<Pod>;
  readonly #expectations: Expectations;
  readonly #control: PodControl<Job>;
  readonly #backOff = new PodBackOff();
  /** Pods whose finalizer was taken off and whose cached copy does not show it yet: they are counted already. */
  readonly #released = new Set<string>();

  constructor(context: ComponentContext) {
    super('job-controller', context);
    this.#expectations = new Expectations(context.clock);
    this.#control = new PodControl(context, jobs);
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
        for (const pod of this.#pods.byIndex('controller', job.metadata.uid ?? '')) this.enqueue(STRAY + keyOf(pod));
      },
    });
  }

  protected async reconcile(key: string): Promise<void> {
    if (key.startsWith(STRAY)) return this.#freeStray(key.slice(STRAY.length));
    const job = this.#jobs.getByKey(key);
    if (job === undefined) {
      this.#expectations.forget(key);
      return this.#backOff.reset(key);
    }
    if (isFinished(job) || job.metadata.deletionTimestamp !== undefined) return;
    const owned = await claim(
      this.context.client,
      jobs,
      job,
      pods,
      this.#pods,
      selectorOf(job),
      (pod) => !isPodFinished(pod),
    );
    await this.#sync(key, job, owned);
  }

  /** One look at one job: the counts are gathered first, and all that follows goes by them. */
  async #sync(key: string, job: Job, owned: readonly Pod[]): Promise<void> {
    const counted = await this.#count(job, owned);
    const { succeeded = 0, failed = 0 } = counted.status ?? {};
    let active = owned.filter(isPodActive);
    const suspended = job.spec?.suspend === true;
    const target = findCondition(job.status?.conditions, 'FailureTarget');
    const failure: Verdict | undefined =
      target?.status === 'True'
        ? { reason: target.reason ?? '', message: target.message ?? '' }
        : failureOf(job, owned, failed, this.now);
    let terminating = owned.filter((pod) => pod.metadata.deletionTimestamp !== undefined && !isPodFinished(pod)).length;
    let problem: unknown;
    const complete = failure === undefined && isComplete(job, succeeded, active.length);

    if (this.#expectations.satisfied(key)) {
      if (failure !== undefined || suspended || complete) {
        problem = await this.#remove(key, counted, active);
        terminating += active.length;
        active = [];
      } else {
        const change = await this.#manage(key, counted, owned, active);
        active = change.active;
        terminating += change.removed;
        problem = change.error;
      }
    }

    const verdict = failure ?? (complete ? COMPLETED : undefined);
    const status = this.#status(counted, active, terminating, failure, verdict);
    await this.#write(counted, status);
    const wait = untilDeadline({ ...job, status }, this.now);
    if (wait !== undefined && verdict === undefined) this.enqueueAfter(key, Math.max(0, wait));
    if (problem !== undefined && !isNamespaceTerminating(problem)) throw problem;
  }

  /**
   * Counts finished pods: first their uids are written down, then their finalizers go, and only then do the numbers grow, so
   * that neither a crash nor a stale cache counts one twice (`trackJobStatusAndRemoveFinalizers`).
   */
  async #count(job: Job, owned: readonly Pod[]): Promise<Job> {
    const key = keyOf(job);
    const present = job.status?.uncountedTerminatedPods ?? {};
    const uncounted = { succeeded: new Set(present.succeeded), failed: new Set(present.failed) };
    const completions = job.spec?.completions ?? 0;
    const indexes = parseIndexes(job.status?.completedIndexes, completions);
    const finished: Pod[] = [];
    const failures: number[] = [];
    for (const pod of owned) {
      const { uid = '', finalizers } = pod.metadata;
      if (!finalizers?.includes(TRACKING) || this.#released.has(uid)) continue;
      if (hasSucceeded(pod)) {
        const index = indexOf(pod);
        if (!isIndexed(job)) uncounted.succeeded.add(uid);
        else if (index !== undefined && index < completions) indexes.add(index);
        this.#backOff.reset(key);
      } else if (hasFailed(job, pod)) {
        if (matchFailurePolicy(job, pod)?.action !== 'Ignore' && !uncounted.failed.has(uid)) {
          uncounted.failed.add(uid);
          failures.push(finishedAt(pod, this.now));
        }
      } else continue;
      finished.push(pod);
    }
    if (finished.length === 0 && uncounted.succeeded.size === 0 && uncounted.failed.size === 0) return job;
    const noted: Status = {
      ...job.status,
      uncountedTerminatedPods: omitEmpty({ succeeded: [...uncounted.succeeded], failed: [...uncounted.failed] }),
      ...(isIndexed(job) ? { completedIndexes: formatIndexes(indexes), succeeded: indexes.size } : {}),
    };
    const before = equivalent(noted, job.status) ? job : await updateStatus(this.context, jobs, job, noted);
    for (const at of failures) this.#backOff.failed(key, at);
    for (const pod of finished) await this.#removeFinalizer(pod);
    const { succeeded = 0, failed = 0 } = noted;
    const status: Status = {
      ...noted,
      succeeded: succeeded + uncounted.succeeded.size,
      failed: failed + uncounted.failed.size,
      uncountedTerminatedPods: {},
    };
    return updateStatus(this.context, jobs, before, omitEmpty(status, 'ready', 'terminating'));
  }

  /** Makes or removes pods until as many run as should (`manageJob`). */
  async #manage(
    key: string,
    job: Job,
    owned: readonly Pod[],
    active: readonly Pod[],
  ): Promise<{ active: Pod[]; removed: number; error?: unknown }> {
    const { parallelism = 1, completions } = job.spec ?? {};
    const succeeded = job.status?.succeeded ?? 0;
    const done = completions === undefined ? succeeded > 0 : false;
    const wanted = done ? active.length : Math.min(parallelism, (completions ?? Number.POSITIVE_INFINITY) - succeeded);
    const surplus = rankVictims(active, active, this.now).slice(0, Math.max(0, active.length - Math.max(0, wanted)));
    if (surplus.length > 0) {
      const error = await this.#remove(key, job, surplus);
      return { active: active.filter((pod) => !surplus.includes(pod)), removed: surplus.length, error };
    }
    // Where only ended pods are replaced, those that are ending keep their place.
    const ending = owned.filter((pod) => !isPodActive(pod) && !isPodFinished(pod) && !hasFailed(job, pod)).length;
    const missing = Math.min(wanted - active.length - ending, BURST);
    if (missing <= 0) return { active: [...active], removed: 0 };
    const wait = this.#backOff.remaining(key, this.now);
    if (wait > 0) {
      this.enqueueAfter(key, wait);
      return { active: [...active], removed: 0 };
    }
    return { ...(await this.#create(key, job, active, missing)), removed: 0 };
  }

  async #create(
    key: string,
    job: Job,
    active: readonly Pod[],
    count: number,
  ): Promise<{ active: Pod[]; error?: unknown }> {
    const completions = job.spec?.completions ?? 0;
    const taken = parseIndexes(job.status?.completedIndexes, completions);
    for (const pod of active) taken.add(indexOf(pod) ?? -1);
    const indexes = isIndexed(job) ? firstPending(taken, completions, count) : undefined;
    const number = indexes?.length ?? count;
    const made: Pod[] = [];
    this.#expectations.expectCreations(key, number);
    const { done, error } = await slowStart(number, async (position) => {
      const index = indexes?.[position];
      const template = index === undefined ? (job.spec?.template ?? {}) : indexedTemplate(job, index);
      const metadata = index === undefined ? {} : indexedMetadata(job, index);
      made.push(await this.#control.create(job, template, { ...metadata, finalizers: [TRACKING] }));
    });
    this.#expectations.creationObserved(key, number - done);
    return { active: [...active, ...made], error };
  }

  async #remove(key: string, job: Job, victims: readonly Pod[]): Promise<unknown> {
    this.#expectations.expectDeletions(
      key,
      victims.map(({ metadata }) => metadata.uid ?? ''),
    );
    let problem: unknown;
    for (const pod of victims) {
      try {
        await this.#control.delete(job, pod);
      } catch (error) {
        this.#expectations.deletionObserved(key, pod.metadata.uid ?? '');
        problem = error;
      }
    }
    return problem;
  }

  #status(
    job: Job,
    active: readonly Pod[],
    terminating: number,
    failure: Verdict | undefined,
    verdict: Verdict | undefined,
  ): Status {
    const now = timestamp(this.context.clock);
    const conditions = [...(job.status?.conditions ?? [])];
    const set = (type: string, status: string, { reason, message }: Verdict) => {
      const present = findCondition(conditions, type);
      if (present?.status === status) return;
      const next: Condition = { type, status, lastProbeTime: now, lastTransitionTime: now, reason, message };
      if (present === undefined) conditions.push(next);
      else conditions[conditions.indexOf(present)] = next;
    };
    const { startTime: started, ...rest } = job.status ?? {};
    let startTime = started;
    const suspended = findCondition(conditions, 'Suspended');
    if (verdict === undefined && job.spec?.suspend === true) {
      set('Suspended', 'True', { reason: 'JobSuspended', message: 'Job suspended' });
      if (suspended?.status !== 'True') this.context.events.event(job, 'Normal', 'Suspended', 'Job suspended');
      startTime = undefined;
    } else if (verdict === undefined) {
      if (suspended?.status === 'True') {
        set('Suspended', 'False', { reason: 'JobResumed', message: 'Job resumed' });
        this.context.events.event(job, 'Normal', 'Resumed', 'Job resumed');
      }
      startTime ??= now;
    }
    let ended = {};
    if (verdict !== undefined) {
      set(failure === undefined ? 'SuccessCriteriaMet' : 'FailureTarget', 'True', verdict);
      // The last word waits until no pod of the job runs any more.
      if (active.length === 0 && terminating === 0) {
        set(failure === undefined ? 'Complete' : 'Failed', 'True', verdict);
        if (failure === undefined) ended = { completionTime: now };
      }
    }
    const status: Status = {
      ...rest,
      ...(startTime === undefined ? {} : { startTime }),
      ...ended,
      active: active.length,
      ready: active.filter(isPodReady).length,
      terminating,
      uncountedTerminatedPods: rest.uncountedTerminatedPods ?? {},
      conditions,
    };
    return omitEmpty(status, 'ready', 'terminating');
  }

  async #write(job: Job, status: Status): Promise<void> {
    if (equivalent(withoutZeros(status), withoutZeros(job.status))) return;
    await updateStatus(this.context, jobs, job, status);
    if (isConditionTrue(status.conditions, 'Complete')) {
      this.context.events.event(job, 'Normal', 'Completed', 'Job completed');
    }
    const failed = findCondition(status.conditions, 'Failed');
    if (failed?.status === 'True') {
      this.context.events.event(job, 'Warning', failed.reason ?? '', failed.message ?? '');
    }
    if (isConditionTrue(status.conditions, 'Complete') || failed?.status === 'True') this.#backOff.reset(keyOf(job));
  }

  /** Whether no job is left that would count this pod. */
  #isStray(pod: Pod): boolean {
    const owner = controllerOf(pod);
    if (owner === undefined) return true;
    if (owner.kind !== 'Job') return false;
    const job = this.#jobs.get(pod.metadata.namespace, owner.name);
    return job?.metadata.uid !== owner.uid || isFinished(job);
  }

  async #freeStray(key: string): Promise<void> {
    const pod = this.#pods.getByKey(key);
    if (pod?.metadata.finalizers?.includes(TRACKING) && this.#isStray(pod)) await this.#removeFinalizer(pod);
  }

  async #removeFinalizer(pod: Pod): Promise<void> {
    const { namespace, name = '', uid = '' } = pod.metadata;
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

function selectorOf(job: Job) {
  return selectorFromLabelSelector(job.spec?.selector);
}

/** Whether the job has ended, one way or the other (`IsJobFinished`). */
export function isFinished(job: Job): boolean {
  const { conditions } = job.status ?? {};
  return isConditionTrue(conditions, 'Complete') || isConditionTrue(conditions, 'Failed');
}

function isComplete(job: Job, succeeded: number, active: number): boolean {
  const { completions } = job.spec ?? {};
  return completions === undefined ? succeeded > 0 && active === 0 : succeeded >= completions;
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
