import type { ComponentDefinition } from '../component';
import { Kubelet } from './kubelet';
import type { NodeProfile } from './profile';
import type { KubeletRegistry } from './registry';

export { nodeMark } from './node-mark';

export type { NodeProfile } from './profile';
export { KubeletRegistry } from './registry';

/**
 * A machine's kubelet. Its requests are made as `system:node:NAME` of the groups `system:nodes` and
 * `system:authenticated`; its events come from component `kubelet` on host NAME.
 * @param registry one a cluster: give its `connector` to the API server.
 */
export function nodeKubelet(profile: NodeProfile, registry: KubeletRegistry): ComponentDefinition {
  return {
    name: `kubelet-${profile.name}`,
    user: `system:node:${profile.name}`,
    groups: ['system:nodes', 'system:authenticated'],
    eventSource: { component: 'kubelet', host: profile.name },
    create: (context) => new Kubelet(context, profile, registry),
  };
}
