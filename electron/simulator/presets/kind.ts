import { storageClasses } from '../../../shared/kubernetes/resources';
import { localPath } from '../storage/local-path';
import { controlPlane, kubeadm, machine } from './parts/kubeadm';
import { localPathStorage } from './parts/local-path-storage';
import { storageClass } from './parts/storage-class';
import { ofResource, type Preset } from './preset';

const place = { network: '172.18.0', provider: 'kind://docker/kind' };

/** A control plane and two workers in containers, as kind makes them: no metrics, no load balancers. */
export const kind: Preset = {
  name: 'kind',
  description: 'A control plane and two workers with nothing added, as kind has it',
  nodes: [
    controlPlane({ ...place, name: 'kind-control-plane', index: 0 }, false),
    machine({ ...place, name: 'kind-worker', index: 1 }),
    machine({ ...place, name: 'kind-worker2', index: 2 }),
  ],
  provisioners: [localPath],
  objects: (context) => [
    ofResource(storageClasses, [storageClass('standard', 'rancher.io/local-path', true)]),
    ...kubeadm('kind', 'kind-control-plane:6443', context),
    ...localPathStorage,
  ],
};
