import type { HorizontalPodAutoscaler } from '../../../../shared/kubernetes/objects';
import type { ScaleEvent, ScalingHistory } from './scaling-history';

export type Behavior = NonNullable<NonNullable<HorizontalPodAutoscaler['spec']>['behavior']>;
type Rules = NonNullable<Behavior['scaleUp']>;

/** What an autoscaler may do at once. */
export interface Bounds {
  readonly min: number;
  readonly max: number;
  readonly current: number;
}

/** How many replicas there shall be, and what has kept them from being as many as were wanted. */
export interface Limited {
  readonly replicas: number;
  readonly reason: string;
  readonly message: string;
}

const WITHIN = { reason: 'DesiredWithinRange', message: 'the desired count is within the acceptable range' };
const TOO_MANY = {
  reason: 'TooManyReplicas',
  message: 'the desired replica count is more than the maximum replica count',
};
const TOO_FEW = {
  reason: 'TooFewReplicas',
  message: 'the desired replica count is less than the minimum replica count',
};
const TOO_FAST = {
  reason: 'ScaleUpLimit',
  message: 'the desired replica count is increasing faster than the maximum scale rate',
};
const TOO_FAST_DOWN = {
  reason: 'ScaleDownLimit',
  message: 'the desired replica count is decreasing faster than the maximum scale rate',
};

/** Without a behavior replicas double at most, or become four (convertDesiredReplicasWithRules). */
export function limited({ min, max, current }: Bounds, desired: number): Limited {
  const fastest = Math.max(2 * current, 4);
  if (desired < min) return { replicas: min, ...TOO_FEW };
  if (desired <= Math.min(max, fastest)) return { replicas: desired, ...WITHIN };
  return max > fastest ? { replicas: fastest, ...TOO_FAST } : { replicas: max, ...TOO_MANY };
}

/** With one, as fast as its policies allow (convertDesiredReplicasWithBehaviorRate). */
export function limitedBy(
  { scaleUp, scaleDown }: Behavior,
  { min, max, current }: Bounds,
  desired: number,
  history: ScalingHistory,
  now: number,
): Limited {
  if (desired > current) {
    const fastest = Math.max(current, upLimit(scaleUp, current, history, now));
    if (desired <= Math.min(max, fastest)) return { replicas: desired, ...WITHIN };
    return max > fastest ? { replicas: fastest, ...TOO_FAST } : { replicas: max, ...TOO_MANY };
  }
  if (desired < current) {
    const fastest = Math.min(current, downLimit(scaleDown, current, history, now));
    if (desired >= Math.max(min, fastest)) return { replicas: desired, ...WITHIN };
    return min < fastest ? { replicas: fastest, ...TOO_FAST_DOWN } : { replicas: min, ...TOO_FEW };
  }
  return { replicas: desired, ...WITHIN };
}

/** Seconds that the policies look back. */
export function longestPeriod(rules: Rules | undefined): number {
  return Math.max(0, ...(rules?.policies ?? []).map(({ periodSeconds }) => periodSeconds));
}

function upLimit(rules: Rules | undefined, current: number, history: ScalingHistory, now: number): number {
  if (rules?.selectPolicy === 'Disabled') return current;
  const proposed = (rules?.policies ?? []).map(({ type, value, periodSeconds }) => {
    const start = startOf(periodSeconds, current, history, now);
    // Rounded up, or a small percentage would never add anything.
    return type === 'Pods' ? start + value : Math.ceil(start * (1 + value / 100));
  });
  return rules?.selectPolicy === 'Min' ? Math.min(...proposed) : Math.max(...proposed);
}

function downLimit(rules: Rules | undefined, current: number, history: ScalingHistory, now: number): number {
  if (rules?.selectPolicy === 'Disabled') return current;
  const proposed = (rules?.policies ?? []).map(({ type, value, periodSeconds }) => {
    const start = startOf(periodSeconds, current, history, now);
    return type === 'Pods' ? start - value : Math.trunc(start * (1 - value / 100));
  });
  return rules?.selectPolicy === 'Min' ? Math.max(...proposed) : Math.min(...proposed);
}

/** How many replicas there were when a policy's period began. */
function startOf(periodSeconds: number, current: number, { ups, downs }: ScalingHistory, now: number): number {
  const since = now - periodSeconds * 1000;
  const change = (events: readonly ScaleEvent[]) =>
    events.reduce((sum, event) => (event.at > since ? sum + event.change : sum), 0);
  return current - change(ups) + change(downs);
}
