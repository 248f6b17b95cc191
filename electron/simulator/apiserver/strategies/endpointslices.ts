import { isDeepStrictEqual } from 'node:util';
import type { EndpointSlice } from '../../../../shared/kubernetes/objects';
import { endpointSlices } from '../../../../shared/kubernetes/resources';
import { endpointSlicePrinter } from '../printers/network';
import type { ResourceDefinition } from '../registry/definition';
import { endpointSliceWarnings, validateEndpointSlice, validateSliceEndpoints } from '../validation/endpoints';
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
      for (const endpoint of slice.endpoints ?? []) endpoint.conditions ??= {};
      for (const port of slice.ports ?? []) {
        port.name ??= '';
        port.protocol ||= 'TCP';
      }
    },
    prepareForCreate(slice) {
      slice.metadata.generation = 1;
      dropTopology(slice);
    },
    prepareForUpdate: dropTopology,
    bumpsGeneration: ({ metadata, ...slice }, { metadata: oldMetadata, ...old }) =>
      !isDeepStrictEqual(slice, old) || !isDeepStrictEqual(metadata.labels ?? {}, oldMetadata.labels ?? {}),
    validate: validateEndpointSlice,
    validateCreate: validateSliceEndpoints,
    warnings: (slice, old) => endpointSliceWarnings(slice, old === undefined),
    validateUpdate: (slice, old) => [
      // What was stored by older rules may stay.
      ...(isDeepStrictEqual(slice.endpoints, old.endpoints) ? [] : validateSliceEndpoints(slice)),
      ...immutable(slice.addressType, old.addressType, 'addressType'),
    ],
  },
};

/** v1beta1's labels of where an endpoint is: v1 has fields for them, and takes none (`dropTopologyOnV1`). */
function dropTopology(slice: EndpointSlice): void {
  for (const endpoint of slice.endpoints ?? []) delete endpoint.deprecatedTopology;
}
