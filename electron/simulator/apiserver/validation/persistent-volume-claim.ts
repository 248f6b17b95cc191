import { isDeepStrictEqual } from 'node:util';
import { dns1123LabelProblems, dns1123SubdomainProblems } from '../../../../shared/kubernetes/label-syntax';
import type { PersistentVolumeClaim } from '../../../../shared/kubernetes/objects';
import { canonicalQuantity, compareQuantities, quantityInNano } from '../../../../shared/kubernetes/quantities';
import { type FieldError, forbidden, invalid, notSupported, required } from './field-error';
import { validateLabelSelector } from './labels';
import { difference } from './pod-difference';
import { immutable, invalidFor, oneOf } from './values';

type ClaimSpec = NonNullable<PersistentVolumeClaim['spec']>;
type DataSource = NonNullable<ClaimSpec['dataSourceRef']>;

const ACCESS_MODES = ['ReadOnlyMany', 'ReadWriteMany', 'ReadWriteOnce', 'ReadWriteOncePod'];
export const VOLUME_MODES = ['Block', 'Filesystem'];
const CLASS_ANNOTATION = 'volume.beta.kubernetes.io/storage-class';

/** How a volume may be mounted. @param detail what is said when no mode is given. */
export function validateAccessModes(modes: readonly string[], detail: string, path: string): FieldError[] {
  const errors = modes.length === 0 ? [required(path, detail)] : [];
  for (const mode of modes) if (!ACCESS_MODES.includes(mode)) errors.push(notSupported(path, mode, ACCESS_MODES));
  const others = modes.some((mode) => ACCESS_MODES.includes(mode) && mode !== 'ReadWriteOncePod');
  if (others && modes.includes('ReadWriteOncePod')) {
    errors.push(forbidden(path, 'may not use ReadWriteOncePod with other access modes'));
  }
  return errors;
}

/** A claim's spec, alone or in a template (`ValidatePersistentVolumeClaimSpec`). */
export function validateClaimSpec(spec: ClaimSpec | undefined, path: string): FieldError[] {
  const { accessModes = [], selector, resources, storageClassName, volumeMode, dataSource, dataSourceRef } = spec ?? {};
  const errors =
    accessModes.length === 0
      ? validateAccessModes([], 'at least 1 access mode is required', `${path}.accessModes`)
      : [];
  errors.push(...validateLabelSelector(selector, `${path}.selector`));
  if (accessModes.length > 0) errors.push(...validateAccessModes(accessModes, '', `${path}.accessModes`));
  errors.push(...validateSize(resources?.requests?.storage, `${path}.resources[storage]`));
  if (storageClassName)
    errors.push(...invalidFor(`${path}.storageClassName`, storageClassName, dns1123SubdomainProblems));
  errors.push(...oneOf(volumeMode, VOLUME_MODES, `${path}.volumeMode`));
  if (dataSource !== undefined) errors.push(...validateDataSource(dataSource, `${path}.dataSource`));
  if (dataSourceRef !== undefined) errors.push(...validateDataSource(dataSourceRef, `${path}.dataSourceRef`));
  if (dataSource !== undefined && dataSourceRef !== undefined) {
    // Upstream shows the path where the value should be, as Go has the struct of a path.
    if (dataSourceRef.namespace) {
      errors.push(invalid(path, {}, 'may not be specified when dataSourceRef.namespace is specified'));
    } else if (!namesSame(dataSource, dataSourceRef)) errors.push(invalid(path, {}, 'must match dataSourceRef'));
  }
  const attributes = spec?.volumeAttributesClassName;
  if (attributes) errors.push(...invalidFor(`${path}.volumeAttributesClassName`, attributes, dns1123SubdomainProblems));
  return errors;
}

function validateSize(size: string | undefined, path: string): FieldError[] {
  if (size === undefined) return [required(path)];
  if (compareQuantities(size, '0') > 0) return [];
  return [invalid(path, canonicalQuantity(size), 'must be greater than zero')];
}

const namesSame = (a: DataSource, b: DataSource) => a.apiGroup === b.apiGroup && a.kind === b.kind && a.name === b.name;

function validateDataSource({ name, kind = '', apiGroup, namespace }: DataSource, path: string): FieldError[] {
  const errors = [...(name ? [] : [required(`${path}.name`)]), ...(kind ? [] : [required(`${path}.kind`)])];
  if (!apiGroup && kind !== 'PersistentVolumeClaim') {
    errors.push(invalid(path, kind, "must be 'PersistentVolumeClaim' when referencing the default apiGroup"));
  }
  if (apiGroup) errors.push(...invalidFor(`${path}.apiGroup`, apiGroup, dns1123SubdomainProblems));
  if (namespace) errors.push(...invalidFor(`${path}.namespace`, namespace, dns1123LabelProblems));
  return errors;
}

const IMMUTABLE_TEXT =
  'spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims';

/** A claim's spec stays, but for its size once it is bound, which may only grow (`ValidatePersistentVolumeClaimUpdate`). */
export function validateClaimUpdate(claim: PersistentVolumeClaim, old: PersistentVolumeClaim): FieldError[] {
  const spec = { ...claim.spec };
  const oldSpec = { ...old.spec };
  const errors: FieldError[] = [];
  const annotated = claim.metadata.annotations?.[CLASS_ANNOTATION];
  const oldAnnotated = old.metadata.annotations?.[CLASS_ANNOTATION];
  // The binder sets the volume's name.
  if (!oldSpec.volumeName) {
    if (spec.volumeName === undefined) delete oldSpec.volumeName;
    else oldSpec.volumeName = spec.volumeName;
  }
  const named = spec.storageClassName !== undefined && oldSpec.storageClassName === undefined;
  const movesFromAnnotation =
    named && oldAnnotated === spec.storageClassName && (annotated === undefined || annotated === oldAnnotated);
  if (movesFromAnnotation) delete spec.storageClassName;
  else {
    if (annotated !== oldAnnotated) {
      errors.push(invalid(`metadata.annotations.${CLASS_ANNOTATION}`, annotated ?? '', 'field is immutable'));
    }
    // The default class may be filled in later.
    if (named && oldAnnotated === undefined) delete spec.storageClassName;
  }
  if (claim.status?.phase === 'Bound') {
    if (spec.resources?.requests !== undefined) spec.resources = withSizeOf(spec.resources, oldSpec.resources);
    if (oldSpec.volumeAttributesClassName === undefined) delete spec.volumeAttributesClassName;
    else spec.volumeAttributesClassName = oldSpec.volumeAttributesClassName;
  }
  if (!isDeepStrictEqual(spec, oldSpec)) {
    errors.push(forbidden('spec', `${IMMUTABLE_TEXT}\n${difference('PersistentVolumeClaimSpec', oldSpec, spec)}`));
  }
  errors.push(...validateShrinking(claim, old));
  errors.push(...immutable(claim.spec?.volumeMode, old.spec?.volumeMode, 'volumeMode'));
  const attributes = claim.spec?.volumeAttributesClassName;
  if (
    attributes !== old.spec?.volumeAttributesClassName &&
    old.status?.currentVolumeAttributesClassName !== undefined
  ) {
    const what = attributes === undefined ? 'nil' : attributes === '' ? 'empty string' : undefined;
    if (what !== undefined) {
      const text = `update to ${what} is forbidden when status.currentVolumeAttributesClassName is not nil`;
      errors.push(forbidden('spec.volumeAttributesClassName', text));
    }
  }
  return errors;
}

type Resources = NonNullable<ClaimSpec['resources']>;

function withSizeOf(resources: Resources, old: Resources | undefined): Resources {
  const { storage: _, ...requests } = resources.requests ?? {};
  const size = old?.requests?.storage;
  return { ...resources, requests: { ...requests, ...(size === undefined ? {} : { storage: size }) } };
}

/** A claim that did not grow may ask for less again, but for no more than it has. */
function validateShrinking(claim: PersistentVolumeClaim, old: PersistentVolumeClaim): FieldError[] {
  const size = claim.spec?.resources?.requests?.storage ?? '0';
  const oldSize = old.spec?.resources?.requests?.storage ?? '0';
  const capacity = old.status?.capacity?.storage ?? '0';
  if (compareQuantities(size, oldSize) >= 0 || compareQuantities(size, capacity) > 0) return [];
  return [forbidden('spec.resources.requests.storage', 'field can not be less than status.capacity')];
}

/** @returns texts for `Warning` headers (pkg/api/persistentvolumeclaim, `GetWarningsForPersistentVolumeClaim`). */
export function claimWarnings({ metadata, spec }: PersistentVolumeClaim): string[] {
  const warnings: string[] = [];
  if (metadata.annotations?.[CLASS_ANNOTATION] !== undefined) {
    const text = 'deprecated since v1.8; use "storageClassName" attribute instead';
    warnings.push(`metadata.annotations[${CLASS_ANNOTATION}]: ${text}`);
  }
  return [...warnings, ...claimSpecWarnings(spec, 'spec')];
}

/** The part of them that is about a claim's spec, alone or in a template. */
export function claimSpecWarnings(spec: ClaimSpec | undefined, path: string): string[] {
  const warnings: string[] = [];
  for (const list of ['requests', 'limits'] as const) {
    const size = spec?.resources?.[list]?.storage;
    if (size === undefined || quantityInNano(size) % 10n ** 9n === 0n) continue;
    const text = `fractional byte value ${JSON.stringify(canonicalQuantity(size))} is invalid, must be an integer`;
    warnings.push(`${path}.resources.${list}[storage]: ${text}`);
  }
  return warnings;
}
