import type { EndpointSlice } from '../../../../shared/kubernetes/objects';
import { endpointSlices } from '../../../../shared/kubernetes/resources';
import { endpointSlicePrinter } from '../printers/network';
import type { ResourceDefinition } from '../registry/definition';
import { validateEndpointSlice } from '../validation/network';
import { immutable } from '../validation/values';

export const endpointSliceDefinition: ResourceDefinition<EndpointSlice> = {
  resource: endpointSlices,
  singular: 'endpointslice',
  shortNames: [],
  categories: [],
  hasStatus: false,
  printer: endpointSlicePrinter,
  strategy: {
    applyDefaults(slice) {
      slice.endpoints ??= [];
      for (const port of slice.ports ?? []) {
        port.name ??= '';
        port.protocol ||= 'TCP';
      }
    },
    validate: validateEndpointSlice,
    validateUpdate: (slice, old) => immutable(slice.addressType, old.addressType, 'addressType'),
  },
};
