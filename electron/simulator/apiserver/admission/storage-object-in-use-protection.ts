import type { KubeObject } from '../../../../shared/kubernetes/objects';
import {
  persistentVolumeClaims,
  persistentVolumes,
  volumeAttributesClasses,
} from '../../../../shared/kubernetes/resources';
import { written } from './concerns';
import type { AdmissionPluginFactory } from './plugin';

/** Keeps volumes, claims and classes of attributes from going while they are used (plugin/pkg/admission/storage/storageobjectinuseprotection). */
export const storageObjectInUseProtection: AdmissionPluginFactory = () => ({
  name: 'StorageObjectInUseProtection',
  changes: ['persistentvolumeclaims', 'persistentvolumes', 'volumeattributesclasses'],
  admit(request) {
    addFinalizer(written(request, persistentVolumeClaims, 'CREATE'), 'kubernetes.io/pvc-protection');
    addFinalizer(written(request, persistentVolumes, 'CREATE'), 'kubernetes.io/pv-protection');
    addFinalizer(written(request, volumeAttributesClasses, 'CREATE'), 'kubernetes.io/vac-protection');
  },
});

function addFinalizer(object: KubeObject | undefined, finalizer: string): void {
  if (object === undefined || object.metadata.finalizers?.includes(finalizer)) return;
  object.metadata.finalizers = [...(object.metadata.finalizers ?? []), finalizer];
}
