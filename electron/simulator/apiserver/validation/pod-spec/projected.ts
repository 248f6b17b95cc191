import { qualifiedNameProblems } from '../../../../../shared/kubernetes/label-syntax';
import type { Volume } from '../../strategies/pod-defaults';
import { type FieldError, forbidden, invalid, required } from '../field-error';
import { internalText } from '../internal-text';
import { validateLabelSelector } from '../labels';
import { inRange, oneOf } from '../values';
import { validateFieldRef, validateResourceFieldRef } from './downward-api';
import { nonReservedPath } from './paths';

type Projected = NonNullable<Volume['projected']>;
type Source = NonNullable<Projected['sources']>[number];
type DownwardFile = NonNullable<NonNullable<Volume['downwardAPI']>['items']>[number];

const DOWNWARD_FIELDS = [
  'metadata.annotations',
  'metadata.labels',
  'metadata.name',
  'metadata.namespace',
  'metadata.uid',
];
const SHORTEST_TOKEN_S = 600;
const LONGEST_TOKEN_S = 2 ** 32;
const KEY_TYPES = ['RSA3072', 'RSA4096', 'ECDSAP256', 'ECDSAP384', 'ECDSAP521', 'ED25519'];

/** The permissions of a file (`fileModeErrorMsg`). */
export function validateMode(mode: number | undefined, path: string): FieldError[] {
  if (mode === undefined || inRange(mode, 0, 0o777, path).length === 0) return [];
  return [invalid(path, mode, 'must be a number between 0 and 0777 (octal), both inclusive')];
}

/** A key of a ConfigMap or a Secret as a file (`validateKeyToPath`). */
export function validateItem(
  { key, path: file = '', mode }: { key?: string; path?: string; mode?: number },
  path: string,
): FieldError[] {
  return [
    ...(key ? [] : [required(`${path}.key`)]),
    ...(file === '' ? [required(`${path}.path`)] : []),
    ...nonReservedPath(file, `${path}.path`),
    ...validateMode(mode, `${path}.mode`),
  ];
}

/** A field of the pod or a resource of a container as a file (`validateDownwardAPIVolumeFile`). */
export function validateDownwardFile(file: DownwardFile, path: string): FieldError[] {
  const { path: target = '', fieldRef, resourceFieldRef, mode } = file;
  const errors = target === '' ? [required(`${path}.path`)] : [];
  errors.push(...nonReservedPath(target, `${path}.path`));
  if (fieldRef !== undefined) {
    errors.push(...validateFieldRef(fieldRef, DOWNWARD_FIELDS, `${path}.fieldRef`));
    if (resourceFieldRef !== undefined) {
      const text = 'fieldRef and resourceFieldRef can not be specified simultaneously';
      errors.push(invalid(path, 'resource', text));
    }
  } else if (resourceFieldRef !== undefined) {
    errors.push(...validateResourceFieldRef(resourceFieldRef, true, `${path}.resourceFieldRef`));
  } else errors.push(required(path, 'one of fieldRef and resourceFieldRef is required'));
  errors.push(...validateMode(mode, `${path}.mode`));
  return errors;
}

/** Several sources in one folder (`validateProjectedVolumeSource`). */
export function validateProjected({ defaultMode, sources = [] }: Projected, path: string): FieldError[] {
  const errors = validateMode(defaultMode, `${path}.defaultMode`);
  const taken = new Set<string>();
  /** Claims a file of the folder. @param blamed what the message shows: upstream shows who comes second, or the path. */
  const claim = (file: string, blamed: string): FieldError[] => {
    if (taken.has(file)) return [invalid(path, blamed, 'conflicting duplicate paths')];
    taken.add(file);
    return [];
  };
  for (const [index, source] of sources.entries()) {
    const at = `${path}.sources[${index}]`;
    errors.push(...validateSource(source, claim, path, at));
    if (Object.values(source).filter((value) => value !== undefined).length > 1) {
      errors.push(forbidden(at, 'may not specify more than 1 volume type per source'));
    }
  }
  return errors;
}

type Claim = (file: string, blamed: string) => FieldError[];

function validateSource(source: Source, claim: Claim, volumePath: string, path: string): FieldError[] {
  const errors: FieldError[] = [];
  for (const field of ['secret', 'configMap'] as const) {
    const given = source[field];
    if (given === undefined) continue;
    if (!given.name) errors.push(required(`${path}.${field}.name`));
    for (const [index, item] of (given.items ?? []).entries()) {
      errors.push(...validateItem(item, `${path}.${field}.items[${index}]`));
      if (item.path) errors.push(...claim(item.path, given.name ?? ''));
    }
  }
  for (const file of source.downwardAPI?.items ?? []) {
    errors.push(...validateDownwardFile(file, `${path}.downwardAPI`));
    if (file.path) errors.push(...claim(file.path, file.path));
  }
  if (source.serviceAccountToken !== undefined) {
    const { expirationSeconds: seconds = 0, path: file = '' } = source.serviceAccountToken;
    const at = `${path}.serviceAccountToken.expirationSeconds`;
    if (seconds < SHORTEST_TOKEN_S)
      errors.push(invalid(at, seconds, 'may not specify a duration less than 10 minutes'));
    if (seconds > LONGEST_TOKEN_S) {
      errors.push(invalid(at, seconds, 'may not specify a duration larger than 2^32 seconds'));
    }
    // Upstream blames the volume for the file's path.
    errors.push(...(file === '' ? [required(`${volumePath}.path`)] : nonReservedPath(file, `${volumePath}.path`)));
  }
  if (source.clusterTrustBundle !== undefined) {
    errors.push(...validateTrustBundle(source.clusterTrustBundle, claim, `${path}.clusterTrustBundle`));
  }
  if (source.podCertificate !== undefined) {
    errors.push(...validateCertificate(source.podCertificate, claim, `${path}.podCertificate`));
  }
  return errors;
}

function validateTrustBundle(
  bundle: NonNullable<Source['clusterTrustBundle']>,
  claim: Claim,
  path: string,
): FieldError[] {
  const { name, signerName, labelSelector, path: file = '' } = bundle;
  const errors: FieldError[] = [];
  if (name !== undefined && signerName !== undefined) {
    errors.push(
      invalid(
        path,
        internalText('ClusterTrustBundleProjection', bundle),
        'only one of name and signerName may be used',
      ),
    );
  } else if (name !== undefined) {
    if (name === '') errors.push(required(`${path}.name`, 'must be a valid object name'));
    if (labelSelector !== undefined) {
      const text = 'labelSelector must be unset if name is specified';
      errors.push(invalid(`${path}.labelSelector`, labelSelector, text));
    }
  } else if (signerName !== undefined) {
    if (signerName === '') errors.push(required(`${path}.signerName`, 'must be a valid signer name'));
    errors.push(...validateLabelSelector(labelSelector, `${path}.labelSelector`));
  } else errors.push(required(path, 'either name or signerName must be specified'));
  if (file === '') errors.push(required(`${path}.path`));
  errors.push(...nonReservedPath(file, `${path}.path`), ...claim(file, file));
  return errors;
}

function validateCertificate(
  certificate: NonNullable<Source['podCertificate']>,
  claim: Claim,
  path: string,
): FieldError[] {
  const { signerName = '', keyType } = certificate;
  const errors = signerName.includes('/')
    ? []
    : qualifiedNameProblems(signerName).map((problem) => invalid(`${path}.signerName`, signerName, problem));
  errors.push(...oneOf(keyType ?? '', KEY_TYPES, `${path}.keyType`));
  const files = (['credentialBundlePath', 'keyPath', 'certificateChainPath'] as const).filter(
    (field) => certificate[field],
  );
  for (const field of files) {
    const file = certificate[field] ?? '';
    errors.push(...nonReservedPath(file, `${path}.${field}`), ...claim(file, file));
  }
  if (files.length === 0) {
    const text = 'specify at least one of credentialBundlePath, keyPath, and certificateChainPath';
    errors.push(required(path, text));
  }
  return errors;
}
