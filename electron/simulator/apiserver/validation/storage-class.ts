import { isDeepStrictEqual } from 'node:util';
import { qualifiedNameProblems } from '../../../../shared/kubernetes/label-syntax';
import type { StorageClass, VolumeAttributesClass } from '../../../../shared/kubernetes/objects';
import { duplicate, type FieldError, forbidden, invalid, required, tooLong } from './field-error';
import { immutable, invalidFor, oneOf } from './values';

type Topology = NonNullable<StorageClass['allowedTopologies']>[number];

const MOST_PARAMETERS = 512;
const LARGEST_PARAMETERS = 256 * 1024;
const RECLAIM_POLICIES = ['Delete', 'Retain'];
const BINDING_MODES = ['Immediate', 'WaitForFirstConsumer'];

/** pkg/apis/storage/validation, `ValidateStorageClass`. */
export function validateStorageClass(storageClass: StorageClass): FieldError[] {
  return [
    ...validateProvisioner(storageClass.provisioner, 'provisioner'),
    ...validateParameters(storageClass.parameters, true, 'parameters'),
    ...oneOf(storageClass.reclaimPolicy, RECLAIM_POLICIES, 'reclaimPolicy'),
    ...oneOf(storageClass.volumeBindingMode, BINDING_MODES, 'volumeBindingMode'),
    ...validateTopologies(storageClass.allowedTopologies ?? []),
  ];
}

/** The name of what makes volumes (`validateProvisioner`). */
function validateProvisioner(provisioner: string | undefined, path: string): FieldError[] {
  return provisioner ? invalidFor(path, provisioner.toLowerCase(), qualifiedNameProblems) : [required(path)];
}

/** What is told to what makes volumes (`validateParameters`). */
function validateParameters(parameters: StorageClass['parameters'], mayBeEmpty: boolean, path: string): FieldError[] {
  const entries = Object.entries(parameters ?? {});
  if (entries.length > MOST_PARAMETERS) return [tooLong(path, MOST_PARAMETERS)];
  const errors = entries.flatMap(([key]) => (key === '' ? [invalid(path, key, 'field can not be empty.')] : []));
  const size = entries.reduce((sum, [key, value]) => sum + Buffer.byteLength(key) + Buffer.byteLength(value), 0);
  if (size > LARGEST_PARAMETERS) errors.push(tooLong(path, LARGEST_PARAMETERS));
  if (!mayBeEmpty && entries.length === 0) {
    errors.push(required(path, 'must contain at least one key/value pair'));
  }
  return errors;
}

function validateTopologies(topologies: readonly Topology[]): FieldError[] {
  // Upstream compares each with as many that are empty as there are, too.
  const earlier = topologies.map(() => new Map<string, ReadonlySet<string>>());
  return topologies.flatMap(({ matchLabelExpressions = [] }, index) => {
    const at = `allowedTopologies[${index}].matchLabelExpressions`;
    const values = new Map<string, ReadonlySet<string>>();
    const errors: FieldError[] = [];
    for (const [place, { key = '', values: list = [] }] of matchLabelExpressions.entries()) {
      const own = new Set<string>();
      if (list.length === 0) errors.push(required(`${at}[${place}].values`));
      for (const [number, value] of list.entries()) {
        if (own.has(value)) errors.push(duplicate(`${at}[${place}].values[${number}]`, value));
        own.add(value);
      }
      errors.push(...invalidFor(`${at}[${place}].key`, key, qualifiedNameProblems));
      if (values.has(key)) errors.push(duplicate(`${at}[${place}].key`, key));
      values.set(key, own);
    }
    for (const other of earlier) if (isDeepStrictEqual(other, values)) errors.push(duplicate(at, ''));
    earlier.push(values);
    return errors;
  });
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

/** pkg/apis/storage/validation, `ValidateVolumeAttributesClass`. */
export function validateVolumeAttributesClass({ driverName, parameters }: VolumeAttributesClass): FieldError[] {
  return [...validateProvisioner(driverName, 'driverName'), ...validateParameters(parameters, false, 'parameters')];
}

/** Such a class stays what it is (`ValidateVolumeAttributesClassUpdate`). */
export function validateVolumeAttributesClassUpdate(
  attributes: VolumeAttributesClass,
  old: VolumeAttributesClass,
): FieldError[] {
  const errors: FieldError[] = [];
  if (attributes.driverName !== old.driverName) {
    errors.push(forbidden('driverName', 'updates to driverName are forbidden.'));
  }
  if (!isDeepStrictEqual(attributes.parameters ?? {}, old.parameters ?? {})) {
    errors.push(forbidden('parameters', 'updates to parameters are forbidden.'));
  }
  return errors;
}
