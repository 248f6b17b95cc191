import { clusterRoleBindings, clusterRoles, csiDrivers, storageClasses } from '../../../shared/kubernetes/resources';
import { ipPool } from '../cloud/address-pool';
import type { NodeProfile } from '../node';
import { networkDisks } from '../storage/network-disk';
import { dns } from './parts/dns';
import { managedNode } from './parts/managed-node';
import { metrics } from './parts/metrics';
import { proxy } from './parts/proxy';
import { storageClass } from './parts/storage-class';
import { ofResource, type Preset } from './preset';

const REGION = 'europe-west1';
const POOL = 'default-pool';
const DISKS = 'pd.csi.storage.gke.io';
const INGRESS_USER = 'system:controller:glbc';
const RBAC = 'rbac.authorization.k8s.io';
/** Milliseconds. */
const SECOND = 1_000;

const ZONE_OF_DISKS = 'topology.gke.io/zone';

const disks = networkDisks({
  name: DISKS,
  zoneLabel: ZONE_OF_DISKS,
  component: `${DISKS}_gke-pd-csi-controller`,
  handle: (zone, _, volume) => `projects/porthole/zones/${zone}/disks/${volume}`,
  refusal:
    'rpc error: code = InvalidArgument desc = VolumeCapabilities is invalid: specified multi writer with mount access type',
});

function node(index: number, zone: string, suffix: string): NodeProfile {
  const name = `gke-porthole-${POOL}-3f1c9b7e-${suffix}`;
  return managedNode({
    ...{ name, index, region: REGION, zone: `${REGION}-${zone}`, instanceType: 'e2-standard-4' },
    internalIP: `10.132.0.${index + 10}`,
    providerID: `gce://porthole/${REGION}-${zone}/${name}`,
    osImage: 'Container-Optimized OS from Google',
    capacity: { cpu: '4', memory: '16Gi', 'ephemeral-storage': '100Gi', pods: '110' },
    labels: {
      'cloud.google.com/gke-nodepool': POOL,
      'cloud.google.com/gke-os-distribution': 'cos',
      'cloud.google.com/machine-family': 'e2',
      [ZONE_OF_DISKS]: `${REGION}-${zone}`,
    },
  });
}

/** As Google's Kubernetes Engine makes a regional cluster: the control plane is out of sight, addresses come from outside. */
export const gke: Preset = {
  name: 'gke',
  description: 'Three nodes over three zones, with load balancers, Ingress and disks, as on GKE',
  nodes: [node(0, 'b', 'k2xq'), node(1, 'c', 'w8mf'), node(2, 'd', 'z5tr')],
  controlPlaneAddress: '10.132.0.2',
  cloud: {
    loadBalancers: { addresses: ipPool('203.0.113'), provisioning: [25 * SECOND, 60 * SECOND] },
    ingress: {
      component: 'loadbalancer-controller',
      annotation: 'gce',
      user: INGRESS_USER,
      addresses: ipPool('198.51.100'),
      provisioning: [60 * SECOND, 180 * SECOND],
      checksServices: true,
      tellsAddress: true,
    },
  },
  provisioners: [disks],
  objects: ({ version, serviceRange }) => [
    ofResource(csiDrivers, [
      {
        apiVersion: 'storage.k8s.io/v1',
        kind: 'CSIDriver',
        metadata: { name: DISKS },
        spec: { attachRequired: true, podInfoOnMount: false, fsGroupPolicy: 'ReadWriteOnceWithFSType' },
      },
    ]),
    ofResource(storageClasses, [
      storageClass('standard-rwo', DISKS, true, { allowVolumeExpansion: true, parameters: { type: 'pd-balanced' } }),
      storageClass('premium-rwo', DISKS, false, { allowVolumeExpansion: true, parameters: { type: 'pd-ssd' } }),
      storageClass('standard', DISKS, false, {
        ...{ allowVolumeExpansion: true, parameters: { type: 'pd-standard' }, volumeBindingMode: 'Immediate' },
      }),
    ]),
    ofResource(clusterRoles, [
      {
        apiVersion: `${RBAC}/v1`,
        kind: 'ClusterRole',
        metadata: { name: INGRESS_USER },
        rules: [
          { apiGroups: [''], resources: ['services', 'nodes', 'pods', 'secrets'], verbs: ['get', 'list', 'watch'] },
          {
            apiGroups: ['networking.k8s.io'],
            resources: ['ingresses', 'ingressclasses'],
            verbs: ['get', 'list', 'watch', 'update'],
          },
          { apiGroups: ['networking.k8s.io'], resources: ['ingresses/status'], verbs: ['update', 'patch'] },
          { apiGroups: [''], resources: ['events'], verbs: ['create', 'patch', 'update'] },
        ],
      },
    ]),
    ofResource(clusterRoleBindings, [
      {
        apiVersion: `${RBAC}/v1`,
        kind: 'ClusterRoleBinding',
        metadata: { name: INGRESS_USER },
        roleRef: { apiGroup: RBAC, kind: 'ClusterRole', name: INGRESS_USER },
        subjects: [{ apiGroup: RBAC, kind: 'User', name: INGRESS_USER }],
      },
    ]),
    ...proxy(version),
    ...dns(serviceRange.address(10)),
    ...metrics,
  ],
};
