import type { Plugin } from '../framework';

const REJECTION = {
  plugin: 'NodePorts',
  reasons: ["node(s) didn't have free ports for the requested pod ports"],
  resolvable: true,
};

/** One host port, one pod a node. */
export const nodePorts: Plugin = {
  name: 'NodePorts',
  helpedBy: ['node', 'pod-removed'],
  preFilter: ({ hostPorts }) =>
    hostPorts.length === 0
      ? undefined
      : { filter: (node) => (node.hasPortConflict(hostPorts) ? REJECTION : undefined) },
};
