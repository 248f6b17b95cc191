import type { PersistentVolumeClaim } from '../kubernetes/objects';
import { persistentVolumeClaims } from '../kubernetes/resources';
import { accessModesCell, quantityCell, statusColumn } from './cells';
import { defineKind, type Health, type Relation } from './kind';

function health({ status, metadata }: PersistentVolumeClaim): Health {
  if (metadata.deletionTimestamp !== undefined) {
    return { state: 'progress', label: 'Terminating', message: 'It goes as soon as no pod uses it any more.' };
  }
  switch (status?.phase) {
    case 'Bound':
      return { state: 'ok', label: 'Bound' };
    case 'Lost':
      return { state: 'error', label: 'Lost', message: 'Its volume is gone.' };
    default:
      return { state: 'progress', label: 'Pending', message: 'No volume is bound to it yet.' };
  }
}

function relations({ spec }: PersistentVolumeClaim): Relation[] {
  const found: Relation[] = [];
  if (spec?.volumeName) found.push({ role: 'Volume', kind: 'persistentvolumes', name: spec.volumeName });
  if (spec?.storageClassName) {
    found.push({ role: 'Storage class', kind: 'storageclasses.storage.k8s.io', name: spec.storageClassName });
  }
  return found;
}

export const persistentVolumeClaimKind = defineKind<PersistentVolumeClaim>({
  resource: persistentVolumeClaims,
  title: 'Persistent Volume Claims',
  about: 'A claim asks for storage of a size and a class. Pods name the claim, not the volume behind it.',
  shortNames: ['pvc'],
  group: 'storage',
  columns: [
    statusColumn((claim) => health(claim).label, 110),
    {
      id: 'volume',
      title: 'Volume',
      width: 260,
      linksTo: 'persistentvolumes',
      value: ({ spec }) => spec?.volumeName || null,
    },
    {
      id: 'capacity',
      title: 'Capacity',
      type: 'bytes',
      width: 100,
      value: ({ status }) => quantityCell(status?.capacity?.storage),
    },
    {
      id: 'requested',
      title: 'Requested',
      type: 'bytes',
      wide: true,
      value: ({ spec }) => quantityCell(spec?.resources?.requests?.storage),
    },
    {
      id: 'accessModes',
      title: 'Access modes',
      type: 'list',
      width: 120,
      value: ({ spec }) => accessModesCell(spec?.accessModes),
    },
    {
      id: 'storageClass',
      title: 'Storage class',
      width: 130,
      linksTo: 'storageclasses.storage.k8s.io',
      value: ({ spec }) => spec?.storageClassName || null,
    },
    { id: 'volumeMode', title: 'Volume mode', wide: true, value: ({ spec }) => spec?.volumeMode ?? null },
  ],
  health,
  relations,
});
