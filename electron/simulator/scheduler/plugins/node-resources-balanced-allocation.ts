import type { Plugin } from '../framework';
import { MAX_SCORE } from '../framework';

/** Nodes on which processors and memory would be used alike come first. */
export const nodeResourcesBalancedAllocation: Plugin = {
  name: 'NodeResourcesBalancedAllocation',
  weight: 1,
  preScore: ({ requests }) => {
    const cpu = requests.get('cpu') ?? 0;
    const memory = requests.get('memory') ?? 0;
    // A pod that asks for nothing changes no balance.
    if (cpu === 0 && memory === 0) return undefined;
    return {
      score: ({ allocatable, requested }) => {
        const fraction = (name: string, own: number) => {
          const capacity = allocatable.get(name) ?? 0;
          return capacity === 0 ? 1 : Math.min(1, ((requested.get(name) ?? 0) + own) / capacity);
        };
        const deviation = Math.abs(fraction('cpu', cpu) - fraction('memory', memory)) / 2;
        return Math.floor((1 - deviation) * MAX_SCORE);
      },
    };
  },
};
