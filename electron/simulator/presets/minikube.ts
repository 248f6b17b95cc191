import { storageClasses } from '../../../shared/kubernetes/resources';
import { onlyAddress } from '../cloud/address-pool';
import { minikubeHostPath } from '../storage/minikube-hostpath';
import { ingressNginx, ingressNginxController } from './parts/ingress-nginx';
import { controlPlane, kubeadm } from './parts/kubeadm';
import { metrics } from './parts/metrics';
import { storageClass } from './parts/storage-class';
import { ofResource, type Preset } from './preset';

const name = 'minikube';

const node = controlPlane({ name, index: 0, network: '192.168.49', provider: 'minikube://' }, true, {
  setUpLabels: {
    'minikube.k8s.io/name': name,
    'minikube.k8s.io/primary': 'true',
    'minikube.k8s.io/version': 'v1.38.0',
  },
});

/** One machine for everything, as minikube starts it with its add-ons `metrics-server` and `ingress`. */
export const minikube: Preset = {
  name,
  description: 'One node for everything, with metrics and ingress-nginx, as minikube has it',
  nodes: [node],
  cloud: { ingress: ingressNginxController(onlyAddress(node.internalIP)) },
  provisioners: [minikubeHostPath],
  objects: (context) => [
    ofResource(storageClasses, [
      storageClass('standard', 'k8s.io/minikube-hostpath', true, { volumeBindingMode: 'Immediate' }),
    ]),
    ...kubeadm('mk', 'control-plane.minikube.internal:8443', context),
    ...metrics,
    ...ingressNginx('NodePort'),
  ],
};
