import type { CSIStorageCapacity } from '../../../../shared/kubernetes/objects';
import { canonicalQuantity } from '../../../../shared/kubernetes/quantities';
import { csiStorageCapacities } from '../../../../shared/kubernetes/resources';
import { createdAtPrinter } from '../printers/columns';
import type { ResourceDefinition } from '../registry/definition';
import { validateCsiStorageCapacity, validateCsiStorageCapacityUpdate } from '../validation/csi-storage-capacity';
import { expressionWarnings, oldNodeLabel } from '../validation/old-node-labels';

export const csiStorageCapacityDefinition: ResourceDefinition<CSIStorageCapacity> = {
  resource: csiStorageCapacities,
  singular: 'csistoragecapacity',
  shortNames: [],
  categories: [],
  hasStatus: false,
  // Upstream's registry never got the columns that are defined for this kind.
  printer: createdAtPrinter,
  strategy: {
    allowUnconditionalUpdate: false,
    applyDefaults(capacity) {
      if (capacity.capacity !== undefined) capacity.capacity = canonicalQuantity(capacity.capacity);
    },
    warnings: ({ nodeTopology: { matchExpressions = [], matchLabels = {} } = {} }) => [
      ...expressionWarnings(matchExpressions, 'nodeTopology.matchExpressions'),
      ...Object.keys(matchLabels).flatMap((key) => {
        const text = oldNodeLabel(key);
        return text === undefined ? [] : [`nodeTopology.matchLabels.${key}: ${text}`];
      }),
    ],
    validate: validateCsiStorageCapacity,
    validateUpdate: validateCsiStorageCapacityUpdate,
  },
};
