import type { Cache } from './cache';
import { type Diagnosis, histogram } from './fit-error';
import type { PodInfo } from './pod-info';

const NOT_HELPFUL = 'Preemption is not helpful for scheduling';
const NO_VICTIMS = 'No preemption victims found for incoming pod';

/** What the post-filter plugins add to the reasons when no pod is preempted (plugins/dynamicresources, defaultpreemption). */
export function preemptionText(info: PodInfo, diagnosis: Diagnosis, cache: Cache): string {
  const start = 'no new claims to deallocate, preemption:';
  if (info.pod.spec?.preemptionPolicy === 'Never') return `${start} not eligible due to preemptionPolicy=Never.`;
  const counts = new Map<string, number>();
  const count = (reason: string) => counts.set(reason, (counts.get(reason) ?? 0) + 1);
  for (const { name } of cache.nodes) {
    const rejection = diagnosis.preFilter ?? diagnosis.rejections.get(name) ?? diagnosis.others;
    count(rejection?.resolvable === true ? NO_VICTIMS : NOT_HELPFUL);
  }
  return `${start} 0/${diagnosis.nodeCount} nodes are available: ${histogram(counts)}.`;
}
