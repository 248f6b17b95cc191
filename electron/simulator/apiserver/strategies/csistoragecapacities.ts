import type { CSIStorageCapacity } from '../../../../shared/kubernetes/objects';
import { canonicalQuantity } from '../../../../shared/kubernetes/quantities';
import { csiStorageCapacities } from '../../../../shared/kubernetes/resources';
import { csiStorageCapacityPrinter } from '../printers/storage';
import type { ResourceDefinition } from '../registry/definition';
import { validateCsiStorageCapacity, validateCsiStorageCapacityUpdate } from '../validation/csi-storage-capacity';

export const csiStorageCapacityDefinition: ResourceDefinition<CSIStorageCapacity> = {
  resource: csiStorageCapacities,
  singular: 'csistoragecapacity',
  shortNames: [],
  categories: [],
  hasStatus: false,
  printer: csiStorageCapacityPrinter,
  strategy: {
    allowUnconditionalUpdate: false,
    applyDefaults(capacity) {
      if (capacity.capacity !== undefined) capacity.capacity = canonicalQuantity(capacity.capacity);
    },
    validate: validateCsiStorageCapacity,
    validateUpdate: validateCsiStorageCapacityUpdate,
  },
};
