import { isDeepStrictEqual } from 'node:util';
import type { CSIDriver } from '../../../../shared/kubernetes/objects';
import { csiDrivers } from '../../../../shared/kubernetes/resources';
import { csiDriverPrinter } from '../printers/storage';
import type { ResourceDefinition } from '../registry/definition';
import { validateCsiDriver, validateCsiDriverUpdate } from '../validation/csi';
import { specOf } from './pod-defaults';

const TOKENS_ELSEWHERE =
  'spec.serviceAccountTokenInSecrets is unset; if supported by this CSI driver, set to true to prevent possible logging of tokens in volume attributes';

export const csiDriverDefinition: ResourceDefinition<CSIDriver> = {
  resource: csiDrivers,
  singular: 'csidriver',
  shortNames: [],
  categories: [],
  hasStatus: false,
  printer: csiDriverPrinter,
  strategy: {
    applyDefaults(driver) {
      const spec = specOf(driver);
      spec.attachRequired ??= true;
      spec.podInfoOnMount ??= false;
      spec.storageCapacity ??= false;
      spec.fsGroupPolicy ??= 'ReadWriteOnceWithFSType';
      spec.requiresRepublish ??= false;
      spec.seLinuxMount ??= false;
      spec.volumeLifecycleModes ??= ['Persistent'];
    },
    // Counted from the first change on.
    prepareForUpdate(driver, old) {
      const changes = isDeepStrictEqual(driver.spec, old.spec) ? 0 : 1;
      const generation = (old.metadata.generation ?? 0) + changes;
      if (generation > 0) driver.metadata.generation = generation;
    },
    bumpsGeneration: () => false,
    warnings: ({ spec }, old) =>
      (spec.tokenRequests ?? []).length > 0 &&
      spec.serviceAccountTokenInSecrets === undefined &&
      !isDeepStrictEqual(spec.tokenRequests, old?.spec.tokenRequests)
        ? [TOKENS_ELSEWHERE]
        : [],
    validate: validateCsiDriver,
    validateUpdate: validateCsiDriverUpdate,
  },
};
