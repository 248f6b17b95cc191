import type { ResourceClaim } from '../../../../shared/kubernetes/objects';
import { resourceClaims } from '../../../../shared/kubernetes/resources';
import { resourceClaimPrinter } from '../printers/devices';
import { ALL_METADATA, type ResourceDefinition } from '../registry/definition';
import { validateResourceClaim, validateResourceClaimUpdate } from '../validation/resource-claim';
import { validateResourceClaimStatus } from '../validation/resource-claim-status';
import { applyClaimDefaults, dropDisabledClaimFields } from './claim-spec';
import { specOf } from './pod-defaults';

export const resourceClaimDefinition: ResourceDefinition<ResourceClaim> = {
  resource: resourceClaims,
  singular: 'resourceclaim',
  shortNames: [],
  categories: [],
  hasStatus: true,
  printer: resourceClaimPrinter,
  strategy: {
    applyDefaults(claim) {
      applyClaimDefaults(specOf(claim));
      claim.status ??= {};
    },
    prepareForCreate(claim) {
      claim.status = {};
      dropDisabledClaimFields(claim.spec);
    },
    prepareForUpdate(claim, old) {
      if (old.status !== undefined) claim.status = old.status;
      dropDisabledClaimFields(claim.spec);
    },
    validateCreate: validateResourceClaim,
    validateUpdate: validateResourceClaimUpdate,
    validateStatusUpdate: validateResourceClaimStatus,
    statusKeeps: ALL_METADATA,
    resetFields: { '': [['f:status']], status: [['f:metadata'], ['f:spec']] },
  },
};
