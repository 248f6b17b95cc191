import type { Ingress } from '../../../../shared/kubernetes/objects';
import { ingresses } from '../../../../shared/kubernetes/resources';
import { ingressPrinter } from '../printers/network';
import type { ResourceDefinition } from '../registry/definition';
import {
  ingressWarnings,
  loadBalancerWarnings,
  validateIngress,
  validateIngressCreate,
  validateIngressStatus,
} from '../validation/ingress';

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
    validateCreate: validateIngressCreate,
    validateStatusUpdate: validateIngressStatus,
    warnings: (ingress, old) => (old === undefined ? ingressWarnings(ingress) : []),
    statusWarnings: ({ status }) => loadBalancerWarnings(status?.loadBalancer?.ingress ?? []),
  },
};
