import type { PersistentVolume } from '../../../../shared/kubernetes/objects';
import { persistentVolumes } from '../../../../shared/kubernetes/resources';
import { timestamp } from '../../clock';
import { persistentVolumePrinter } from '../printers/storage';
import type { ResourceDefinition } from '../registry/definition';
import {
  persistentVolumeWarnings,
  validatePersistentVolume,
  validatePersistentVolumeUpdate,
} from '../validation/persistent-volume';
import { canonicalize, specOf } from './pod-defaults';
import { applyVolumeSourceDefaults } from './volume-defaults';

export const persistentVolumeDefinition: ResourceDefinition<PersistentVolume> = {
  resource: persistentVolumes,
  singular: 'persistentvolume',
  shortNames: ['pv'],
  categories: [],
  hasStatus: true,
  printer: persistentVolumePrinter,
  strategy: {
    applyDefaults(volume) {
      const spec = specOf(volume);
      spec.persistentVolumeReclaimPolicy ||= 'Retain';
      spec.volumeMode ??= 'Filesystem';
      applyVolumeSourceDefaults(spec);
      canonicalize(spec.capacity);
      volume.status ??= {};
      volume.status.phase ||= 'Pending';
    },
    prepareForCreate(volume, { clock }) {
      volume.status = { phase: 'Pending', lastPhaseTransitionTime: timestamp(clock) };
    },
    validate: validatePersistentVolume,
    validateUpdate: validatePersistentVolumeUpdate,
    warnings: persistentVolumeWarnings,
  },
};
