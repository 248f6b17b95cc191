import { isDeepStrictEqual } from 'node:util';
import type { PersistentVolume, PersistentVolumeClaim, StorageClass } from '../../../../shared/kubernetes/objects';
import { compareQuantities } from '../../../../shared/kubernetes/quantities';
import { type FieldError, forbidden, invalid, notSupported, required } from './field-error';
import { validateLabelSelector } from './labels';
import { validateQuantities } from './resources';
import { immutable, oneOf } from './values';

const ACCESS_MODES = ['ReadOnlyMany', 'ReadWriteMany', 'ReadWriteOnce', 'ReadWriteOncePod'];
const VOLUME_MODES = ['Block', 'Filesystem'];
const RECLAIM_POLICIES = ['Delete', 'Recycle', 'Retain'];
/** What a volume's spec has besides its source. */
const NO_SOURCE = new Set([
  'accessModes',
  'capacity',
  'claimRef',
  'mountOptions',
  'nodeAffinity',
  'persistentVolumeReclaimPolicy',
  'storageClassName',
  'volumeAttributesClassName',
  'volumeMode',
]);

type ClaimSpec = NonNullable<PersistentVolumeClaim['spec']>;

function validateAccessModes(modes: readonly string[] | undefined, path: string): FieldError[] {
  const given = modes ?? [];
  if (given.length === 0) return [required(path, 'at least 1 access mode is required')];
  const errors = given
    .filter((mode) => !ACCESS_MODES.includes(mode))
    .map((mode) => notSupported(path, mode, ACCESS_MODES));
  if (given.length > 1 && given.includes('ReadWriteOncePod')) {
    errors.push(forbidden(path, 'may not use ReadWriteOncePod with other access modes'));
  }
  return errors;
}

/** A claim's spec, alone or in a template (`ValidatePersistentVolumeClaimSpec`). */
export function validateClaimSpec(spec: ClaimSpec | undefined, path: string): FieldError[] {
  const errors = validateAccessModes(spec?.accessModes, `${path}.accessModes`);
  errors.push(...validateLabelSelector(spec?.selector, `${path}.selector`));
  const storage = spec?.resources?.requests?.storage;
  if (storage === undefined) errors.push(required(`${path}.resources[storage]`));
  else if (compareQuantities(storage, '0') <= 0) {
    errors.push(invalid(`${path}.resources[storage]`, storage, 'must be greater than zero'));
  }
  errors.push(...oneOf(spec?.volumeMode, VOLUME_MODES, `${path}.volumeMode`));
  return errors;
}

const CLAIM_TEXT =
  'spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims';

/** A claim's spec stays, but for its size once it is bound, which may only grow (`ValidatePersistentVolumeClaimUpdate`). */
export function validateClaimUpdate(claim: PersistentVolumeClaim, old: PersistentVolumeClaim): FieldError[] {
  const bound = old.status?.phase === 'Bound';
  const settled = (spec: ClaimSpec | undefined, other: ClaimSpec | undefined): unknown => {
    const copy = { ...spec };
    // The binder sets the volume's name, and the default class may be filled in later.
    if (!old.spec?.volumeName) delete copy.volumeName;
    if (old.spec?.storageClassName === undefined) delete copy.storageClassName;
    if (bound) {
      delete copy.volumeAttributesClassName;
      copy.resources = { ...copy.resources, requests: other?.resources?.requests };
    }
    return JSON.parse(JSON.stringify(copy));
  };
  const errors: FieldError[] = [];
  if (!isDeepStrictEqual(settled(claim.spec, old.spec), settled(old.spec, old.spec))) {
    errors.push(forbidden('spec', CLAIM_TEXT));
  }
  const size = claim.spec?.resources?.requests?.storage;
  const oldSize = old.spec?.resources?.requests?.storage;
  const capacity = old.status?.capacity?.storage;
  if (bound && size !== undefined && oldSize !== undefined && compareQuantities(size, oldSize) < 0) {
    if (capacity === undefined || compareQuantities(size, capacity) <= 0) {
      errors.push(forbidden('spec.resources.requests.storage', 'field can not be less than status.capacity'));
    }
  }
  return errors;
}

/** A volume: a size, access modes, and exactly one source (`ValidatePersistentVolume`). */
export function validatePersistentVolume(volume: PersistentVolume): FieldError[] {
  const spec = volume.spec ?? {};
  const errors = validateAccessModes(spec.accessModes, 'spec.accessModes');
  const { capacity = {} } = spec;
  if (Object.keys(capacity).length === 0) errors.push(required('spec.capacity'));
  else if (capacity.storage === undefined || Object.keys(capacity).length > 1) {
    errors.push(notSupported('spec.capacity', capacity, ['storage']));
  }
  errors.push(...validateQuantities(capacity, 'spec.capacity'));
  errors.push(...oneOf(spec.persistentVolumeReclaimPolicy, RECLAIM_POLICIES, 'spec.persistentVolumeReclaimPolicy'));
  const sources = Object.keys(spec).filter((key) => !NO_SOURCE.has(key));
  if (sources.length === 0) errors.push(required('spec', 'must specify a volume type'));
  errors.push(...sources.slice(1).map((key) => forbidden(`spec.${key}`, 'may not specify more than 1 volume type')));
  if (spec.hostPath !== undefined && !spec.hostPath.path) errors.push(required('spec.hostPath.path'));
  if (spec.local !== undefined) {
    if (!spec.local.path) errors.push(required('spec.local.path'));
    if (spec.nodeAffinity === undefined) {
      errors.push(required('spec.nodeAffinity', 'Local volume requires node affinity'));
    }
  }
  errors.push(...oneOf(spec.volumeMode, VOLUME_MODES, 'spec.volumeMode'));
  return errors;
}

/** A volume keeps its source and mode (`ValidatePersistentVolumeUpdate`). */
export function validatePersistentVolumeUpdate(volume: PersistentVolume, old: PersistentVolume): FieldError[] {
  const source = (spec: PersistentVolume['spec']) =>
    Object.fromEntries(Object.entries(spec ?? {}).filter(([key]) => !NO_SOURCE.has(key)));
  const errors = immutable(volume.spec?.volumeMode, old.spec?.volumeMode, 'spec.volumeMode');
  if (!isDeepStrictEqual(source(volume.spec), source(old.spec))) {
    errors.push(forbidden('spec.persistentvolumesource', 'spec.persistentvolumesource is immutable after creation'));
  }
  return errors;
}

export function validateStorageClass(storageClass: StorageClass): FieldError[] {
  return [
    ...(storageClass.provisioner ? [] : [required('provisioner')]),
    ...oneOf(storageClass.reclaimPolicy, ['Delete', 'Retain'], 'reclaimPolicy'),
    ...oneOf(storageClass.volumeBindingMode, ['Immediate', 'WaitForFirstConsumer'], 'volumeBindingMode'),
  ];
}

/** A class stays what it is, but for whether its volumes may grow (`ValidateStorageClassUpdate`). */
export function validateStorageClassUpdate(storageClass: StorageClass, old: StorageClass): FieldError[] {
  const errors: FieldError[] = [];
  if (!isDeepStrictEqual(storageClass.parameters ?? {}, old.parameters ?? {})) {
    errors.push(forbidden('parameters', 'updates to parameters are forbidden.'));
  }
  if (storageClass.provisioner !== old.provisioner) {
    errors.push(forbidden('provisioner', 'updates to provisioner are forbidden.'));
  }
  if (storageClass.reclaimPolicy !== old.reclaimPolicy) {
    errors.push(forbidden('reclaimPolicy', 'updates to reclaimPolicy are forbidden.'));
  }
  errors.push(...immutable(storageClass.volumeBindingMode, old.volumeBindingMode, 'volumeBindingMode'));
  return errors;
}
