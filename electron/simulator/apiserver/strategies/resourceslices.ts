import type { ResourceSlice } from '../../../../shared/kubernetes/objects';
import { resourceSlices } from '../../../../shared/kubernetes/resources';
import { resourceSlicePrinter } from '../printers/devices';
import type { ResourceDefinition } from '../registry/definition';
import { validateResourceSlice, validateResourceSliceUpdate } from '../validation/resource-slice';
import { specOf } from './pod-defaults';

/** What belongs to features that are off (pkg/registry/resource/resourceslice/strategy.go, `dropDisabledFields`). */
function dropDisabled({ spec }: ResourceSlice): void {
  // Go writes it in any case; who does not give it does not own it.
  spec.pool.generation ??= 0;
  delete spec.sharedCounters;
  delete spec.perDeviceNodeSelection;
  for (const device of spec.devices ?? []) {
    for (const field of [
      'taints',
      'consumesCounters',
      'nodeName',
      'nodeSelector',
      'allNodes',
      'bindingConditions',
      'bindingFailureConditions',
      'bindsToNode',
      'allowMultipleAllocations',
    ] as const) {
      delete device[field];
    }
    for (const capacity of Object.values(device.capacity ?? {})) delete capacity.requestPolicy;
  }
}

export const resourceSliceDefinition: ResourceDefinition<ResourceSlice> = {
  resource: resourceSlices,
  singular: 'resourceslice',
  shortNames: [],
  categories: [],
  hasStatus: false,
  printer: resourceSlicePrinter,
  strategy: {
    applyDefaults(slice) {
      const spec = specOf(slice);
      spec.driver ??= '';
      spec.pool ??= { name: '', generation: 0, resourceSliceCount: 0 };
    },
    prepareForCreate: dropDisabled,
    prepareForUpdate: dropDisabled,
    validateCreate: validateResourceSlice,
    validateUpdate: validateResourceSliceUpdate,
    warnings: ({ spec }) =>
      spec.driver === spec.driver?.toLowerCase()
        ? []
        : [
            `spec.driver: driver names should be lowercase; ${JSON.stringify(spec.driver)} contains uppercase characters`,
          ],
  },
  fieldLabels: {
    'spec.nodeName': ({ spec }) => spec.nodeName ?? '',
    'spec.driver': ({ spec }) => spec.driver ?? '',
  },
};
