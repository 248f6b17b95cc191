import type { Pod } from './objects';

/** What the conditions of all kinds have in common. */
export interface AnyCondition {
  type: string;
  status: string;
  reason?: string;
  message?: string;
  lastTransitionTime?: string;
}

/** The condition of a type, if the object has it. */
export function findCondition<C extends AnyCondition>(
  conditions: readonly C[] | null | undefined,
  type: string,
): C | undefined {
  return conditions?.find((condition) => condition.type === type);
}

/** Whether the condition is there and `True`. */
export function isConditionTrue(conditions: readonly AnyCondition[] | null | undefined, type: string): boolean {
  return findCondition(conditions, type)?.status === 'True';
}

/**
 * The conditions with one put in the place of its type, or appended. The moment of the last transition is kept while the
 * status stays the same; when nothing but times would change, the very same list is given back.
 */
export function withCondition<C extends AnyCondition>(
  conditions: readonly C[] | null | undefined,
  condition: C,
): readonly C[] {
  const present = findCondition(conditions, condition.type);
  if (!conditions || present === undefined) return [...(conditions ?? []), condition];
  const { status, reason, message } = condition;
  if (present.status === status && present.reason === reason && present.message === message) return conditions;
  const next =
    present.status === status && present.lastTransitionTime !== undefined
      ? { ...condition, lastTransitionTime: present.lastTransitionTime }
      : condition;
  return conditions.map((each) => (each === present ? next : each));
}

/** The conditions but those of a type; the very same list when there is none. */
export function withoutCondition<C extends AnyCondition>(
  conditions: readonly C[] | null | undefined,
  type: string,
): readonly C[] {
  if (!conditions) return [];
  return findCondition(conditions, type) === undefined ? conditions : conditions.filter((each) => each.type !== type);
}

/** Whether the pod's Ready condition holds (pkg/api/v1/pod, `IsPodReady`). */
export function isPodReady(pod: Pod): boolean {
  return isConditionTrue(pod.status?.conditions, 'Ready');
}

/** Whether the pod has ended for good, one way or the other (`IsPodTerminal`). */
export function isPodFinished(pod: Pod): boolean {
  return pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed';
}

/** Whether the pod is neither at its end nor being deleted (pkg/controller, `IsPodActive`). */
export function isPodActive(pod: Pod): boolean {
  return !isPodFinished(pod) && pod.metadata.deletionTimestamp === undefined;
}

/**
 * Whether the pod has been ready for `minReadySeconds` (`IsPodAvailable`).
 * @param now milliseconds since the epoch.
 */
export function isPodAvailable(pod: Pod, minReadySeconds: number, now: number): boolean {
  const ready = findCondition(pod.status?.conditions, 'Ready');
  if (ready?.status !== 'True') return false;
  if (minReadySeconds === 0) return true;
  return ready.lastTransitionTime !== undefined && Date.parse(ready.lastTransitionTime) + minReadySeconds * 1000 <= now;
}
