import { isPodAvailable } from '../../../../shared/kubernetes/conditions';
import { resolveIntOrPercent } from '../../../../shared/kubernetes/int-or-string';
import type { DaemonSet, Pod } from '../../../../shared/kubernetes/objects';
import { REVISION_LABEL } from '../controller-history';

/** What a rolling update does in this round. */
export interface RollingStep {
  readonly remove: readonly Pod[];
  /** Names of nodes that get a new pod beside the old one. */
  readonly addTo: readonly string[];
}

interface NodePods {
  readonly node: string;
  readonly fresh: Pod | undefined;
  readonly old: Pod | undefined;
}

/**
 * Which old pods give way now, within `maxUnavailable` or `maxSurge` (pkg/controller/daemon/update.go, `rollingUpdate`).
 * @param podsByNode of the nodes that should run the daemon.
 * @param now milliseconds since the epoch.
 */
export function rollingStep(
  set: DaemonSet,
  podsByNode: ReadonlyMap<string, readonly Pod[]>,
  hash: string,
  now: number,
): RollingStep {
  const { maxSurge: surge = 0, maxUnavailable: unavailable = 1 } = set.spec?.updateStrategy?.rollingUpdate ?? {};
  const desired = podsByNode.size;
  const maxSurge = resolveIntOrPercent(surge, desired, true);
  // Neither may be none, or nothing would ever move.
  const maxUnavailable = resolveIntOrPercent(unavailable, desired, true) || (maxSurge === 0 ? 1 : 0);
  const isAvailable = (pod: Pod) => isPodAvailable(pod, set.spec?.minReadySeconds ?? 0, now);
  const nodes = [...podsByNode].flatMap(([node, pods]) => tellApart(node, pods, hash) ?? []);
  return maxSurge > 0 ? surging(nodes, maxSurge, isAvailable) : replacing(nodes, maxUnavailable, isAvailable, desired);
}

/** The new and the old pod of a node; nothing while it has several of one sort, which is cleared up elsewhere. */
function tellApart(node: string, pods: readonly Pod[], hash: string): NodePods | undefined {
  const living = pods.filter((pod) => pod.metadata.deletionTimestamp === undefined);
  const fresh = living.filter((pod) => pod.metadata.labels?.[REVISION_LABEL] === hash);
  const old = living.filter((pod) => pod.metadata.labels?.[REVISION_LABEL] !== hash);
  return fresh.length > 1 || old.length > 1 ? undefined : { node, fresh: fresh[0], old: old[0] };
}

function replacing(
  nodes: readonly NodePods[],
  maxUnavailable: number,
  isAvailable: (pod: Pod) => boolean,
  desired: number,
): RollingStep {
  const free: Pod[] = [];
  const candidates: Pod[] = [];
  let unavailable = desired - nodes.length;
  for (const { fresh, old } of nodes) {
    const pod = fresh ?? old;
    if (pod === undefined || !isAvailable(pod)) unavailable++;
    if (fresh !== undefined || old === undefined) continue;
    // An old pod that is not available costs nothing to replace.
    (isAvailable(old) ? candidates : free).push(old);
  }
  return { remove: [...free, ...candidates.slice(0, Math.max(0, maxUnavailable - unavailable))], addTo: [] };
}

function surging(nodes: readonly NodePods[], maxSurge: number, isAvailable: (pod: Pod) => boolean): RollingStep {
  const remove: Pod[] = [];
  const free: string[] = [];
  const candidates: string[] = [];
  let surge = 0;
  for (const { node, fresh, old } of nodes) {
    if (old === undefined) continue;
    if (fresh === undefined) (isAvailable(old) ? candidates : free).push(node);
    else if (isAvailable(fresh)) remove.push(old);
    else surge++;
  }
  return { remove, addTo: [...free, ...candidates.slice(0, Math.max(0, maxSurge - surge))] };
}
