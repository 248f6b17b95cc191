import type { ValidatingAdmissionPolicy } from '../../../../shared/kubernetes/objects';
import { validatingAdmissionPolicies } from '../../../../shared/kubernetes/resources';
import { validatingAdmissionPolicyPrinter } from '../printers/admission';
import { ALL_METADATA, type ResourceDefinition } from '../registry/definition';
import {
  validateValidatingAdmissionPolicy,
  validateValidatingAdmissionPolicyStatus,
  validateValidatingAdmissionPolicyUpdate,
} from '../validation/admission/policies';
import { defaultPolicy } from './admission-defaults';

export const validatingAdmissionPolicyDefinition: ResourceDefinition<ValidatingAdmissionPolicy> = {
  resource: validatingAdmissionPolicies,
  singular: 'validatingadmissionpolicy',
  shortNames: [],
  categories: ['api-extensions'],
  hasStatus: true,
  printer: validatingAdmissionPolicyPrinter,
  strategy: {
    allowUnconditionalUpdate: false,
    applyDefaults: defaultPolicy,
    statusKeeps: ALL_METADATA,
    prepareForCreate(policy) {
      policy.status = {};
      policy.metadata.generation = 1;
    },
    validateCreate: validateValidatingAdmissionPolicy,
    validateUpdate: validateValidatingAdmissionPolicyUpdate,
    validateStatusUpdate: validateValidatingAdmissionPolicyStatus,
  },
};
