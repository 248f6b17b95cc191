import type { PersistentVolumeClaim } from '../../../../shared/kubernetes/objects';
import { parseQuantity } from '../../../../shared/kubernetes/quantities';
import { persistentVolumeClaims, storageClasses } from '../../../../shared/kubernetes/resources';
import { isNotFound } from '../../../../shared/kubernetes/status-error';
import type { ApiClient } from '../../client';
import { written } from './concerns';
import { forbidden } from './forbidden';
import type { AdmissionPluginFactory } from './plugin';

/** Lets a claim grow only where its class says that volumes can (plugin/pkg/admission/storage/persistentvolume/resize). */
export const persistentVolumeClaimResize: AdmissionPluginFactory = (client) => ({
  name: 'PersistentVolumeClaimResize',
  async validate(request) {
    const claim = written(request, persistentVolumeClaims, 'UPDATE');
    const old: PersistentVolumeClaim | undefined = request.oldObject;
    if (claim === undefined || old === undefined || sizeOf(claim) <= sizeOf(old)) return;
    if (old.status?.phase !== 'Bound') {
      throw forbidden(request, 'Only bound persistent volume claims can be expanded');
    }
    const name = claim.spec?.storageClassName ?? '';
    if (name === '' || name !== old.spec?.storageClassName || !(await canExpand(client, name))) {
      throw forbidden(
        request,
        'only dynamically provisioned pvc can be resized and the storageclass that provisions the pvc must support resize',
      );
    }
  },
});

/** In bytes. */
function sizeOf({ spec }: PersistentVolumeClaim): number {
  return parseQuantity(spec?.resources?.requests?.storage ?? '0');
}

async function canExpand(client: ApiClient, name: string): Promise<boolean> {
  try {
    return (await client.get(storageClasses, undefined, name)).allowVolumeExpansion === true;
  } catch (error) {
    if (isNotFound(error)) return false;
    throw error;
  }
}
