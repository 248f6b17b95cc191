import { isDeepStrictEqual } from 'node:util';
import { dns1123LabelProblems, dns1123SubdomainProblems } from '../../../../shared/kubernetes/label-syntax';
import type { PersistentVolume } from '../../../../shared/kubernetes/objects';
import { canonicalQuantity, compareQuantities, quantityInNano } from '../../../../shared/kubernetes/quantities';
import { type FieldError, forbidden, invalid, notSupported, required } from './field-error';
import { internalText } from './internal-text';
import { expressionWarnings } from './old-node-labels';
import { VOLUME_MODES, validateAccessModes } from './persistent-volume-claim';
import { difference } from './pod-difference';
import { validateNodeSelector } from './pod-spec/affinity';
import { withoutBacksteps } from './pod-spec/paths';
import {
  initiatorProblems,
  LONGEST_PORTAL,
  PORTAL_TEXT,
  validateDriverName,
  volumeSources,
} from './pod-spec/volume-sources';
import { immutable, inRange, invalidFor, oneOf } from './values';

type Spec = NonNullable<PersistentVolume['spec']>;
type SecretRef = { name?: string; namespace?: string };

const RECLAIM_POLICIES = ['Delete', 'Recycle', 'Retain'];

/** What a volume may be made of, in the order in which upstream looks for them. */
const SOURCES = [
  'hostPath',
  'gcePersistentDisk',
  'awsElasticBlockStore',
  'glusterfs',
  'flocker',
  'nfs',
  'rbd',
  'quobyte',
  'cephfs',
  'iscsi',
  'cinder',
  'fc',
  'flexVolume',
  'azureFile',
  'vsphereVolume',
  'photonPersistentDisk',
  'portworxVolume',
  'azureDisk',
  'scaleIO',
  'local',
  'storageos',
  'csi',
] as const;

type Source = (typeof SOURCES)[number];

/** pkg/apis/core/validation, `ValidatePersistentVolumeSpec`. */
export function validatePersistentVolume(volume: PersistentVolume): FieldError[] {
  return [...validateSpec(volume), ...validateMountOptions(volume)];
}

function validateSpec({ metadata, spec = {} }: PersistentVolume): FieldError[] {
  const { storageClassName, volumeAttributesClassName: attributes, hostPath } = spec;
  const errors = [
    ...validateAccessModes(spec.accessModes ?? [], '', 'spec.accessModes'),
    ...validateCapacity(spec.capacity ?? {}),
    ...oneOf(spec.persistentVolumeReclaimPolicy, RECLAIM_POLICIES, 'spec.persistentVolumeReclaimPolicy'),
    ...validateNodeAffinity(spec.nodeAffinity),
    ...validateSource(spec, metadata.name ?? ''),
  ];
  if (hostPath !== undefined && isRoot(hostPath.path) && spec.persistentVolumeReclaimPolicy === 'Recycle') {
    const text = "may not be 'recycle' for a hostPath mount of '/'";
    errors.push(forbidden('spec.persistentVolumeReclaimPolicy', text));
  }
  if (storageClassName) {
    errors.push(...invalidFor('spec.storageClassName', storageClassName, dns1123SubdomainProblems));
  }
  errors.push(...oneOf(spec.volumeMode, VOLUME_MODES, 'spec.volumeMode'));
  if (attributes !== undefined) {
    const at = 'spec.volumeAttributesClassName';
    if (attributes === '') errors.push(required(at, 'an empty string is disallowed'));
    else errors.push(...invalidFor(at, attributes, dns1123SubdomainProblems));
    if (spec.csi === undefined) {
      errors.push(required('spec.csi', 'has to be specified when using volumeAttributesClassName'));
    }
  }
  return errors;
}

/** Sources whose mounts take options (pkg/volume/validation, `checkMountOption`). */
const TAKES_OPTIONS: readonly Source[] = [
  'gcePersistentDisk',
  'awsElasticBlockStore',
  'glusterfs',
  'nfs',
  'rbd',
  'quobyte',
  'iscsi',
  'cinder',
  'cephfs',
  'azureFile',
  'vsphereVolume',
  'azureDisk',
  'photonPersistentDisk',
];
const OPTIONS_ANNOTATION = 'volume.beta.kubernetes.io/mount-options';

/** Options of mounts by their old annotation. */
function validateMountOptions({ metadata, spec }: PersistentVolume): FieldError[] {
  if (metadata.annotations?.[OPTIONS_ANNOTATION] === undefined) return [];
  if (TAKES_OPTIONS.some((source) => spec?.[source] !== undefined)) return [];
  const at = `metadata.annotations.${OPTIONS_ANNOTATION}`;
  return [forbidden(at, 'may not specify mount options for this volume type')];
}

const isRoot = (path: string) => /^\/+(\.?\/+)*\.?$/.test(path);

function validateCapacity(capacity: Record<string, string>): FieldError[] {
  const errors: FieldError[] = [];
  const names = Object.keys(capacity);
  if (names.length === 0) errors.push(required('spec.capacity'));
  if (capacity.storage === undefined || names.length > 1) {
    errors.push(notSupported('spec.capacity', spelled(capacity), ['storage']));
  }
  for (const [name, amount] of Object.entries(capacity)) {
    const at = `spec.capacity[${name}]`;
    if (compareQuantities(amount, '0') < 0) {
      errors.push(invalid(at, Number(quantityInNano(amount) / 10n ** 9n), 'must be a valid resource quantity'));
    }
    if (compareQuantities(amount, '0') <= 0)
      errors.push(invalid(at, canonicalQuantity(amount), 'must be greater than zero'));
  }
  return errors;
}

const spelled = (capacity: Record<string, string>) =>
  Object.keys(capacity).length === 0
    ? null
    : Object.fromEntries(Object.entries(capacity).map(([name, amount]) => [name, canonicalQuantity(amount)]));

function validateNodeAffinity(affinity: Spec['nodeAffinity']): FieldError[] {
  if (affinity === undefined) return [];
  const at = 'spec.nodeAffinity.required';
  if (affinity.required === undefined) return [required(at, 'must specify required node constraints')];
  return validateNodeSelector(affinity.required, at);
}

/** Upstream's names of these fields in its refusals of a second source. */
const MISSPELT: Readonly<Partial<Record<Source, string>>> = { cephfs: 'cephFS' };

function validateSource(spec: Spec, name: string): FieldError[] {
  const given = SOURCES.filter((source) => spec[source] !== undefined);
  const [first, ...others] = given;
  if (first === undefined) return [required('spec', 'must specify a volume type')];
  return [
    ...validateFields(first, spec, name),
    ...others.flatMap((source) =>
      // Upstream forgets to count before this one.
      source === 'flexVolume'
        ? validateFields(source, spec, name)
        : [forbidden(`spec.${MISSPELT[source] ?? source}`, 'may not specify more than 1 volume type')],
    ),
  ];
}

/** The fields of a source: as in a pod, but for what names secrets of any namespace. */
function validateFields(source: Source, spec: Spec, name: string): FieldError[] {
  const at = `spec.${source}`;
  switch (source) {
    case 'local': {
      const path = spec.local?.path ?? '';
      return [
        ...(path === '' ? [required(`${at}.path`)] : withoutBacksteps(path, `${at}.path`)),
        ...(spec.nodeAffinity === undefined
          ? [required('spec.nodeAffinity', 'Local volume requires node affinity')]
          : []),
      ];
    }
    case 'csi':
      return validateCsi(spec.csi, at);
    case 'iscsi':
      return validateIscsi(spec.iscsi ?? {}, name, at);
    case 'cinder':
    case 'storageos':
      return [...asInPod(source, spec, name, at), ...namespaceOf(spec[source]?.secretRef, `${at}.secretRef`)];
    case 'azureFile':
      return [
        ...asInPod(source, spec, name, at),
        ...(spec.azureFile?.secretNamespace === '' ? [required(`${at}.secretNamespace`)] : []),
      ];
    case 'glusterfs': {
      const namespace = spec.glusterfs?.endpointsNamespace;
      const where = `${at}.endpointsNamespace`;
      const empty = 'if the endpointnamespace is set, it must be a valid namespace name';
      return [
        ...asInPod(source, spec, name, at),
        ...(namespace === '' ? [invalid(where, '', empty)] : []),
        ...(namespace ? invalidFor(where, namespace, dns1123LabelProblems) : []),
      ];
    }
    default:
      return asInPod(source, spec, name, at);
  }
}

function asInPod(source: Exclude<Source, 'local'>, spec: Spec, name: string, path: string): FieldError[] {
  const validate = volumeSources.find(([field]) => field === source)?.[1];
  // The source's fields are those of a pod's volume, whose secrets merely have no namespace.
  const volume = { name, [source]: spec[source] };
  return validate?.(volume, path, true) ?? [];
}

function namespaceOf(secret: SecretRef | undefined, path: string): FieldError[] {
  return secret !== undefined && !secret.namespace ? [required(`${path}.namespace`)] : [];
}

/** As in a pod, in fewer words (`validateISCSIPersistentVolumeSource`). */
function validateIscsi(iscsi: Partial<NonNullable<Spec['iscsi']>>, name: string, path: string): FieldError[] {
  const { iqn, lun = 0, initiatorName, targetPortal = '', secretRef } = iscsi;
  const errors = targetPortal === '' ? [required(`${path}.targetPortal`)] : [];
  const malformed = (text: string) => (initiatorProblems(text).length > 0 ? ['must be valid format'] : []);
  if (initiatorName !== undefined && `${name}:${targetPortal}`.length > LONGEST_PORTAL) {
    errors.push(invalid(`${path}.targetportal`, targetPortal, PORTAL_TEXT));
  }
  errors.push(...(iqn ? invalidFor(`${path}.iqn`, iqn, malformed) : [required(`${path}.iqn`)]));
  errors.push(...inRange(lun, 0, 255, `${path}.lun`));
  if ((iscsi.chapAuthDiscovery === true || iscsi.chapAuthSession === true) && secretRef === undefined) {
    errors.push(required(`${path}.secretRef`));
  }
  if (secretRef !== undefined && !secretRef.name) errors.push(required(`${path}.secretRef.name`));
  if (initiatorName !== undefined) errors.push(...invalidFor(`${path}.initiatorname`, initiatorName, malformed));
  return errors;
}

function validateCsi(csi: Spec['csi'], path: string): FieldError[] {
  if (csi === undefined) return [];
  const secrets = [
    'controllerPublishSecretRef',
    'controllerExpandSecretRef',
    'nodePublishSecretRef',
    'nodeExpandSecretRef',
  ] as const;
  return [
    ...validateDriverName(csi.driver, `${path}.driver`),
    ...(csi.volumeHandle ? [] : [required(`${path}.volumeHandle`)]),
    ...secrets.flatMap((field) => {
      const secret = csi[field];
      return secret === undefined ? [] : validateSecretRef(secret, `${path}.${field}`);
    }),
  ];
}

function validateSecretRef({ name, namespace }: SecretRef, path: string): FieldError[] {
  return [
    ...(name ? invalidFor(`${path}.name`, name, dns1123SubdomainProblems) : [required(`${path}.name`)]),
    ...(namespace ? invalidFor(`${path}.namespace`, namespace, dns1123LabelProblems) : [required(`${path}.namespace`)]),
  ];
}

/** A volume keeps its source, its mode and its nodes (`ValidatePersistentVolumeUpdate`). */
export function validatePersistentVolumeUpdate(volume: PersistentVolume, old: PersistentVolume): FieldError[] {
  // A second time, as upstream does.
  const errors = validateSpec(volume);
  const source = sourceOf(volume.spec, old.spec);
  const oldSource = sourceOf(old.spec, old.spec);
  if (!isDeepStrictEqual(source, oldSource)) {
    const text = `spec.persistentvolumesource is immutable after creation\n${difference('PersistentVolumeSource', oldSource, source)}`;
    errors.push(forbidden('spec.persistentvolumesource', text));
  }
  errors.push(...immutable(volume.spec?.volumeMode, old.spec?.volumeMode, 'volumeMode'));
  const affinity = volume.spec?.nodeAffinity;
  if (old.spec?.nodeAffinity !== undefined && !isDeepStrictEqual(affinity, old.spec.nodeAffinity)) {
    const shown = affinity === undefined ? null : internalText('VolumeNodeAffinity', affinity);
    errors.push(invalid('nodeAffinity', shown, 'field is immutable, except for updating from beta label to GA'));
  }
  if (old.spec?.volumeAttributesClassName !== undefined && volume.spec?.volumeAttributesClassName === undefined) {
    errors.push(forbidden('spec.volumeAttributesClassName', 'update from non-nil value to nil is forbidden'));
  }
  return errors;
}

/** The source, without a secret for growing where there was none before: that may come. */
function sourceOf(spec: PersistentVolume['spec'], old: PersistentVolume['spec']): Partial<Spec> {
  const source = Object.fromEntries(
    SOURCES.flatMap((name) => (spec?.[name] === undefined ? [] : [[name, spec[name]]])),
  );
  if (spec?.csi === undefined || old?.csi === undefined || old.csi.controllerExpandSecretRef !== undefined)
    return source;
  const { controllerExpandSecretRef: _, ...csi } = spec.csi;
  return { ...source, csi };
}

const OLD_ANNOTATIONS: Readonly<Record<string, string>> = {
  'volume.beta.kubernetes.io/storage-class': 'deprecated since v1.8; use "storageClassName" attribute instead',
  'volume.beta.kubernetes.io/mount-options': 'deprecated since v1.31; use "mountOptions" attribute instead',
};

const OLD_SOURCES: readonly (readonly [Source, string, string])[] = [
  ['cephfs', 'cephfs', 'deprecated in v1.28, non-functional in v1.31+'],
  ['photonPersistentDisk', 'photonPersistentDisk', 'deprecated in v1.11, non-functional in v1.16+'],
  ['scaleIO', 'scaleIO', 'deprecated in v1.16, non-functional in v1.22+'],
  ['storageos', 'storageOS', 'deprecated in v1.22, non-functional in v1.25+'],
  ['glusterfs', 'glusterfs', 'deprecated in v1.25, non-functional in v1.26+'],
  ['rbd', 'rbd', 'deprecated in v1.28, non-functional in v1.31+'],
];

/** @returns texts for `Warning` headers (pkg/api/persistentvolume, `GetWarningsForPersistentVolume`). */
export function persistentVolumeWarnings({ metadata, spec }: PersistentVolume): string[] {
  const warnings = Object.entries(OLD_ANNOTATIONS).flatMap(([key, text]) =>
    metadata.annotations?.[key] === undefined ? [] : [`metadata.annotations[${key}]: ${text}`],
  );
  if (spec?.persistentVolumeReclaimPolicy === 'Recycle') {
    const text =
      'The Recycle reclaim policy is deprecated. Instead, the recommended approach is to use dynamic provisioning.';
    warnings.push(`spec.persistentVolumeReclaimPolicy: ${text}`);
  }
  for (const [index, { matchExpressions = [] }] of (spec?.nodeAffinity?.required?.nodeSelectorTerms ?? []).entries()) {
    const path = `spec.nodeAffinity.required.nodeSelectorTerms[${index}].matchExpressions`;
    warnings.push(...expressionWarnings(matchExpressions, path));
  }
  for (const [source, shown, text] of OLD_SOURCES)
    if (spec?.[source] !== undefined) warnings.push(`spec.${shown}: ${text}`);
  return warnings;
}
