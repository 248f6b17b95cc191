import { resolveIntOrPercent } from '../../../../shared/kubernetes/int-or-string';
import type { Deployment, ReplicaSet } from '../../../../shared/kubernetes/objects';

/** How many replicas the deployment wants. */
export function wantedReplicas(deployment: Deployment): number {
  return deployment.spec?.replicas ?? 1;
}

export function isRollingUpdate(deployment: Deployment): boolean {
  return deployment.spec?.strategy?.type !== 'Recreate';
}

/** `maxSurge` rounds up and `maxUnavailable` down; when both come to none, one may be unavailable (`ResolveFenceposts`). */
function fenceposts(deployment: Deployment): { surge: number; unavailable: number } {
  const { maxSurge: surge = '25%', maxUnavailable: unavailable = '25%' } =
    deployment.spec?.strategy?.rollingUpdate ?? {};
  const replicas = wantedReplicas(deployment);
  const resolved = {
    surge: resolveIntOrPercent(surge, replicas, true),
    unavailable: resolveIntOrPercent(unavailable, replicas, false),
  };
  return resolved.surge === 0 && resolved.unavailable === 0 ? { surge: 0, unavailable: 1 } : resolved;
}

/** How many pods beyond the wanted ones there may be. */
export function maxSurge(deployment: Deployment): number {
  return isRollingUpdate(deployment) ? fenceposts(deployment).surge : 0;
}

/** How many of the wanted pods may be missing. */
export function maxUnavailable(deployment: Deployment): number {
  const replicas = wantedReplicas(deployment);
  if (!isRollingUpdate(deployment) || replicas === 0) return 0;
  return Math.min(fenceposts(deployment).unavailable, replicas);
}

export function specReplicas(sets: readonly ReplicaSet[]): number {
  return sets.reduce((sum, set) => sum + (set.spec?.replicas ?? 0), 0);
}

export function statusReplicas(sets: readonly ReplicaSet[]): number {
  return sets.reduce((sum, set) => sum + (set.status?.replicas ?? 0), 0);
}

export function availableReplicas(sets: readonly ReplicaSet[]): number {
  return sets.reduce((sum, set) => sum + (set.status?.availableReplicas ?? 0), 0);
}

/** The size the new replica set may have now (`NewRSNewReplicas`). */
export function newSetSize(deployment: Deployment, all: readonly ReplicaSet[], current: number): number {
  const wanted = wantedReplicas(deployment);
  if (!isRollingUpdate(deployment)) return wanted;
  const room = wanted + maxSurge(deployment) - specReplicas(all);
  return room <= 0 ? current : current + Math.min(room, wanted - current);
}

/** A replica set and the size it should take. */
export interface Resize {
  readonly set: ReplicaSet;
  readonly size: number;
}

/**
 * How far the old replica sets may shrink in this round without going below the wanted availability: first what is
 * unavailable anyway, then what is available (pkg/controller/deployment/rolling.go, `reconcileOldReplicaSets`).
 * @param old active ones, older first.
 */
export function shrinkOld(
  deployment: Deployment,
  current: ReplicaSet | undefined,
  old: readonly ReplicaSet[],
): Resize[] {
  const all = current === undefined ? old : [...old, current];
  const minAvailable = wantedReplicas(deployment) - maxUnavailable(deployment);
  const newUnavailable = (current?.spec?.replicas ?? 0) - (current?.status?.availableReplicas ?? 0);
  let unhealthyBudget = specReplicas(all) - minAvailable - newUnavailable;
  if (specReplicas(old) === 0 || unhealthyBudget <= 0) return [];
  const sizes = new Map(old.map((set) => [set, set.spec?.replicas ?? 0]));
  for (const [set, size] of sizes) {
    const unhealthy = Math.min(unhealthyBudget, size - (set.status?.availableReplicas ?? 0));
    if (unhealthy <= 0) continue;
    sizes.set(set, size - unhealthy);
    unhealthyBudget -= unhealthy;
  }
  let budget = availableReplicas(all) - minAvailable;
  for (const [set, size] of sizes) {
    const step = Math.min(size, Math.max(0, budget));
    sizes.set(set, size - step);
    budget -= step;
  }
  return old.map((set) => ({ set, size: sizes.get(set) ?? 0 })).filter(({ set, size }) => size !== set.spec?.replicas);
}

/**
 * Spreads a change of the deployment's size over its active replica sets in proportion to their sizes, the remainder going
 * to the largest (pkg/controller/deployment/sync.go, `scale`).
 * @param maxBefore what `replicas + maxSurge` was when the set was last sized.
 */
export function proportionalSizes(
  deployment: Deployment,
  active: readonly ReplicaSet[],
  maxBefore: (set: ReplicaSet) => number,
): Resize[] {
  const wanted = wantedReplicas(deployment);
  const allowed = wanted > 0 ? wanted + maxSurge(deployment) : 0;
  const toAdd = allowed - specReplicas(active);
  const ageOrder = (a: ReplicaSet, b: ReplicaSet) =>
    (a.metadata.creationTimestamp ?? '') < (b.metadata.creationTimestamp ?? '') ? -1 : 1;
  const ordered = [...active].sort((a, b) => {
    const bySize = (b.spec?.replicas ?? 0) - (a.spec?.replicas ?? 0);
    // Growing prefers the newer of equals, shrinking the older.
    return bySize || (toAdd > 0 ? -ageOrder(a, b) : ageOrder(a, b));
  });
  let added = 0;
  const resizes = ordered.map((set) => {
    const size = set.spec?.replicas ?? 0;
    const share = toAdd === 0 || size === 0 ? 0 : shareOf(size, wanted, allowed, maxBefore(set), toAdd - added);
    added += share;
    return { set, size: size + share };
  });
  return resizes.map(({ set, size }, index) => ({ set, size: index === 0 ? Math.max(0, size + toAdd - added) : size }));
}

function shareOf(size: number, wanted: number, allowed: number, before: number, left: number): number {
  if (left === 0 || before === 0) return 0;
  const share = wanted === 0 ? -size : Math.round((size * allowed) / before) - size;
  return left > 0 ? Math.min(share, left) : Math.max(share, left);
}
