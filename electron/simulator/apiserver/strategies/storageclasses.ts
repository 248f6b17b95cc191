import type { StorageClass } from '../../../../shared/kubernetes/objects';
import { storageClasses } from '../../../../shared/kubernetes/resources';
import { storageClassPrinter } from '../printers/storage';
import type { ResourceDefinition } from '../registry/definition';
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
    validate: validateStorageClass,
    validateUpdate: validateStorageClassUpdate,
  },
};
