import type { Cache } from './cache';
import type { NodeInfo } from './node-info';
import type { PodInfo } from './pod-info';

/** Why a node, or every node, will not do. */
export interface Rejection {
  readonly plugin: string;
  /** As upstream's plugin says it, without the number of nodes. */
  readonly reasons: readonly string[];
  /** Whether removing pods from the node could help. */
  readonly resolvable: boolean;
}

export type Filter = (node: NodeInfo) => Rejection | undefined;

/** How a plugin sees one pod before it looks at nodes. */
export interface PreFilterResult {
  /** No node will do. */
  readonly rejection?: Rejection;
  /** Only these nodes are worth a look. */
  readonly nodes?: ReadonlySet<string>;
  /** Absent: nothing to say about any node. */
  readonly filter?: Filter;
}

export interface Scorer {
  score(node: NodeInfo): number;
  /** Brings raw scores into 0…100; absent: they are there already. */
  normalize?(scores: readonly number[]): number[];
}

/** What happens in a cluster that may help a pod which found no node. */
export type ClusterEvent = 'node' | 'pod-added' | 'pod-removed' | 'volume';

/** One rule, as kube-scheduler's framework has it. A plugin keeps nothing between pods. */
export interface Plugin {
  readonly name: string;
  /** How much its score counts. */
  readonly weight?: number;
  /** What may change its mind about a pod that it turned away (EventsToRegister). */
  readonly helpedBy?: readonly ClusterEvent[];
  /** Why the pod may not even be queued. */
  preEnqueue?(info: PodInfo): string | undefined;
  preFilter?(info: PodInfo, cache: Cache): PreFilterResult | undefined;
  /** @param nodes those that passed all filters. */
  preScore?(info: PodInfo, cache: Cache, nodes: readonly NodeInfo[]): Scorer | undefined;
}

export const MAX_SCORE = 100;

/** The highest raw score becomes 100, or 0 when `reverse` (plugins/helper/normalize_score.go). */
export function normalizeScores(scores: readonly number[], reverse: boolean): number[] {
  const highest = Math.max(0, ...scores);
  if (highest === 0) return scores.map(() => (reverse ? MAX_SCORE : 0));
  return scores.map((score) => {
    const scaled = Math.floor((MAX_SCORE * score) / highest);
    return reverse ? MAX_SCORE - scaled : scaled;
  });
}
