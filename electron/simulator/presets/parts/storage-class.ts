import type { StorageClass } from '../../../../shared/kubernetes/objects';

const DEFAULT = 'storageclass.kubernetes.io/is-default-class';

/** A class of volumes that are deleted with their claims. @param isDefault whether claims that name none get it. */
export function storageClass(
  name: string,
  provisioner: string,
  isDefault: boolean,
  more: Partial<StorageClass> = {},
): StorageClass {
  return {
    apiVersion: 'storage.k8s.io/v1',
    kind: 'StorageClass',
    metadata: { name, ...(isDefault ? { annotations: { [DEFAULT]: 'true' } } : {}) },
    provisioner,
    reclaimPolicy: 'Delete',
    volumeBindingMode: 'WaitForFirstConsumer',
    ...more,
  };
}
