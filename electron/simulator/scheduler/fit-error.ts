import type { Rejection } from './framework';

/** Why no node would do: a verdict for every node, or one for all of them. */
export interface Diagnosis {
  readonly nodeCount: number;
  /** By node name, for the nodes that were looked at. */
  readonly rejections: ReadonlyMap<string, Rejection>;
  /** For the nodes that were not. */
  readonly others?: Rejection;
  /** A plugin turned the pod away before any node was looked at. */
  readonly preFilter?: Rejection;
}

/** The plugins that had a hand in it: what they wait for is what brings the pod back. */
export function rejectingPlugins({ rejections, others, preFilter }: Diagnosis): Set<string> {
  const plugins = new Set([...rejections.values()].map(({ plugin }) => plugin));
  if (others !== undefined) plugins.add(others.plugin);
  if (preFilter !== undefined) plugins.add(preFilter.plugin);
  return plugins;
}

/** The text of the FailedScheduling event and the PodScheduled condition (pkg/scheduler/framework/types.go, FitError). */
export function fitErrorText(diagnosis: Diagnosis, preemption: string): string {
  const { nodeCount, rejections, others, preFilter } = diagnosis;
  if (nodeCount === 0) return 'no nodes available to schedule pods';
  const start = `0/${nodeCount} nodes are available:`;
  if (preFilter !== undefined) return `${start} ${preFilter.reasons.join(', ')}. ${preemption}`;
  const counts = new Map<string, number>();
  const count = (reasons: readonly string[], times: number) => {
    for (const reason of reasons) counts.set(reason, (counts.get(reason) ?? 0) + times);
  };
  for (const { reasons } of rejections.values()) count(reasons, 1);
  if (others !== undefined) count(others.reasons, nodeCount - rejections.size);
  return `${start} ${histogram(counts)}. ${preemption}`;
}

/** Counts before reasons, sorted as text. */
export function histogram(counts: ReadonlyMap<string, number>): string {
  return [...counts]
    .map(([reason, number]) => `${number} ${reason}`)
    .sort()
    .join(', ');
}
