import { isForOneNode } from './access-modes';
import type { Provisioner } from './provisioner';

const ROOT = '/opt/local-path-provisioner';

/** Directories on the node that the claim's first pod runs on (rancher/local-path-provisioner, provisioner.go). */
export const localPath: Provisioner = {
  name: 'rancher.io/local-path',
  component: 'rancher.io/local-path_local-path-provisioner',
  // A pod of its own makes the directory.
  duration: [1_000, 3_000],
  partsFor({ claim, node }) {
    if (node === undefined) throw new Error('configuration error, no node was specified');
    const { name = '', namespace = '', uid = '' } = claim.metadata;
    if (!isForOneNode(claim.spec?.accessModes)) {
      throw new Error('NodePath only supports ReadWriteOnce and ReadWriteOncePod (1.22+) access modes');
    }
    const nodeName = node.metadata.name ?? '';
    const hostname = node.metadata.labels?.['kubernetes.io/hostname'] ?? nodeName;
    return {
      annotations: { 'local.path.provisioner/selected-node': nodeName },
      spec: {
        hostPath: { path: `${ROOT}/pvc-${uid}_${namespace}_${name}`, type: 'DirectoryOrCreate' },
        nodeAffinity: {
          required: {
            nodeSelectorTerms: [
              { matchExpressions: [{ key: 'kubernetes.io/hostname', operator: 'In', values: [hostname] }] },
            ],
          },
        },
      },
    };
  },
};
