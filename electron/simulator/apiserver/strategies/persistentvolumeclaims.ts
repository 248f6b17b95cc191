import type { PersistentVolumeClaim } from '../../../../shared/kubernetes/objects';
import { persistentVolumeClaims } from '../../../../shared/kubernetes/resources';
import { persistentVolumeClaimPrinter } from '../printers/storage';
import type { ResourceDefinition } from '../registry/definition';
import { validateClaimSpec, validateClaimUpdate } from '../validation/storage';
import { applyClaimSpecDefaults, specOf } from './pod-defaults';

export const persistentVolumeClaimDefinition: ResourceDefinition<PersistentVolumeClaim> = {
  resource: persistentVolumeClaims,
  singular: 'persistentvolumeclaim',
  shortNames: ['pvc'],
  categories: [],
  hasStatus: true,
  printer: persistentVolumeClaimPrinter,
  strategy: {
    applyDefaults(claim) {
      applyClaimSpecDefaults(specOf(claim));
      claim.status ??= {};
      claim.status.phase ||= 'Pending';
    },
    prepareForCreate(claim) {
      claim.status = { phase: 'Pending' };
    },
    validate: (claim) => validateClaimSpec(claim.spec, 'spec'),
    validateUpdate: validateClaimUpdate,
  },
};
