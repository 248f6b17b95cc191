import type { Filter, Plugin } from '../framework';
import { MAX_SCORE } from '../framework';

const ORDER = ['cpu', 'memory', 'ephemeral-storage'];

/** Enough room for what the pod asks; the emptier a node would stay, the better (strategy LeastAllocated). */
export const nodeResourcesFit: Plugin = {
  name: 'NodeResourcesFit',
  weight: 1,
  helpedBy: ['node', 'pod-removed'],
  preFilter: ({ requests }) => {
    const wanted = [...requests].filter(([, amount]) => amount > 0);
    const rank = (name: string) => (ORDER.includes(name) ? ORDER.indexOf(name) : ORDER.length);
    wanted.sort(([a], [b]) => rank(a) - rank(b) || (a < b ? -1 : 1));
    const filter: Filter = ({ allocatable, requested, pods }) => {
      const reasons: string[] = [];
      let resolvable = true;
      if (pods.size + 1 > (allocatable.get('pods') ?? 0)) reasons.push('Too many pods');
      for (const [name, amount] of wanted) {
        const room = allocatable.get(name) ?? 0;
        if (amount <= room - (requested.get(name) ?? 0)) continue;
        reasons.push(`Insufficient ${name}`);
        if (amount > room) resolvable = false;
      }
      return reasons.length === 0 ? undefined : { plugin: 'NodeResourcesFit', reasons, resolvable };
    };
    return { filter };
  },
  preScore: (info) => ({
    score: ({ allocatable, nonZeroCpu, nonZeroMemory }) => {
      const free = (capacity: number, used: number) =>
        capacity <= 0 || used > capacity ? 0 : Math.floor(((capacity - used) * MAX_SCORE) / capacity);
      const cpu = free(allocatable.get('cpu') ?? 0, nonZeroCpu + info.nonZeroCpu);
      const memory = free(allocatable.get('memory') ?? 0, nonZeroMemory + info.nonZeroMemory);
      return Math.floor((cpu + memory) / 2);
    },
  }),
};
