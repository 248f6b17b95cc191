import type { Job, Pod } from '../../../../shared/kubernetes/objects';
import { hasFailed } from './job-pods';

/** Why a job ends or is about to. */
export interface Verdict {
  readonly reason: string;
  readonly message: string;
}

type Rule = NonNullable<NonNullable<NonNullable<Job['spec']>['podFailurePolicy']>['rules']>[number];

/** The failure policy's first rule that a failed pod meets, with what it met it by (pod_failure_policy.go). */
export function matchFailurePolicy(job: Job, pod: Pod): { action: string; message: string } | undefined {
  for (const [index, rule] of (job.spec?.podFailurePolicy?.rules ?? []).entries()) {
    const met = exitCodeMessage(rule, pod) ?? conditionMessage(rule, pod);
    if (met !== undefined)
      return { action: rule.action, message: `${met} matching ${rule.action} rule at index ${index}` };
  }
  return undefined;
}

function exitCodeMessage({ onExitCodes: wanted }: Rule, pod: Pod): string | undefined {
  if (wanted === undefined || wanted === null) return undefined;
  const statuses = [...(pod.status?.initContainerStatuses ?? []), ...(pod.status?.containerStatuses ?? [])];
  for (const { name, state } of statuses) {
    const code = state?.terminated?.exitCode;
    if (code === undefined || code === 0) continue;
    if (wanted.containerName && wanted.containerName !== name) continue;
    if (wanted.values.includes(code) !== (wanted.operator === 'In')) continue;
    return `Container ${name} for pod ${pod.metadata.namespace}/${pod.metadata.name} failed with exit code ${code}`;
  }
  return undefined;
}

function conditionMessage({ onPodConditions: wanted }: Rule, pod: Pod): string | undefined {
  const met = wanted?.find((pattern) =>
    pod.status?.conditions?.some(({ type, status }) => type === pattern.type && status === (pattern.status ?? 'True')),
  );
  if (met === undefined) return undefined;
  return `Pod ${pod.metadata.namespace}/${pod.metadata.name} has condition ${met.type}`;
}

/** What ends the job as failed now, if anything does (job_controller.go, `syncJob`). @param failed counted and yet to count. */
export function failureOf(job: Job, pods: readonly Pod[], failed: number, now: number): Verdict | undefined {
  for (const pod of pods) {
    if (!hasFailed(job, pod)) continue;
    const match = matchFailurePolicy(job, pod);
    if (match?.action === 'FailJob') return { reason: 'PodFailurePolicy', message: match.message };
  }
  const limit = job.spec?.backoffLimit ?? 6;
  if (failed > limit || restartedTooOften(job, pods, limit)) {
    return { reason: 'BackoffLimitExceeded', message: 'Job has reached the specified backoff limit' };
  }
  const deadline = untilDeadline(job, now);
  if (deadline !== undefined && deadline <= 0) {
    return { reason: 'DeadlineExceeded', message: 'Job was active longer than specified deadline' };
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

/** Milliseconds until `activeDeadlineSeconds` have passed; `undefined` when the clock does not run. */
export function untilDeadline(job: Job, now: number): number | undefined {
  const { activeDeadlineSeconds, suspend } = job.spec ?? {};
  const start = job.status?.startTime;
  if (activeDeadlineSeconds === undefined || suspend === true || start === undefined) return undefined;
  return Date.parse(start) + activeDeadlineSeconds * 1000 - now;
}
