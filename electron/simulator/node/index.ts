import type { ComponentDefinition } from '../component';
import type { ActiveFaults } from '../faults/active-faults';
import { Machine } from './machine';
import type { NodeProfile } from './profile';
import type { KubeletRegistry } from './registry';

export { nodeMark } from './node-mark';

export type { NodeProfile } from './profile';
export { KubeletRegistry } from './registry';

/**
 * A machine's kubelet. Its requests are made as `system:node:NAME` of the groups `system:nodes` and
 * `system:authenticated`; its events come from component `kubelet` on host NAME.
 * @param registry one a cluster: give its `connector` to the API server.
 * @param faults what goes wrong, on this machine and elsewhere.
 */
export function nodeKubelet(
  profile: NodeProfile,
  registry: KubeletRegistry,
  faults: ActiveFaults,
): ComponentDefinition {
  return {
    name: `kubelet-${profile.name}`,
    user: `system:node:${profile.name}`,
    groups: ['system:nodes', 'system:authenticated'],
    eventSource: { component: 'kubelet', host: profile.name },
    create: (context) => new Machine(context, profile, registry, faults),
  };
}
