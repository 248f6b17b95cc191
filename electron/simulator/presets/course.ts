import { storageClasses } from '../../../shared/kubernetes/resources';
import type { NodeProfile } from '../node';
import { localPath } from '../storage/local-path';
import { controlPlane, kubeadm, machine } from './parts/kubeadm';
import { metrics } from './parts/metrics';
import { storageClass } from './parts/storage-class';
import { ofResource, type Preset } from './preset';

const REGION = 'europe-west1';
const place = { network: '172.18.0', provider: 'porthole://course' };

const inZone = (zone: string) => ({
  labels: {
    'topology.kubernetes.io/region': REGION,
    'topology.kubernetes.io/zone': `${REGION}-${zone}`,
  },
});

const worker = (index: number, zone: string): NodeProfile =>
  machine({ ...place, name: `worker-${index}`, index }, inZone(zone));

/** The cluster of the course: small enough to see whole, large enough for zones, taints and daemon sets. */
export const course: Preset = {
  name: 'course',
  description: 'One control plane and three workers over two zones, with DNS, proxies and metrics',
  nodes: [
    controlPlane({ ...place, name: 'control-plane', index: 0 }, false, inZone('b')),
    worker(1, 'b'),
    worker(2, 'c'),
    worker(3, 'c'),
  ],
  provisioners: [localPath],
  objects: (context) => [
    ofResource(storageClasses, [storageClass('standard', 'rancher.io/local-path', true)]),
    ...kubeadm('course', 'control-plane:6443', context),
    ...metrics,
  ],
};
