import { configMaps } from '../../../../shared/kubernetes/resources';
import type { NodeProfile } from '../../node';
import { KUBERNETES_VERSION } from '../../version';
import { ofResource, type PresetContext, type PresetObjects } from '../preset';
import { clusterInfo } from './cluster-info';
import { dns } from './dns';
import { proxy } from './proxy';
import { staticPods } from './static-pods';

const clusterConfiguration = (
  clusterName: string,
  endpoint: string,
  version: string,
) => `apiVersion: kubeadm.k8s.io/v1beta4
kind: ClusterConfiguration
clusterName: ${clusterName}
controlPlaneEndpoint: ${endpoint}
kubernetesVersion: ${version}
networking:
  dnsDomain: cluster.local
  podSubnet: 10.244.0.0/16
  serviceSubnet: 10.96.0.0/16
`;

/**
 * What kubeadm leaves in a cluster: its configuration, where to join, proxies and DNS.
 * @param endpoint where the API server is: `control-plane:6443`.
 */
export function kubeadm(
  clusterName: string,
  endpoint: string,
  { version, certificateAuthority, serviceRange }: PresetContext,
): readonly PresetObjects[] {
  return [
    ofResource(configMaps, [
      {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: 'kubeadm-config', namespace: 'kube-system' },
        data: { ClusterConfiguration: clusterConfiguration(clusterName, endpoint, version) },
      },
    ]),
    ...clusterInfo(certificateAuthority, endpoint),
    ...proxy(version),
    ...dns(serviceRange.address(10)),
  ];
}

/** A node as kubeadm joins one. */
interface Joined {
  readonly name: string;
  /** Counts from 0, the first: its address and its pods' come from it. */
  readonly index: number;
  /** The first three numbers of the machines' addresses: `172.18.0`. */
  readonly network: string;
  /** Before the node's name: `kind://docker/kind`. */
  readonly provider: string;
}

/** @param more what is different from a machine of four cores and eight gibibytes. */
export function machine({ name, index, network, provider }: Joined, more: Partial<NodeProfile> = {}): NodeProfile {
  return {
    name,
    internalIP: `${network}.${index + 2}`,
    podCIDR: `10.244.${index}.0/24`,
    capacity: { cpu: '4', memory: '8Gi', 'ephemeral-storage': '100Gi', pods: '110' },
    providerID: `${provider}/${name}`,
    ...more,
  };
}

/** A node that runs the control plane, as static pods. @param isAlone whether it runs everything else, too. */
export function controlPlane(joined: Joined, isAlone: boolean, more: Partial<NodeProfile> = {}): NodeProfile {
  const node = machine(joined, more);
  return {
    ...node,
    labels: { 'node.kubernetes.io/exclude-from-external-load-balancers': '', ...more.labels },
    roles: ['control-plane'],
    staticPods: staticPods(node, KUBERNETES_VERSION),
    ...(isAlone ? {} : { taints: [{ key: 'node-role.kubernetes.io/control-plane', effect: 'NoSchedule' }] }),
  };
}
