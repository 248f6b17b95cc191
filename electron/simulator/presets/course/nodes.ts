import type { NodeProfile } from '../../node';
import { KUBERNETES_VERSION } from '../../version';
import { staticPods } from './static-pods';

const REGION = 'europe-west1';

/** @param index counts from 0, the control plane: its address and its pods' come from it. */
function machine(index: number, name: string, zone: string, more: Partial<NodeProfile> = {}): NodeProfile {
  return {
    name,
    internalIP: `172.18.0.${index + 2}`,
    podCIDR: `10.244.${index}.0/24`,
    capacity: { cpu: '4', memory: '8Gi', 'ephemeral-storage': '100Gi', pods: '110' },
    providerID: `porthole://course/${name}`,
    ...more,
    labels: {
      'topology.kubernetes.io/region': REGION,
      'topology.kubernetes.io/zone': `${REGION}-${zone}`,
      ...more.labels,
    },
  };
}

/** One control plane and three workers over two zones. */
export const nodes: readonly NodeProfile[] = [
  machine(0, 'control-plane', 'b', {
    labels: { 'node.kubernetes.io/exclude-from-external-load-balancers': '' },
    roles: ['control-plane'],
    staticPods: staticPods(KUBERNETES_VERSION),
    taints: [{ key: 'node-role.kubernetes.io/control-plane', effect: 'NoSchedule' }],
  }),
  machine(1, 'worker-1', 'b'),
  machine(2, 'worker-2', 'c'),
  machine(3, 'worker-3', 'c'),
];
