import { findCondition } from '../../../../shared/kubernetes/conditions';
import type { Deployment, ReplicaSet } from '../../../../shared/kubernetes/objects';
import { omitEmpty } from '../omit-empty';
import { availableReplicas, maxUnavailable, specReplicas, statusReplicas, wantedReplicas } from './scaling';

export type Status = NonNullable<Deployment['status']>;
type Conditions = NonNullable<Status['conditions']>;
type Condition = Conditions[number];

/** `progressDeadlineSeconds` of a deployment that has none (the largest int32). */
const NO_DEADLINE = 2 ** 31 - 1;

/** A deployment with its replica sets, as one round sees them. */
export interface Rollout {
  readonly deployment: Deployment;
  readonly current: ReplicaSet | undefined;
  readonly old: readonly ReplicaSet[];
}

/** A condition as of now (`NewDeploymentCondition`). @param now RFC 3339. */
export function newCondition(type: string, status: string, reason: string, message: string, now: string): Condition {
  return { type, status, lastUpdateTime: now, lastTransitionTime: now, reason, message };
}

/** Puts a condition in place unless its status and reason stand already (`SetDeploymentCondition`). */
export function setCondition(conditions: Conditions, condition: Condition): Conditions {
  const present = findCondition(conditions, condition.type);
  if (present?.status === condition.status && present.reason === condition.reason) return conditions;
  return [...conditions.filter((each) => each !== present), transition(condition, present)];
}

function transition(condition: Condition, present: Condition | undefined): Condition {
  return present?.status === condition.status && present.lastTransitionTime !== undefined
    ? { ...condition, lastTransitionTime: present.lastTransitionTime }
    : condition;
}

export function hasDeadline(deployment: Deployment): boolean {
  return (deployment.spec?.progressDeadlineSeconds ?? NO_DEADLINE) !== NO_DEADLINE;
}

/** The counts and the Available condition (pkg/controller/deployment/sync.go, `calculateStatus`). */
export function countedStatus({ deployment, current, old }: Rollout, now: string): Status {
  const all = current === undefined ? old : [...old, current];
  const available = availableReplicas(all);
  const enough = available >= wantedReplicas(deployment) - maxUnavailable(deployment);
  const condition = enough
    ? newCondition('Available', 'True', 'MinimumReplicasAvailable', 'Deployment has minimum availability.', now)
    : newCondition(
        'Available',
        'False',
        'MinimumReplicasUnavailable',
        'Deployment does not have minimum availability.',
        now,
      );
  const { collisionCount } = deployment.status ?? {};
  const status: Status = {
    observedGeneration: deployment.metadata.generation ?? 0,
    replicas: statusReplicas(all),
    updatedReplicas: current?.status?.replicas ?? 0,
    readyReplicas: all.reduce((sum, set) => sum + (set.status?.readyReplicas ?? 0), 0),
    availableReplicas: available,
    unavailableReplicas: Math.max(0, specReplicas(all) - available),
    terminatingReplicas: all.reduce((sum, set) => sum + (set.status?.terminatingReplicas ?? 0), 0),
    ...(collisionCount === undefined ? {} : { collisionCount }),
    conditions: setCondition(deployment.status?.conditions ?? [], condition),
  };
  return omitEmpty(status, 'terminatingReplicas', 'collisionCount');
}

/** Whether all that the deployment wants is there, updated and available (`DeploymentComplete`). */
export function isComplete(deployment: Deployment, status: Status | undefined): boolean {
  const wanted = wantedReplicas(deployment);
  return (
    (status?.updatedReplicas ?? 0) === wanted &&
    (status?.replicas ?? 0) === wanted &&
    (status?.availableReplicas ?? 0) === wanted &&
    (status?.observedGeneration ?? 0) >= (deployment.metadata.generation ?? 0)
  );
}

/** Whether the new counts are nearer to the end than the deployment's present ones (`DeploymentProgressing`). */
function hasProgressed(deployment: Deployment, status: Status): boolean {
  const before = deployment.status ?? {};
  const old = (each: Status) => (each.replicas ?? 0) - (each.updatedReplicas ?? 0);
  const more = (count: (each: Status) => number | undefined) => (count(status) ?? 0) > (count(before) ?? 0);
  return (
    more((each) => each.updatedReplicas) ||
    old(status) < old(before) ||
    more((each) => each.readyReplicas) ||
    more((each) => each.availableReplicas)
  );
}

function hasTimedOut(deployment: Deployment, status: Status, now: number): boolean {
  const condition = findCondition(status.conditions, 'Progressing');
  if (condition === undefined || condition.reason === 'NewReplicaSetAvailable') return false;
  if (condition.reason === 'ProgressDeadlineExceeded') return true;
  return Date.parse(condition.lastUpdateTime ?? '') + (deployment.spec?.progressDeadlineSeconds ?? 0) * 1000 < now;
}

/**
 * The whole status while rolling out, with the Progressing and ReplicaFailure conditions that `kubectl rollout status`
 * goes by (pkg/controller/deployment/progress.go, `syncRolloutStatus`).
 */
export function rolloutStatus(rollout: Rollout, now: { readonly time: number; readonly text: string }): Status {
  const { deployment, current, old } = rollout;
  const status = countedStatus(rollout, now.text);
  let conditions = status.conditions ?? [];
  const present = findCondition(conditions, 'Progressing');
  if (!hasDeadline(deployment)) conditions = conditions.filter((each) => each !== present);
  const settled =
    (status.replicas ?? 0) === (status.updatedReplicas ?? 0) && present?.reason === 'NewReplicaSetAvailable';
  if (hasDeadline(deployment) && !settled) {
    const subject =
      current === undefined ? `Deployment "${deployment.metadata.name}"` : `ReplicaSet "${current.metadata.name}"`;
    const progressing = (value: string, reason: string, text: string) =>
      newCondition('Progressing', value, reason, `${subject} ${text}`, now.text);
    if (isComplete(deployment, status)) {
      const done = progressing('True', 'NewReplicaSetAvailable', 'has successfully progressed.');
      conditions = setCondition(conditions, done);
    } else if (hasProgressed(deployment, status)) {
      // Always written anew: its update time is what the deadline counts from.
      const moving = progressing('True', 'ReplicaSetUpdated', 'is progressing.');
      conditions = [...conditions.filter((each) => each !== present), transition(moving, present)];
    } else if (hasTimedOut(deployment, status, now.time)) {
      conditions = setCondition(
        conditions,
        progressing('False', 'ProgressDeadlineExceeded', 'has timed out progressing.'),
      );
    }
  }
  return { ...status, conditions: withFailure(conditions, current, old) };
}

/** The new replica set's failure counts; an old one's only when the new one has none (`getReplicaFailures`). */
function withFailure(conditions: Conditions, current: ReplicaSet | undefined, old: readonly ReplicaSet[]): Conditions {
  const failures = [current, ...old].map((set) => findCondition(set?.status?.conditions, 'ReplicaFailure'));
  const failure = failures.find((condition) => condition !== undefined);
  if (failure === undefined) return conditions.filter((each) => each.type !== 'ReplicaFailure');
  const { status, lastTransitionTime = '', reason = '', message = '' } = failure;
  return setCondition(conditions, newCondition('ReplicaFailure', status, reason, message, lastTransitionTime));
}

/**
 * Milliseconds until the progress deadline may have passed; `undefined` when nothing is to be waited for
 * (`requeueStuckDeployment`).
 */
export function untilDeadline(deployment: Deployment, now: number): number | undefined {
  const { status, spec } = deployment;
  const condition = findCondition(status?.conditions, 'Progressing');
  if (condition === undefined || !hasDeadline(deployment) || isComplete(deployment, status)) return undefined;
  if (condition.reason === 'ProgressDeadlineExceeded' || condition.reason === 'NewReplicaSetAvailable')
    return undefined;
  const due = Date.parse(condition.lastUpdateTime ?? '') + (spec?.progressDeadlineSeconds ?? 0) * 1000;
  return Math.max(1000, due - now + 1000);
}

/** The Progressing condition that pausing or resuming brings, if any (`checkPausedConditions`). */
export function pausedCondition(deployment: Deployment, now: string): Condition | undefined {
  const present = findCondition(deployment.status?.conditions, 'Progressing');
  if (!hasDeadline(deployment) || present?.reason === 'ProgressDeadlineExceeded') return undefined;
  const told = present?.reason === 'DeploymentPaused';
  const paused = deployment.spec?.paused === true;
  if (paused === told) return undefined;
  return paused
    ? newCondition('Progressing', 'Unknown', 'DeploymentPaused', 'Deployment is paused', now)
    : newCondition('Progressing', 'Unknown', 'DeploymentResumed', 'Deployment is resumed', now);
}
