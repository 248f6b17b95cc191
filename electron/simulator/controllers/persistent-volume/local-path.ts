import type { PersistentVolume, PersistentVolumeClaim, StorageClass } from '../../../../shared/kubernetes/objects';

/** The provisioner of the default StorageClass: directories on the node that the claim's first pod runs on. */
export const LOCAL_PATH = 'rancher.io/local-path';

const ROOT = '/opt/local-path-provisioner';

/** The volume that the provisioner makes for a claim. @param node where its first pod was placed. */
export function localPathVolume(
  claim: PersistentVolumeClaim,
  storageClass: StorageClass,
  node: string,
): PersistentVolume {
  const { name = '', namespace = '', uid = '', resourceVersion } = claim.metadata;
  const { accessModes = [], resources, volumeMode = 'Filesystem' } = claim.spec ?? {};
  const volume = `pvc-${uid}`;
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: {
      name: volume,
      annotations: { 'local.path.provisioner/selected-node': node, 'pv.kubernetes.io/provisioned-by': LOCAL_PATH },
    },
    spec: {
      capacity: { storage: resources?.requests?.storage ?? '0' },
      accessModes,
      volumeMode,
      persistentVolumeReclaimPolicy: storageClass.reclaimPolicy ?? 'Delete',
      storageClassName: storageClass.metadata.name ?? '',
      claimRef: {
        apiVersion: 'v1',
        kind: 'PersistentVolumeClaim',
        name,
        namespace,
        uid,
        ...(resourceVersion === undefined ? {} : { resourceVersion }),
      },
      hostPath: { path: `${ROOT}/${volume}_${namespace}_${name}`, type: 'DirectoryOrCreate' },
      nodeAffinity: {
        required: {
          nodeSelectorTerms: [
            { matchExpressions: [{ key: 'kubernetes.io/hostname', operator: 'In', values: [node] }] },
          ],
        },
      },
    },
  };
}
