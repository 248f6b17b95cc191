import type { PersistentVolumeClaim } from '../../../../shared/kubernetes/objects';
import { persistentVolumeClaims } from '../../../../shared/kubernetes/resources';
import { persistentVolumeClaimPrinter } from '../printers/storage';
import type { ResourceDefinition } from '../registry/definition';
import { claimWarnings, validateClaimSpec, validateClaimUpdate } from '../validation/persistent-volume-claim';
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
      normalizeDataSources(claim);
    },
    prepareForUpdate(claim, old) {
      if (old.status !== undefined) claim.status = old.status;
      normalizeDataSources(claim, old);
    },
    validate: (claim) => validateClaimSpec(claim.spec, 'spec'),
    validateUpdate: validateClaimUpdate,
    warnings: claimWarnings,
  },
};

const SNAPSHOTS = 'snapshot.storage.k8s.io';

/**
 * Keeps the two fields for what a volume is filled from in step. The older one ignores what it does not know
 * (pkg/api/persistentvolumeclaim, `EnforceDataSourceBackwardsCompatibility` and `NormalizeDataSources`).
 */
function normalizeDataSources({ spec }: PersistentVolumeClaim, old?: PersistentVolumeClaim): void {
  if (spec === undefined) return;
  // Other namespaces are behind a gate that is closed by default.
  if (spec.dataSourceRef?.namespace && old?.spec?.dataSourceRef === undefined) delete spec.dataSourceRef;
  const { dataSource } = spec;
  if (dataSource !== undefined && spec.dataSourceRef === undefined) {
    const { apiGroup = '', kind } = dataSource;
    const isKnown =
      (kind === 'PersistentVolumeClaim' && apiGroup === '') || (kind === 'VolumeSnapshot' && apiGroup === SNAPSHOTS);
    if (isKnown) spec.dataSourceRef = { ...dataSource };
    else if (old?.spec?.dataSource === undefined) delete spec.dataSource;
  } else if (dataSource === undefined && spec.dataSourceRef !== undefined && !spec.dataSourceRef.namespace) {
    const { namespace: _, ...source } = spec.dataSourceRef;
    spec.dataSource = source;
  }
}
