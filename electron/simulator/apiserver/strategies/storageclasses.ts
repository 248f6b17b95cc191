import type { StorageClass } from '../../../../shared/kubernetes/objects';
import { storageClasses } from '../../../../shared/kubernetes/resources';
import { storageClassPrinter } from '../printers/storage';
import type { ResourceDefinition } from '../registry/definition';
import { oldNodeLabel } from '../validation/old-node-labels';
import { validateStorageClass, validateStorageClassUpdate } from '../validation/storage-class';

export const storageClassDefinition: ResourceDefinition<StorageClass> = {
  resource: storageClasses,
  singular: 'storageclass',
  shortNames: ['sc'],
  categories: [],
  hasStatus: false,
  printer: storageClassPrinter,
  strategy: {
    applyDefaults(storageClass) {
      storageClass.reclaimPolicy ||= 'Delete';
      storageClass.volumeBindingMode ||= 'Immediate';
    },
    warnings: ({ allowedTopologies = [] }) =>
      allowedTopologies.flatMap(({ matchLabelExpressions = [] }, index) =>
        matchLabelExpressions.flatMap(({ key }, number) => {
          const text = oldNodeLabel(key);
          const path = `allowedTopologies[${index}].matchLabelExpressions[${number}].key`;
          return text === undefined ? [] : [`${path}: ${text}`];
        }),
      ),
    validate: validateStorageClass,
    validateUpdate: validateStorageClassUpdate,
  },
};
