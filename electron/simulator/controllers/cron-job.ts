import { messageOf } from '../../../shared/error-message';
import { isConditionTrue } from '../../../shared/kubernetes/conditions';
import { isKnownTimeZone, nextTime, parseCron } from '../../../shared/kubernetes/cron';
import type { CronJob, Job } from '../../../shared/kubernetes/objects';
import { controllerOf, controllerReference, isControlledBy } from '../../../shared/kubernetes/owners';
import { cronJobs, jobs } from '../../../shared/kubernetes/resources';
import { isAlreadyExists, isNamespaceTerminating, isNotFound } from '../../../shared/kubernetes/status-error';
import type { ComponentContext, ComponentDefinition } from '../component';
import type { Informer } from '../informer';
import { dependentsOf, indexByController } from './adoption';
import { Controller, updateStatus } from './controller';
import { equivalent } from './equality';
import { isFinished } from './job/ending';

type Status = NonNullable<CronJob['status']>;

/** So many missed times are a clock gone wrong rather than a controller that was away. */
const TOO_MANY = 100;
/** The controller looks a little after the full minute, never before it (milliseconds). */
const DELTA = 100;

/** Starts each CronJob's jobs when their time has come (pkg/controller/cronjob/cronjob_controllerv2.go). */
class CronJobController extends Controller {
  readonly #cronJobs: Informer<CronJob>;
  readonly #jobs: Informer<Job>;

  constructor(context: ComponentContext) {
    super('cronjob-controller', context);
    this.#cronJobs = this.primary(cronJobs);
    this.#jobs = this.watch(jobs, (job) => {
      const owner = controllerOf(job);
      if (owner?.kind === 'CronJob') this.enqueue(`${job.metadata.namespace}/${owner.name}`);
    });
    indexByController(this.#jobs);
  }

  protected async reconcile(key: string): Promise<void> {
    const cached = this.#cronJobs.getByKey(key);
    if (cached === undefined) return;
    const children = dependentsOf(this.#jobs, cached);
    let cron = await this.#settle(cached, this.#checkActive(cached, children));
    if (cron.metadata.deletionTimestamp === undefined && cron.spec?.suspend !== true) {
      cron = await this.#startDue(key, cron);
    }
    await this.#trimHistory(cron, children);
  }

  async #settle(cron: CronJob, status: Status): Promise<CronJob> {
    return equivalent(status, cron.status) ? cron : updateStatus(this.context, cronJobs, cron, status);
  }

  /** Takes ended and vanished jobs off the active list, and lists again what it lacks. */
  #checkActive(cron: CronJob, children: readonly Job[]): Status {
    const status: Status = { ...cron.status };
    let active = [...(status.active ?? [])];
    for (const job of children) {
      const { name, uid } = job.metadata;
      const listed = active.some((reference) => reference.uid === uid);
      if (!isFinished(job)) {
        // Just made: the status that lists it is on its way.
        const fresh = Date.parse(job.metadata.creationTimestamp ?? '') >= Date.parse(status.lastScheduleTime ?? '0');
        if (!listed && !fresh) {
          this.#tell(
            cron,
            'Warning',
            'UnexpectedJob',
            `Saw a job that the controller did not create or forgot: ${name}`,
          );
        }
        continue;
      }
      const complete = isConditionTrue(job.status?.conditions, 'Complete');
      if (listed) {
        active = active.filter((reference) => reference.uid !== uid);
        const condition = complete ? 'Complete' : 'Failed';
        this.#tell(cron, 'Normal', 'SawCompletedJob', `Saw completed job: ${name}, condition: ${condition}`);
      }
      const { completionTime } = job.status ?? {};
      if (complete && completionTime !== undefined && completionTime > (status.lastSuccessfulTime ?? '')) {
        status.lastSuccessfulTime = completionTime;
      }
    }
    for (const reference of active) {
      // A job younger than the cache is not missing: creating it listed it.
      const known = children.some(({ metadata }) => metadata.uid === reference.uid);
      if (known || this.#awaited.has(reference.uid ?? '')) continue;
      this.#tell(cron, 'Normal', 'MissingJob', `Active job went missing: ${reference.name}`);
      active = active.filter((each) => each !== reference);
    }
    for (const { metadata } of children) this.#awaited.delete(metadata.uid ?? '');
    return { ...status, active };
  }

  /** Jobs that were made and that the cache has not shown yet, by uid. */
  readonly #awaited = new Set<string>();

  async #startDue(key: string, cron: CronJob): Promise<CronJob> {
    const { spec, metadata, status } = cron;
    if (spec === undefined) return cron;
    if (spec.timeZone !== undefined && !isKnownTimeZone(spec.timeZone)) {
      this.#tell(
        cron,
        'Warning',
        'UnknownTimeZone',
        `invalid timeZone: "${spec.timeZone}": unknown time zone ${spec.timeZone}`,
      );
      return cron;
    }
    try {
      parseCron(spec.schedule);
    } catch (error) {
      const message = `unparseable schedule: "${spec.schedule}" : ${messageOf(error)}`;
      this.#tell(cron, 'Warning', 'UnparseableSchedule', message);
      return cron;
    }
    const { due, next } = this.#times(cron);
    if (next !== undefined) this.enqueueAfter(key, next - this.now + DELTA);
    if (due === undefined) return cron;
    const deadline = spec.startingDeadlineSeconds;
    if (deadline !== undefined && due + deadline * 1000 < this.now) {
      const moment = new Date(due).toUTCString().replace('GMT', '+0000');
      this.#tell(cron, 'Warning', 'MissSchedule', `Missed scheduled time to start a job: ${moment}`);
      return cron;
    }
    const name = `${metadata.name}-${Math.floor(due / 60_000)}`;
    const active = status?.active ?? [];
    if (active.some((reference) => reference.name === name)) return cron;
    if (spec.concurrencyPolicy === 'Forbid' && active.length > 0) {
      const message = 'Not starting job because prior execution is running and concurrency policy is Forbid';
      this.#tell(cron, 'Normal', 'JobAlreadyActive', message);
      return cron;
    }
    if (spec.concurrencyPolicy === 'Replace') {
      for (const reference of active) await this.#delete(cron, reference.name ?? '');
    }
    const job = await this.#create(cron, name, due);
    if (job === undefined) return cron;
    const reference = {
      kind: 'Job',
      apiVersion: 'batch/v1',
      name,
      ...(metadata.namespace === undefined ? {} : { namespace: metadata.namespace }),
      ...(job.metadata.uid === undefined ? {} : { uid: job.metadata.uid }),
      ...(job.metadata.resourceVersion === undefined ? {} : { resourceVersion: job.metadata.resourceVersion }),
    };
    const kept = spec.concurrencyPolicy === 'Replace' ? [] : active;
    const lastScheduleTime = `${new Date(due).toISOString().slice(0, 19)}Z`;
    return updateStatus(this.context, cronJobs, cron, { ...status, active: [...kept, reference], lastScheduleTime });
  }

  /** The latest time that has passed unused, and the next to come (utils.go, `mostRecentScheduleTime`). */
  #times(cron: CronJob): { due: number | undefined; next: number | undefined } {
    const { schedule = '', timeZone, startingDeadlineSeconds } = cron.spec ?? {};
    let earliest = Date.parse(cron.status?.lastScheduleTime ?? cron.metadata.creationTimestamp ?? '');
    if (startingDeadlineSeconds !== undefined) {
      earliest = Math.max(earliest, this.now - startingDeadlineSeconds * 1000);
    }
    let due: number | undefined;
    let missed = 0;
    let next = nextTime(schedule, earliest, timeZone);
    while (next !== undefined && next <= this.now) {
      due = next;
      missed++;
      next = nextTime(schedule, next, timeZone);
    }
    if (missed > TOO_MANY) {
      const message = 'too many missed start times. Set or decrease .spec.startingDeadlineSeconds or check clock skew';
      this.#tell(cron, 'Warning', 'TooManyMissedTimes', message);
    }
    return { due, next };
  }

  async #create(cron: CronJob, name: string, due: number): Promise<Job | undefined> {
    const { namespace } = cron.metadata;
    const template = cron.spec?.jobTemplate;
    const job: Job = {
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: {
        name,
        ...(namespace === undefined ? {} : { namespace }),
        labels: { ...template?.metadata?.labels },
        annotations: {
          ...template?.metadata?.annotations,
          'batch.kubernetes.io/cronjob-scheduled-timestamp': `${new Date(due).toISOString().slice(0, 19)}Z`,
        },
        ownerReferences: [controllerReference(cron, cronJobs)],
      },
      ...(template?.spec === undefined ? {} : { spec: template.spec }),
    };
    try {
      const created = await this.context.client.create(jobs, job);
      this.#awaited.add(created.metadata.uid ?? '');
      this.#tell(cron, 'Normal', 'SuccessfulCreate', `Created job ${name}`);
      return created;
    } catch (error) {
      if (isNamespaceTerminating(error)) return undefined;
      if (isAlreadyExists(error)) {
        // Made in a round whose status was not written any more.
        const present = await this.context.client.get(jobs, namespace, name);
        return isControlledBy(present, cron) ? present : undefined;
      }
      this.#tell(cron, 'Warning', 'FailedCreate', `Error creating job: ${messageOf(error)}`);
      throw error;
    }
  }

  async #delete(cron: CronJob, name: string): Promise<void> {
    try {
      await this.context.client.delete(jobs, cron.metadata.namespace, name, { propagationPolicy: 'Background' });
    } catch (error) {
      if (isNotFound(error)) return;
      this.#tell(cron, 'Warning', 'FailedDelete', `Deleted job: ${messageOf(error)}`);
      throw error;
    }
    this.#tell(cron, 'Normal', 'SuccessfulDelete', `Deleted job ${name}`);
  }

  /** Deletes ended jobs beyond the history limits, the oldest first (`cleanupFinishedJobs`). */
  async #trimHistory(cron: CronJob, children: readonly Job[]): Promise<void> {
    const { successfulJobsHistoryLimit = 3, failedJobsHistoryLimit = 1 } = cron.spec ?? {};
    const startOf = ({ metadata, status }: Job) => status?.startTime ?? metadata.creationTimestamp ?? '';
    for (const [type, limit] of [
      ['Complete', successfulJobsHistoryLimit],
      ['Failed', failedJobsHistoryLimit],
    ] as const) {
      const ended = children
        .filter((job) => isConditionTrue(job.status?.conditions, type) && job.metadata.deletionTimestamp === undefined)
        .sort((a, b) => (startOf(a) < startOf(b) ? -1 : 1));
      for (const job of ended.slice(0, Math.max(0, ended.length - limit))) {
        await this.#delete(cron, job.metadata.name ?? '');
      }
    }
  }

  #tell(cron: CronJob, type: 'Normal' | 'Warning', reason: string, message: string): void {
    this.context.events.event(cron, type, reason, message);
  }
}

export const cronJobController: ComponentDefinition = {
  name: 'cronjob-controller',
  user: 'system:serviceaccount:kube-system:cronjob-controller',
  create: (context) => new CronJobController(context),
};
