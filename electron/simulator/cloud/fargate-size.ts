import type { Pod } from '../../../shared/kubernetes/objects';
import { parseQuantity } from '../../../shared/kubernetes/quantities';

/** What a machine has: cores, and gigabytes. */
export interface FargateSize {
  readonly cores: number;
  readonly gigabytes: number;
}

const range = (from: number, to: number, step = 1): number[] =>
  Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, index) => from + index * step);

/** The sizes that there are (Amazon EKS user guide, "Understand Fargate Pod configuration details"). */
const SIZES: readonly FargateSize[] = (
  [
    [0.25, [0.5, 1, 2]],
    [0.5, range(1, 4)],
    [1, range(2, 8)],
    [2, range(4, 16)],
    [4, range(8, 30)],
    [8, range(16, 60, 4)],
    [16, range(32, 120, 8)],
  ] as const
).flatMap(([cores, memory]) => memory.map((gigabytes) => ({ cores, gigabytes })));

/** Kept for what Kubernetes itself runs on the machine. */
const RESERVED = 256 * 2 ** 20;

/**
 * The smallest machine for what a pod requests: its containers together, or the largest of those that run before them.
 * @returns `undefined` when there is none so large.
 */
export function sizeFor({ spec }: Pod): FargateSize | undefined {
  const need = (resource: 'cpu' | 'memory') => {
    const of = (container: { resources?: { requests?: Record<string, string> } }) =>
      parseQuantity(container.resources?.requests?.[resource] ?? '0');
    const together = (spec?.containers ?? []).reduce((sum, each) => sum + of(each), 0);
    return Math.max(together, ...(spec?.initContainers ?? []).map(of));
  };
  const cores = need('cpu');
  const bytes = need('memory') + RESERVED;
  return SIZES.find((size) => size.cores >= cores && size.gigabytes * 2 ** 30 >= bytes);
}
