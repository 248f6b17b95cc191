import { findCondition, isPodReady } from '../../../../shared/kubernetes/conditions';
import type { Pod } from '../../../../shared/kubernetes/objects';

const DELETION_COST = 'controller.kubernetes.io/pod-deletion-cost';
const PHASES: Readonly<Record<string, number>> = { Pending: 0, Unknown: 1, Running: 2 };

/** Decides between two pods; below zero: the first goes first. */
type Rule = (a: Pod, b: Pod) => number;

/**
 * Pods in the order in which scaling down takes them: the least useful first (pkg/controller/controller_utils.go,
 * `ActivePodsWithRanks`).
 * @param related pods of the same purpose, such as those of a deployment's other replica sets: where many share a node, one
 * there is missed least.
 * @param now milliseconds since the epoch.
 */
export function rankVictims(pods: readonly Pod[], related: readonly Pod[], now: number): Pod[] {
  const neighbours = new Map<string, number>();
  for (const { spec } of related) {
    if (spec?.nodeName) neighbours.set(spec.nodeName, (neighbours.get(spec.nodeName) ?? 0) + 1);
  }
  const neighboursOf = (pod: Pod) => neighbours.get(pod.spec?.nodeName ?? '') ?? 0;
  const rules: readonly Rule[] = [
    (a, b) => Number(Boolean(a.spec?.nodeName)) - Number(Boolean(b.spec?.nodeName)),
    (a, b) => phaseRank(a) - phaseRank(b),
    (a, b) => Number(isPodReady(a)) - Number(isPodReady(b)),
    (a, b) => deletionCost(a) - deletionCost(b),
    (a, b) => neighboursOf(b) - neighboursOf(a),
    (a, b) => (isPodReady(a) && isPodReady(b) ? newer(readySince(a), readySince(b), a, b, now) : 0),
    (a, b) => restarts(b) - restarts(a),
    (a, b) => newer(createdAt(a), createdAt(b), a, b, now),
  ];
  return [...pods].sort((a, b) => {
    for (const rule of rules) {
      const order = rule(a, b);
      if (order !== 0) return order;
    }
    return 0;
  });
}

function phaseRank(pod: Pod): number {
  return PHASES[pod.status?.phase ?? ''] ?? 1;
}

function deletionCost(pod: Pod): number {
  const text = pod.metadata.annotations?.[DELETION_COST];
  return text !== undefined && /^-?\d+$/.test(text) ? Number(text) : 0;
}

function readySince(pod: Pod): number {
  return Date.parse(findCondition(pod.status?.conditions, 'Ready')?.lastTransitionTime ?? '') || 0;
}

function createdAt(pod: Pod): number {
  return Date.parse(pod.metadata.creationTimestamp ?? '') || 0;
}

function restarts(pod: Pod): number {
  return Math.max(0, ...(pod.status?.containerStatuses ?? []).map((status) => status.restartCount ?? 0));
}

/**
 * The younger goes first, but ages count by powers of two only, and chance (the uid) decides within one: pods of one
 * rollout would otherwise all go from the newest node (KEP 2185).
 */
function newer(a: number, b: number, podA: Pod, podB: Pod, now: number): number {
  if (a === b) return 0;
  const order = logarithmicAge(a, now) - logarithmicAge(b, now);
  if (order !== 0) return order;
  return (podA.metadata.uid ?? '') < (podB.metadata.uid ?? '') ? -1 : 1;
}

function logarithmicAge(since: number, now: number): number {
  const age = now - since;
  return age > 0 ? Math.floor(Math.log2(age)) : -1;
}
