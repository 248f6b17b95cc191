import type { CSIDriver } from '../../../../shared/kubernetes/objects';
import { csiDrivers } from '../../../../shared/kubernetes/resources';
import { csiDriverPrinter } from '../printers/storage';
import type { ResourceDefinition } from '../registry/definition';

export const csiDriverDefinition: ResourceDefinition<CSIDriver> = {
  resource: csiDrivers,
  singular: 'csidriver',
  shortNames: [],
  categories: [],
  hasStatus: false,
  printer: csiDriverPrinter,
  strategy: {
    applyDefaults({ spec }) {
      spec.attachRequired ??= true;
      spec.podInfoOnMount ??= false;
      spec.storageCapacity ??= false;
      spec.fsGroupPolicy ??= 'ReadWriteOnceWithFSType';
      spec.requiresRepublish ??= false;
      spec.seLinuxMount ??= false;
      spec.volumeLifecycleModes ??= ['Persistent'];
    },
  },
};
