import { configMaps, storageClasses } from '../../../../shared/kubernetes/resources';
import { ofResource, type Preset } from '../preset';
import { clusterInfo } from './cluster-info';
import { dns } from './dns';
import { metrics } from './metrics';
import { nodes } from './nodes';
import { proxy } from './proxy';

const clusterConfiguration = (version: string) => `apiVersion: kubeadm.k8s.io/v1beta4
kind: ClusterConfiguration
clusterName: course
controlPlaneEndpoint: control-plane:6443
kubernetesVersion: ${version}
networking:
  dnsDomain: cluster.local
  podSubnet: 10.244.0.0/16
  serviceSubnet: 10.96.0.0/16
`;

/** The cluster of the course: small enough to see whole, large enough for zones, taints and daemon sets. */
export const course: Preset = {
  name: 'course',
  description: 'One control plane and three workers over two zones, with DNS, proxies and metrics',
  nodes,
  objects: ({ version, certificateAuthority, serviceRange }) => [
    ofResource(storageClasses, [
      {
        apiVersion: 'storage.k8s.io/v1',
        kind: 'StorageClass',
        metadata: { name: 'standard', annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' } },
        provisioner: 'rancher.io/local-path',
        reclaimPolicy: 'Delete',
        volumeBindingMode: 'WaitForFirstConsumer',
      },
    ]),
    ofResource(configMaps, [
      {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: 'kubeadm-config', namespace: 'kube-system' },
        data: { ClusterConfiguration: clusterConfiguration(version) },
      },
    ]),
    ...clusterInfo(certificateAuthority),
    ...proxy(version),
    ...dns(serviceRange.address(10)),
    ...metrics,
  ],
};
