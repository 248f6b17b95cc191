import { csiDrivers, storageClasses } from '../../../shared/kubernetes/resources';
import { elbNames } from '../cloud/address-pool';
import type { NodeProfile } from '../node';
import { networkDisks } from '../storage/network-disk';
import { dns } from './parts/dns';
import { managedNode } from './parts/managed-node';
import { metrics } from './parts/metrics';
import { proxy } from './parts/proxy';
import { storageClass } from './parts/storage-class';
import { ofResource, type Preset } from './preset';

const REGION = 'eu-central-1';
const VOLUMES = 'ebs.csi.aws.com';
const OS = 'Amazon Linux 2023';
/** Milliseconds. */
const SECOND = 1_000;

const disks = networkDisks({
  name: VOLUMES,
  zoneLabel: 'topology.kubernetes.io/zone',
  component: `${VOLUMES}_ebs-csi-controller`,
  handle: (_, id) => `vol-${id}`,
  refusal:
    'rpc error: code = InvalidArgument desc = Volume capabilities not supported: only ReadWriteOnce access modes are supported for a mounted volume',
});

const nameOf = (address: string) => `ip-${address.replaceAll('.', '-')}.${REGION}.compute.internal`;

function node(index: number, zone: string, address: string, group: string, instanceType: string): NodeProfile {
  return managedNode({
    ...{ index, region: REGION, zone: `${REGION}${zone}`, instanceType, osImage: OS },
    name: nameOf(address),
    internalIP: address,
    providerID: `aws:///${REGION}${zone}/i-0${(0xabc123 * (index + 7)).toString(16).padStart(16, '0')}`,
    capacity:
      instanceType === 'm6i.large'
        ? { cpu: '2', memory: '8Gi', 'ephemeral-storage': '80Gi', pods: '29' }
        : { cpu: '4', memory: '16Gi', 'ephemeral-storage': '80Gi', pods: '58' },
    labels: {
      'eks.amazonaws.com/nodegroup': group,
      'eks.amazonaws.com/capacityType': group === 'spot' ? 'SPOT' : 'ON_DEMAND',
      'alpha.eksctl.io/cluster-name': 'porthole',
      'alpha.eksctl.io/nodegroup-name': group,
    },
  });
}

/** As AWS makes it: managed node groups over three zones, and machines that come and go with the pods of one namespace. */
export const eks: Preset = {
  name: 'eks',
  description: 'Two node groups over three zones and a Fargate profile for the namespace serverless, as on EKS',
  nodes: [
    node(0, 'a', '192.168.12.71', 'general', 'm6i.large'),
    node(1, 'b', '192.168.45.18', 'general', 'm6i.large'),
    node(2, 'c', '192.168.83.204', 'general', 'm6i.large'),
    node(3, 'a', '192.168.20.9', 'spot', 'm6i.xlarge'),
    node(4, 'b', '192.168.61.137', 'spot', 'm6i.xlarge'),
  ],
  controlPlaneAddress: '192.168.100.10',
  cloud: {
    loadBalancers: { addresses: elbNames(REGION), provisioning: [2 * SECOND, 6 * SECOND] },
    fargate: {
      profiles: [{ name: 'serverless', selectors: [{ namespace: 'serverless' }] }],
      provisioning: [25 * SECOND, 60 * SECOND],
      machine(index) {
        const zone = ['a', 'b', 'c'][index % 3] ?? 'a';
        const address = `192.168.${128 + Math.floor(index / 200)}.${10 + (index % 200)}`;
        return {
          name: `fargate-${nameOf(address)}`,
          internalIP: address,
          podCIDR: `10.245.${Math.floor(index / 32)}.${(index % 32) * 8}/29`,
          providerID: `aws:///${REGION}${zone}/fargate/${nameOf(address)}`,
          osImage: OS,
          labels: {
            'topology.kubernetes.io/region': REGION,
            'topology.kubernetes.io/zone': `${REGION}${zone}`,
          },
        };
      },
    },
  },
  provisioners: [disks],
  objects: ({ version, serviceRange }) => [
    ofResource(csiDrivers, [
      {
        apiVersion: 'storage.k8s.io/v1',
        kind: 'CSIDriver',
        metadata: { name: VOLUMES },
        spec: { attachRequired: true, podInfoOnMount: false, fsGroupPolicy: 'ReadWriteOnceWithFSType' },
      },
    ]),
    ofResource(storageClasses, [
      storageClass('gp3', VOLUMES, true, { allowVolumeExpansion: true, parameters: { type: 'gp3' } }),
      storageClass('gp2', VOLUMES, false, { parameters: { type: 'gp2' } }),
    ]),
    ...proxy(version),
    ...dns(serviceRange.address(10)),
    ...metrics,
  ],
};
