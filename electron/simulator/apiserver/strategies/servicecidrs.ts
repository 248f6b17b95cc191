import type { ServiceCIDR } from '../../../../shared/kubernetes/objects';
import { serviceCidrs } from '../../../../shared/kubernetes/resources';
import { serviceCidrPrinter } from '../printers/network';
import { ALL_METADATA, type ResourceDefinition } from '../registry/definition';
import { validateServiceCidr, validateServiceCidrUpdate } from '../validation/service-cidr';
import { specOf } from './pod-defaults';

export const serviceCidrDefinition: ResourceDefinition<ServiceCIDR> = {
  resource: serviceCidrs,
  singular: 'servicecidr',
  shortNames: [],
  categories: [],
  hasStatus: true,
  printer: serviceCidrPrinter,
  strategy: {
    applyDefaults(range) {
      specOf(range);
      range.status ??= {};
      // Never left out, though who applies need not give them.
      for (const condition of range.status.conditions ?? []) {
        condition.reason ??= '';
        condition.message ??= '';
      }
    },
    // Upstream lets whoever writes one write its status as well.
    prepareForUpdate() {},
    statusKeeps: ALL_METADATA,
    // Upstream names a group that there is none of, and so resets nothing.
    resetFields: { '': [], status: [] },
    validateCreate: validateServiceCidr,
    validateUpdate: validateServiceCidrUpdate,
  },
};
