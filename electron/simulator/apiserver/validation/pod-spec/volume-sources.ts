import { dns1123LabelProblems, dns1123SubdomainProblems } from '../../../../../shared/kubernetes/label-syntax';
import { compareQuantities } from '../../../../../shared/kubernetes/quantities';
import type { Volume } from '../../strategies/pod-defaults';
import { type FieldError, forbidden, invalid, notSupported, required, tooLong } from '../field-error';
import { validateAnnotations, validateLabels } from '../labels';
import { validateClaimSpec } from '../persistent-volume-claim';
import { inRange, invalidFor, oneOf } from '../values';
import { PULL_POLICIES } from './container';
import { descendingPath, withoutBacksteps } from './paths';
import { validateDownwardFile, validateItem, validateMode, validateProjected } from './projected';

/** What a volume may be made of, by its field. */
export type SourceName = Exclude<keyof Volume, 'name'>;

type Validate = (volume: Volume, path: string, isPod: boolean) => FieldError[];

/** The validation of one kind of source, which is only called when it is given. */
function source<Name extends SourceName>(
  name: Name,
  validate: (given: NonNullable<Volume[Name]>, path: string, isPod: boolean, volume: Volume) => FieldError[],
): readonly [Name, Validate] {
  return [
    name,
    (volume, path, isPod) => {
      const given = volume[name];
      // A property of a generic type: the compiler does not see that it is what remains.
      return given === undefined ? [] : validate(given as NonNullable<Volume[Name]>, path, isPod, volume);
    },
  ];
}

/** The errors of fields that must be given. */
function mandatory(given: object, path: string, ...fields: string[]): FieldError[] {
  const values = new Map<string, unknown>(Object.entries(given));
  return fields.filter((field) => !values.get(field)).map((field) => required(`${path}.${field}`));
}

const HOST_PATH_TYPES = [
  '',
  'BlockDevice',
  'CharDevice',
  'Directory',
  'DirectoryOrCreate',
  'File',
  'FileOrCreate',
  'Socket',
];
const PARTITION = 'must be between 1 and 255, inclusive';
const LONGEST_DRIVER = 63;

/** Every kind of source, in the order in which upstream looks for them (`validateVolumeSource`). */
export const volumeSources: readonly (readonly [SourceName, Validate])[] = [
  source('emptyDir', ({ sizeLimit }, path) =>
    sizeLimit !== undefined && compareQuantities(sizeLimit, '0') < 0
      ? [forbidden(`${path}.sizeLimit`, 'SizeLimit field must be a valid resource quantity')]
      : [],
  ),
  source('hostPath', ({ path: folder, type }, path) =>
    folder
      ? [...withoutBacksteps(folder, `${path}.path`), ...oneOf(type, HOST_PATH_TYPES, `${path}.type`)]
      : [required(`${path}.path`)],
  ),
  source('gitRepo', (given, path) => [
    ...mandatory(given, path, 'repository'),
    ...descendingPath(given.directory ?? '', `${path}.directory`),
  ]),
  // Upstream calls the first by another name inside.
  source('gcePersistentDisk', (given, path) =>
    validateDisk(given, 'pdName', path.replace(/gcePersistentDisk$/, 'persistentDisk')),
  ),
  source('awsElasticBlockStore', (given, path) => validateDisk(given, 'volumeID', path)),
  source('secret', (given, path) => [...mandatory(given, path, 'secretName'), ...validateFiles(given, path)]),
  source('nfs', (given, path) => [
    ...mandatory(given, path, 'server', 'path'),
    ...(given.path?.startsWith('/') ? [] : [invalid(`${path}.path`, given.path ?? '', 'must be an absolute path')]),
  ]),
  source('iscsi', (given, path, _isPod, volume) => validateIscsi(given, volume.name ?? '', path)),
  source('glusterfs', (given, path) => mandatory(given, path, 'endpoints', 'path')),
  source('flocker', ({ datasetName = '', datasetUUID = '' }, path) => [
    ...(datasetName === '' && datasetUUID === ''
      ? [required(path, 'one of datasetName and datasetUUID is required')]
      : []),
    ...(datasetName !== '' && datasetUUID !== ''
      ? [invalid(path, 'resource', 'datasetName and datasetUUID can not be specified simultaneously')]
      : []),
    ...(datasetName.includes('/') ? [invalid(`${path}.datasetName`, datasetName, "must not contain '/'")] : []),
  ]),
  source('persistentVolumeClaim', (given, path) => mandatory(given, path, 'claimName')),
  source('rbd', (given, path) => [
    ...((given.monitors ?? []).length === 0 ? [required(`${path}.monitors`)] : []),
    ...mandatory(given, path, 'image'),
  ]),
  source('cinder', (given, path) => [
    ...mandatory(given, path, 'volumeID'),
    ...(given.secretRef !== undefined && !given.secretRef.name ? [required(`${path}.secretRef.name`)] : []),
  ]),
  source('cephfs', ({ monitors = [] }, path) => (monitors.length === 0 ? [required(`${path}.monitors`)] : [])),
  source('quobyte', validateQuobyte),
  source('downwardAPI', ({ defaultMode, items = [] }, path) => [
    ...validateMode(defaultMode, `${path}.defaultMode`),
    // Upstream does not say which file it is.
    ...items.flatMap((file) => validateDownwardFile(file, path)),
  ]),
  source('fc', validateFibreChannel),
  source('flexVolume', (given, path) => [
    ...mandatory(given, path, 'driver'),
    ...Object.keys(given.options ?? {}).flatMap((key) =>
      /\.(kubernetes|k8s)\.io$/i.test(`.${key.split('/')[0] ?? key}`)
        ? [invalid(`${path}.options[${key}]`, key, 'kubernetes.io and k8s.io namespaces are reserved')]
        : [],
    ),
  ]),
  source('configMap', (given, path) => [...mandatory(given, path, 'name'), ...validateFiles(given, path)]),
  source('azureFile', (given, path) => mandatory(given, path, 'secretName', 'shareName')),
  source('vsphereVolume', (given, path) => mandatory(given, path, 'volumePath')),
  source('photonPersistentDisk', (given, path) => mandatory(given, path, 'pdID')),
  source('portworxVolume', (given, path) => mandatory(given, path, 'volumeID')),
  source('azureDisk', validateAzureDisk),
  source('storageos', ({ volumeName, volumeNamespace, secretRef }, path) => [
    ...(volumeName
      ? invalidFor(`${path}.volumeName`, volumeName, dns1123LabelProblems)
      : [required(`${path}.volumeName`)]),
    ...(volumeNamespace ? invalidFor(`${path}.volumeNamespace`, volumeNamespace, dns1123LabelProblems) : []),
    ...(secretRef !== undefined && !secretRef.name ? [required(`${path}.secretRef.name`)] : []),
  ]),
  source('projected', validateProjected),
  source('scaleIO', (given, path) => mandatory(given, path, 'gateway', 'system', 'volumeName')),
  source('csi', ({ driver, nodePublishSecretRef: secret }, path) => {
    const errors = validateDriverName(driver, `${path}.driver`);
    if (secret !== undefined && !secret.name) errors.push(required(`${path}.nodePublishSecretRef.name`));
    else if (secret?.name) errors.push(...invalidFor(`${path}.name`, secret.name, dns1123SubdomainProblems));
    return errors;
  }),
  source('ephemeral', ({ volumeClaimTemplate: template }, path) => {
    const at = `${path}.volumeClaimTemplate`;
    if (template === undefined) return [required(at)];
    const { labels, annotations, ...others } = template.metadata ?? {};
    return [
      ...validateAnnotations(annotations, `${at}.metadata.annotations`),
      ...validateLabels(labels, `${at}.metadata.labels`),
      ...Object.entries(others).flatMap(([field, value]) =>
        value === undefined ? [] : [forbidden(`${at}.metadata.${field}`, 'cannot be set')],
      ),
      ...validateClaimSpec(template.spec, `${at}.spec`),
    ];
  }),
  source('image', ({ reference, pullPolicy }, path, isPod) => [
    ...(isPod && !reference ? [required(`${path}.reference`)] : []),
    ...oneOf(pullPolicy, PULL_POLICIES, `${path}.pullPolicy`),
  ]),
];

interface Files {
  defaultMode?: number;
  items?: readonly { key?: string; path?: string; mode?: number }[];
}

function validateFiles({ defaultMode, items = [] }: Files, path: string): FieldError[] {
  return [
    ...validateMode(defaultMode, `${path}.defaultMode`),
    ...items.flatMap((item, index) => validateItem(item, `${path}.items[${index}]`)),
  ];
}

function validateDisk(given: { partition?: number }, id: string, path: string): FieldError[] {
  const { partition = 0 } = given;
  const errors = mandatory(given, path, id);
  if (partition < 0 || partition > 255) errors.push(invalid(`${path}.partition`, partition, PARTITION));
  return errors;
}

/** A CSI driver's name (`ValidateCSIDriverName`). */
export function validateDriverName(driver: string | undefined, path: string): FieldError[] {
  if (!driver) return [required(path)];
  return [
    ...(driver.length > LONGEST_DRIVER ? [tooLong(path, LONGEST_DRIVER)] : []),
    ...dns1123SubdomainProblems(driver.toLowerCase()).map((problem) => invalid(path, driver, problem)),
  ];
}

const INITIATOR_FORMATS: Readonly<Record<string, RegExp>> = {
  iqn: /^iqn\.\d{4}-\d{2}\.([A-Za-z0-9.-]+)(:[^,;*&$|\s]+)$/,
  eui: /^eui.[A-Za-z0-9]{16}$/,
  naa: /^naa.[A-Za-z0-9]{32}$/,
};
export const LONGEST_PORTAL = 64;
export const PORTAL_TEXT =
  'Total length of <volume name>:<iscsi.targetPortal> must be under 64 characters if iscsi.initiatorName is specified.';

export function initiatorProblems(text: string): string[] {
  const format = INITIATOR_FORMATS[text.slice(0, 3)];
  if (format === undefined) return ['must be valid format starting with iqn, eui, or naa'];
  return format.test(text) ? [] : ['must be valid format'];
}

function validateIscsi(given: NonNullable<Volume['iscsi']>, volumeName: string, path: string): FieldError[] {
  const { iqn, lun = 0, initiatorName, targetPortal = '' } = given;
  const errors = mandatory(given, path, 'targetPortal');
  errors.push(...(iqn ? invalidFor(`${path}.iqn`, iqn, initiatorProblems) : [required(`${path}.iqn`)]));
  errors.push(...inRange(lun, 0, 255, `${path}.lun`));
  if ((given.chapAuthDiscovery === true || given.chapAuthSession === true) && given.secretRef === undefined) {
    errors.push(required(`${path}.secretRef`));
  }
  if (initiatorName !== undefined) {
    errors.push(...invalidFor(`${path}.initiatorname`, initiatorName, initiatorProblems));
    if (`${volumeName}:${targetPortal}`.length > LONGEST_PORTAL) {
      errors.push(invalid(path.replace(/iscsi$/, 'name'), volumeName, PORTAL_TEXT));
    }
  }
  return errors;
}

function validateQuobyte(given: NonNullable<Volume['quobyte']>, path: string): FieldError[] {
  const { registry = '', tenant = '' } = given;
  const pairs = 'must be a host:port pair or multiple pairs separated by commas';
  const errors: FieldError[] = [];
  if (registry === '') errors.push(required(`${path}.registry`, pairs));
  else if (tenant.length >= 65) {
    errors.push(required(`${path}.tenant`, 'must be a UUID and may not exceed a length of 64 characters'));
  } else {
    for (const pair of registry.split(',')) {
      if (!/^(\[[^[\]]*\]|[^:[\]]*):[^:[\]]*$/.test(pair)) errors.push(invalid(`${path}.registry`, registry, pairs));
    }
  }
  errors.push(...mandatory(given, path, 'volume'));
  return errors;
}

function validateFibreChannel(given: NonNullable<Volume['fc']>, path: string): FieldError[] {
  const { targetWWNs = [], wwids = [], lun } = given;
  const at = `${path}.targetWWNs`;
  const errors: FieldError[] = [];
  if (targetWWNs.length === 0 && wwids.length === 0) {
    errors.push(required(at, 'must specify either targetWWNs or wwids, but not both'));
  }
  if (targetWWNs.length > 0 && wwids.length > 0) {
    errors.push(invalid(at, targetWWNs, 'targetWWNs and wwids can not be specified simultaneously'));
  }
  if (targetWWNs.length > 0) {
    if (lun === undefined) errors.push(required(`${path}.lun`, 'lun is required if targetWWNs is specified'));
    else errors.push(...inRange(lun, 0, 255, `${path}.lun`));
  }
  return errors;
}

const CACHING_MODES = ['None', 'ReadOnly', 'ReadWrite'];
const DISK_KINDS = ['Dedicated', 'Managed', 'Shared'];
const MANAGED_URI = '/subscriptions/{sub-id}/resourcegroups/{group-name}/providers/microsoft.compute/disks/{disk-id}';
const BLOB_URI = 'https://{account-name}.blob.core.windows.net/{container-name}/{disk-name}.vhd';

function validateAzureDisk(given: NonNullable<Volume['azureDisk']>, path: string): FieldError[] {
  const { cachingMode, kind, diskURI = '' } = given;
  const errors = [
    ...mandatory(given, path, 'diskName', 'diskURI'),
    ...oneOf(cachingMode, CACHING_MODES, `${path}.cachingMode`),
    ...oneOf(kind, DISK_KINDS, `${path}.kind`),
  ];
  if (kind === 'Managed' && !diskURI.startsWith('/subscriptions/')) {
    errors.push(notSupported(`${path}.diskURI`, diskURI, [MANAGED_URI]));
  }
  if (kind !== undefined && kind !== 'Managed' && !diskURI.startsWith('https://')) {
    errors.push(notSupported(`${path}.diskURI`, diskURI, [BLOB_URI]));
  }
  return errors;
}
