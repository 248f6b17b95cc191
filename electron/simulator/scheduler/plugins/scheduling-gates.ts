import type { Plugin } from '../framework';

/** A pod with gates waits until they are all removed. */
export const schedulingGates: Plugin = {
  name: 'SchedulingGates',
  preEnqueue: ({ pod }) => {
    const gates = pod.spec?.schedulingGates ?? [];
    return gates.length === 0
      ? undefined
      : `waiting for scheduling gates: [${gates.map(({ name }) => name).join(' ')}]`;
  },
};
