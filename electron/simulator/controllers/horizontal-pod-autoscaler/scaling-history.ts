import { type Behavior, longestPeriod } from './scaling-limits';

/** kube-controller-manager's `--horizontal-pod-autoscaler-downscale-stabilization`, in seconds. */
const DOWNSCALE_STABILIZATION = 300;

interface Moment {
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** How many replicas came or went at a moment. */
export interface ScaleEvent extends Moment {
  readonly change: number;
}

/** A recommendation after those of late have been heard, and what made it another. */
export interface Stabilized {
  readonly replicas: number;
  readonly reason: string;
  readonly message: string;
}

const DOWN = {
  reason: 'ScaleDownStabilized',
  message: 'recent recommendations were higher than current one, applying the highest recent recommendation',
};
const UP = {
  reason: 'ScaleUpStabilized',
  message: 'recent recommendations were lower than current one, applying the lowest recent recommendation',
};

/** What an autoscaler has recommended and done of late (pkg/controller/podautoscaler/horizontal.go). */
export class ScalingHistory {
  #recommendations: (Moment & { readonly replicas: number })[] = [];
  #ups: ScaleEvent[] = [];
  #downs: ScaleEvent[] = [];

  get ups(): readonly ScaleEvent[] {
    return this.#ups;
  }

  get downs(): readonly ScaleEvent[] {
    return this.#downs;
  }

  /** What there is when it begins counts as recommended. */
  begin(replicas: number, at: number): void {
    if (this.#recommendations.length === 0) this.#recommendations.push({ replicas, at });
  }

  /** The most that was recommended lately, for an autoscaler without a behavior of its own (stabilizeRecommendation). */
  stabilize(desired: number, now: number): Stabilized {
    const since = now - DOWNSCALE_STABILIZATION * 1000;
    const recent = this.#recommendations.filter(({ at }) => at >= since);
    this.#recommendations = [...recent, { replicas: desired, at: now }];
    return { replicas: Math.max(desired, ...recent.map(({ replicas }) => replicas)), ...DOWN };
  }

  /** The same with windows for either way (stabilizeRecommendationWithBehaviors). */
  stabilizeWith({ scaleUp, scaleDown }: Behavior, current: number, desired: number, now: number): Stabilized {
    const upSince = now - (scaleUp?.stabilizationWindowSeconds ?? 0) * 1000;
    const downSince = now - (scaleDown?.stabilizationWindowSeconds ?? DOWNSCALE_STABILIZATION) * 1000;
    const after = (since: number) =>
      this.#recommendations.filter(({ at }) => at > since).map(({ replicas }) => replicas);
    const atLeast = Math.min(desired, ...after(upSince));
    const atMost = Math.max(desired, ...after(downSince));
    const oldest = Math.min(upSince, downSince);
    this.#recommendations = [...this.#recommendations.filter(({ at }) => at >= oldest), { replicas: desired, at: now }];
    const replicas = Math.min(Math.max(current, atLeast), atMost);
    return { replicas, ...(desired >= current ? UP : DOWN) };
  }

  /** Remembers a change for as long as a policy asks for it (storeScaleEvent). */
  scaled(behavior: Behavior | undefined, from: number, to: number, now: number): void {
    if (behavior === undefined) return;
    const event = { change: Math.abs(to - from), at: now };
    const kept = (events: ScaleEvent[], seconds: number) => [
      ...events.filter(({ at }) => at >= now - seconds * 1000),
      event,
    ];
    if (to > from) this.#ups = kept(this.#ups, longestPeriod(behavior.scaleUp));
    else this.#downs = kept(this.#downs, longestPeriod(behavior.scaleDown));
  }
}
