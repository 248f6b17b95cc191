import type { Provisioner } from './provisioner';

/** Directories on minikube's one node (minikube, pkg/storage/storage_provisioner.go). */
export const minikubeHostPath: Provisioner = {
  name: 'k8s.io/minikube-hostpath',
  component: 'k8s.io/minikube-hostpath_minikube',
  duration: [50, 300],
  partsFor({ claim, random }) {
    const { name = '', namespace = '' } = claim.metadata;
    return {
      annotations: { hostPathProvisionerIdentity: random.uuid() },
      spec: { hostPath: { path: `/tmp/hostpath-provisioner/${namespace}/${name}` } },
    };
  },
};
