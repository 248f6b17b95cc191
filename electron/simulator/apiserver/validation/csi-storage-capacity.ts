import { isDeepStrictEqual } from 'node:util';
import { dns1123SubdomainProblems } from '../../../../shared/kubernetes/label-syntax';
import type { CSIStorageCapacity } from '../../../../shared/kubernetes/objects';
import { quantityInNano } from '../../../../shared/kubernetes/quantities';
import { type FieldError, invalid } from './field-error';
import { validateLabelSelector } from './labels';
import { immutable, invalidFor } from './values';

/** pkg/apis/storage/validation, `ValidateCSIStorageCapacity`. */
export function validateCsiStorageCapacity({
  nodeTopology,
  storageClassName,
  capacity,
}: CSIStorageCapacity): FieldError[] {
  const errors = [
    ...validateLabelSelector(nodeTopology, 'nodeTopology'),
    ...invalidFor('storageClassName', storageClassName ?? '', dns1123SubdomainProblems),
  ];
  if (capacity !== undefined && quantityInNano(capacity) < 0n) {
    errors.push(invalid('capacity', capacity, 'must be greater than or equal to 0'));
  }
  return errors;
}

/** What was asked of the driver stays what it was (`ValidateCSIStorageCapacityUpdate`). */
export function validateCsiStorageCapacityUpdate(capacity: CSIStorageCapacity, old: CSIStorageCapacity): FieldError[] {
  const topology = isDeepStrictEqual(capacity.nodeTopology, old.nodeTopology)
    ? []
    : [invalid('nodeTopology', capacity.nodeTopology, 'field is immutable')];
  return [...topology, ...immutable(capacity.storageClassName, old.storageClassName, 'storageClassName')];
}
