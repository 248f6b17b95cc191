import type { Lease } from '../../../../shared/kubernetes/objects';
import { leases } from '../../../../shared/kubernetes/resources';
import { leasePrinter } from '../printers/config';
import type { ResourceDefinition } from '../registry/definition';
import { invalid } from '../validation/field-error';
import { nonNegative } from '../validation/values';

export const leaseDefinition: ResourceDefinition<Lease> = {
  resource: leases,
  singular: 'lease',
  shortNames: [],
  categories: [],
  hasStatus: false,
  printer: leasePrinter,
  strategy: {
    allowCreateOnUpdate: true,
    prepareForCreate: dropCoordination,
    prepareForUpdate: dropCoordination,
    allowUnconditionalUpdate: false,
    validate: ({ spec }) => [
      ...((spec?.leaseDurationSeconds ?? 1) > 0
        ? []
        : [invalid('spec.leaseDurationSeconds', spec?.leaseDurationSeconds, 'must be greater than 0')]),
      ...nonNegative(spec?.leaseTransitions, 'spec.leaseTransitions'),
    ],
  },
};

/** Fields of elections that servers coordinate, which is off unless it is asked for (CoordinatedLeaderElection). */
function dropCoordination({ spec }: Lease): void {
  if (spec === undefined) return;
  delete spec.strategy;
  delete spec.preferredHolder;
}
