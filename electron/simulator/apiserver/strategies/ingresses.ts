import type { Ingress } from '../../../../shared/kubernetes/objects';
import { ingresses } from '../../../../shared/kubernetes/resources';
import { ingressPrinter } from '../printers/network';
import type { ResourceDefinition } from '../registry/definition';
import { validateIngress } from '../validation/network';

export const ingressDefinition: ResourceDefinition<Ingress> = {
  resource: ingresses,
  singular: 'ingress',
  shortNames: ['ing'],
  categories: [],
  hasStatus: true,
  printer: ingressPrinter,
  strategy: {
    prepareForCreate(ingress) {
      ingress.status = { loadBalancer: {} };
    },
    validate: validateIngress,
  },
};
