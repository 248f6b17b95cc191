import type { PersistentVolume, Pod } from '../../../../shared/kubernetes/objects';

type PodVolume = NonNullable<NonNullable<Pod['spec']>['volumes']>[number];
type PersistentVolumeSpec = NonNullable<PersistentVolume['spec']>;
type Source = Pick<PodVolume | PersistentVolumeSpec, 'azureDisk' | 'hostPath' | 'iscsi' | 'rbd' | 'scaleIO'>;

/** The defaults of what volumes of pods and persistent ones are made from (pkg/apis/core/v1, `SetObjectDefaults_PersistentVolume`). */
export function applyVolumeSourceDefaults({ azureDisk, hostPath, iscsi, rbd, scaleIO }: Source): void {
  if (hostPath !== undefined) hostPath.type ??= '';
  if (iscsi !== undefined) iscsi.iscsiInterface ||= 'default';
  if (rbd !== undefined) {
    rbd.pool ||= 'rbd';
    rbd.user ||= 'admin';
    rbd.keyring ||= '/etc/ceph/keyring';
  }
  if (scaleIO !== undefined) {
    scaleIO.storageMode ||= 'ThinProvisioned';
    scaleIO.fsType ||= 'xfs';
  }
  if (azureDisk !== undefined) {
    azureDisk.cachingMode ??= 'ReadWrite';
    azureDisk.fsType ??= 'ext4';
    azureDisk.readOnly ??= false;
    azureDisk.kind ??= 'Shared';
  }
}
