import type { NodeProfile } from '../../node';

/** A node of a provider that keeps the control plane to itself. */
export interface ManagedNode {
  readonly name: string;
  readonly internalIP: string;
  /** Counts from 0: its pods' addresses come from it. */
  readonly index: number;
  readonly region: string;
  /** In full: `europe-west1-b`. */
  readonly zone: string;
  /** `e2-standard-4`. */
  readonly instanceType: string;
  readonly providerID: string;
  readonly osImage: string;
  readonly capacity: NodeProfile['capacity'];
  readonly labels: Readonly<Record<string, string>>;
}

/** With the labels that a provider's cloud-controller-manager gives (k8s.io/cloud-provider/controllers/node). */
export function managedNode({ index, region, zone, instanceType, labels, ...rest }: ManagedNode): NodeProfile {
  return {
    ...rest,
    podCIDR: `10.244.${index}.0/24`,
    labels: {
      'node.kubernetes.io/instance-type': instanceType,
      'topology.kubernetes.io/region': region,
      'topology.kubernetes.io/zone': zone,
      ...labels,
    },
  };
}
