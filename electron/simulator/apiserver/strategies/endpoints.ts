import type { Endpoints } from '../../../../shared/kubernetes/objects';
import { endpoints } from '../../../../shared/kubernetes/resources';
import { endpointsPrinter } from '../printers/network';
import type { ResourceDefinition } from '../registry/definition';
import { endpointsWarnings, validateEndpoints } from '../validation/endpoints';

export const endpointsDefinition: ResourceDefinition<Endpoints> = {
  resource: endpoints,
  singular: 'endpoints',
  shortNames: ['ep'],
  categories: [],
  hasStatus: false,
  deprecation: 'v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice',
  printer: endpointsPrinter,
  strategy: {
    allowCreateOnUpdate: true,
    applyDefaults(object) {
      for (const port of (object.subsets ?? []).flatMap((subset) => subset.ports ?? [])) port.protocol ||= 'TCP';
    },
    validate: validateEndpoints,
    warnings: endpointsWarnings,
  },
};
