import { findCondition, isConditionTrue } from '../../../../shared/kubernetes/conditions';
import type { Job, Pod } from '../../../../shared/kubernetes/objects';
import { matchFailurePolicy } from './failure-policy';
import { parseIndexes } from './indexes';
import { hasFailed, isIndexed } from './job-pods';
import type { JobState } from './job-state';

/** Why a job ends, or is about to. */
export interface Ending {
  readonly succeeds: boolean;
  readonly reason: string;
  readonly message: string;
}

/** That as many have succeeded as were asked for. */
export const COMPLETED: Ending = {
  succeeds: true,
  reason: 'CompletionsReached',
  message: 'Reached expected number of succeeded pods',
};

/**
 * What ends the job whatever its pods still do, if anything does: what a former round found, then what fails it, then what
 * is enough for its success (job_controller.go, `syncJob`).
 * @param now milliseconds since the epoch.
 */
export function endingOf(state: JobState, now: number): Ending | undefined {
  return foundBefore(state.job) ?? failure(state, now) ?? success(state);
}

function foundBefore({ status }: Job): Ending | undefined {
  for (const [type, succeeds] of [
    ['SuccessCriteriaMet', true],
    ['FailureTarget', false],
  ] as const) {
    const condition = findCondition(status?.conditions, type);
    if (condition?.status !== 'True') continue;
    return { succeeds, reason: condition.reason ?? '', message: condition.message ?? '' };
  }
  return undefined;
}

function failure(state: JobState, now: number): Ending | undefined {
  const { job, pods, failed, failedIndexes, completed } = state;
  const { backoffLimit = 6, completions = 0, maxFailedIndexes } = job.spec ?? {};
  const fails = (reason: string, message: string): Ending => ({ succeeds: false, reason, message });
  for (const pod of pods) {
    const match = hasFailed(job, pod) ? matchFailurePolicy(job, pod) : undefined;
    if (match?.action === 'FailJob') return fails('PodFailurePolicy', match.message);
  }
  if (failed > backoffLimit || restartedTooOften(job, pods, backoffLimit)) {
    return fails('BackoffLimitExceeded', 'Job has reached the specified backoff limit');
  }
  if ((untilDeadline(job, now) ?? 1) <= 0) {
    return fails('DeadlineExceeded', 'Job was active longer than specified deadline');
  }
  if (failedIndexes === undefined) return undefined;
  if (maxFailedIndexes !== undefined && failedIndexes.size > maxFailedIndexes) {
    return fails('MaxFailedIndexesExceeded', 'Job has exceeded the specified maximal number of failed indexes');
  }
  if (failedIndexes.size > 0 && failedIndexes.size + completed.size >= completions) {
    return fails('FailedIndexes', 'Job has failed indexes');
  }
  return undefined;
}

/** With restartPolicy OnFailure it is the restarts that count (`pastBackoffLimitOnFailure`). */
function restartedTooOften(job: Job, pods: readonly Pod[], limit: number): boolean {
  if (job.spec?.template.spec?.restartPolicy !== 'OnFailure') return false;
  const restarts = pods
    .filter((pod) => pod.status?.phase === 'Running' || pod.status?.phase === 'Pending')
    .flatMap((pod) => [...(pod.status?.initContainerStatuses ?? []), ...(pod.status?.containerStatuses ?? [])])
    .reduce((sum, status) => sum + (status.restartCount ?? 0), 0);
  return limit === 0 ? restarts > 0 : restarts >= limit;
}

/** The success policy's first rule that is met (pkg/controller/job/success_policy.go). */
function success({ job, completed }: JobState): Ending | undefined {
  if (!isIndexed(job) || completed.size === 0) return undefined;
  const index = (job.spec?.successPolicy?.rules ?? []).findIndex(({ succeededIndexes, succeededCount }) => {
    if (succeededIndexes === undefined) return succeededCount !== undefined && completed.size >= succeededCount;
    const wanted = parseIndexes(succeededIndexes, job.spec?.completions ?? 0);
    const met = [...wanted].filter((each) => completed.has(each)).length;
    return wanted.size > 0 && (met === wanted.size || (succeededCount !== undefined && met >= succeededCount));
  });
  return index < 0
    ? undefined
    : { succeeds: true, reason: 'SuccessPolicy', message: `Matched rules at index ${index}` };
}

/** Milliseconds until `activeDeadlineSeconds` have passed; `undefined` when the clock does not run. */
export function untilDeadline(job: Job, now: number): number | undefined {
  const { activeDeadlineSeconds, suspend } = job.spec ?? {};
  const start = job.status?.startTime;
  if (activeDeadlineSeconds === undefined || suspend === true || start === undefined) return undefined;
  return Date.parse(start) + activeDeadlineSeconds * 1000 - now;
}

/** Whether the job has ended, one way or the other (`IsJobFinished`). */
export function isFinished({ status }: Job): boolean {
  return isConditionTrue(status?.conditions, 'Complete') || isConditionTrue(status?.conditions, 'Failed');
}
