import type { PersistentVolume } from '../kubernetes/objects';
import { persistentVolumes } from '../kubernetes/resources';
import { accessModesCell, quantityCell, statusColumn } from './cells';
import { defineKind, type Health, type Relation } from './kind';

function health({ status }: PersistentVolume): Health {
  switch (status?.phase) {
    case 'Bound':
      return { state: 'ok', label: 'Bound' };
    case 'Available':
      return { state: 'neutral', label: 'Available' };
    case 'Released':
      return {
        state: 'warning',
        label: 'Released',
        message: 'Its claim is gone; its data is kept and no new claim gets it.',
      };
    case 'Failed':
      return { state: 'error', label: 'Failed', ...(status.message === undefined ? {} : { message: status.message }) };
    default:
      return { state: 'progress', label: status?.phase ?? 'Pending' };
  }
}

function relations({ spec }: PersistentVolume): Relation[] {
  const found: Relation[] = [];
  const claim = spec?.claimRef;
  if (claim?.name) {
    found.push({ role: 'Claim', kind: 'persistentvolumeclaims', namespace: claim.namespace ?? '', name: claim.name });
  }
  if (spec?.storageClassName) {
    found.push({ role: 'Storage class', kind: 'storageclasses.storage.k8s.io', name: spec.storageClassName });
  }
  return found;
}

export const persistentVolumeKind = defineKind<PersistentVolume>({
  resource: persistentVolumes,
  title: 'Persistent Volumes',
  about: 'A persistent volume is a piece of storage of the cluster. A claim binds one and lends it to pods.',
  shortNames: ['pv'],
  group: 'storage',
  columns: [
    statusColumn((volume) => health(volume).label, 110),
    {
      id: 'capacity',
      title: 'Capacity',
      type: 'bytes',
      width: 100,
      value: ({ spec }) => quantityCell(spec?.capacity?.storage),
    },
    {
      id: 'accessModes',
      title: 'Access modes',
      type: 'list',
      width: 120,
      value: ({ spec }) => accessModesCell(spec?.accessModes),
    },
    {
      id: 'reclaimPolicy',
      title: 'Reclaim policy',
      width: 120,
      value: ({ spec }) => spec?.persistentVolumeReclaimPolicy ?? null,
    },
    {
      id: 'claim',
      title: 'Claim',
      width: 220,
      value: ({ spec }) => (spec?.claimRef?.name ? `${spec.claimRef.namespace}/${spec.claimRef.name}` : null),
    },
    {
      id: 'storageClass',
      title: 'Storage class',
      width: 130,
      linksTo: 'storageclasses.storage.k8s.io',
      value: ({ spec }) => spec?.storageClassName || null,
    },
    { id: 'volumeMode', title: 'Volume mode', wide: true, value: ({ spec }) => spec?.volumeMode ?? null },
    { id: 'reason', title: 'Reason', wide: true, value: ({ status }) => status?.reason ?? null },
  ],
  health,
  relations,
});
