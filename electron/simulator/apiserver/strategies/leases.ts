import type { Lease } from '../../../../shared/kubernetes/objects';
import { leases } from '../../../../shared/kubernetes/resources';
import { leasePrinter } from '../printers/config';
import type { ResourceDefinition } from '../registry/definition';
import { nonNegative, positive } from '../validation/values';

export const leaseDefinition: ResourceDefinition<Lease> = {
  resource: leases,
  singular: 'lease',
  shortNames: [],
  categories: [],
  hasStatus: false,
  printer: leasePrinter,
  strategy: {
    allowCreateOnUpdate: true,
    allowUnconditionalUpdate: false,
    validate: ({ spec }) => [
      ...positive(spec?.leaseDurationSeconds, 'spec.leaseDurationSeconds'),
      ...nonNegative(spec?.leaseTransitions, 'spec.leaseTransitions'),
    ],
  },
};
