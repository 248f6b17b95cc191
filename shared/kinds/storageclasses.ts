import type { StorageClass } from '../kubernetes/objects';
import { storageClasses } from '../kubernetes/resources';
import { defineKind } from './kind';

const DEFAULT_CLASS = 'storageclass.kubernetes.io/is-default-class';

export const storageClassKind = defineKind<StorageClass>({
  resource: storageClasses,
  title: 'Storage Classes',
  about: 'A storage class says how volumes of a kind are made when a claim asks for one.',
  shortNames: ['sc'],
  group: 'storage',
  columns: [
    {
      id: 'default',
      title: 'Default',
      type: 'boolean',
      width: 80,
      value: ({ metadata }) => metadata.annotations?.[DEFAULT_CLASS] === 'true',
    },
    { id: 'provisioner', title: 'Provisioner', width: 240, value: ({ provisioner }) => provisioner ?? null },
    { id: 'reclaimPolicy', title: 'Reclaim policy', width: 120, value: ({ reclaimPolicy }) => reclaimPolicy ?? null },
    {
      id: 'bindingMode',
      title: 'Binding mode',
      width: 180,
      value: ({ volumeBindingMode }) => volumeBindingMode ?? null,
    },
    {
      id: 'expansion',
      title: 'Expansion',
      type: 'boolean',
      width: 100,
      value: ({ allowVolumeExpansion }) => allowVolumeExpansion ?? false,
    },
  ],
  health: () => ({ state: 'neutral', label: '' }),
});
