import type { Endpoints } from '../../../../shared/kubernetes/objects';
import { endpoints } from '../../../../shared/kubernetes/resources';
import { endpointsPrinter } from '../printers/network';
import type { ResourceDefinition } from '../registry/definition';

export const endpointsDefinition: ResourceDefinition<Endpoints> = {
  resource: endpoints,
  singular: 'endpoints',
  shortNames: ['ep'],
  categories: [],
  hasStatus: false,
  printer: endpointsPrinter,
  strategy: {
    allowCreateOnUpdate: true,
    applyDefaults(object) {
      for (const port of (object.subsets ?? []).flatMap((subset) => subset.ports ?? [])) port.protocol ||= 'TCP';
    },
    warnings: () => ['v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice'],
  },
};
