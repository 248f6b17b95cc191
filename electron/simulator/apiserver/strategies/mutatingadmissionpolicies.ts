import type { MutatingAdmissionPolicy } from '../../../../shared/kubernetes/objects';
import { mutatingAdmissionPolicies } from '../../../../shared/kubernetes/resources';
import { mutatingAdmissionPolicyPrinter } from '../printers/admission';
import type { ResourceDefinition } from '../registry/definition';
import {
  validateMutatingAdmissionPolicy,
  validateMutatingAdmissionPolicyUpdate,
} from '../validation/admission/mutating-policies';
import { defaultPolicy } from './admission-defaults';

export const mutatingAdmissionPolicyDefinition: ResourceDefinition<MutatingAdmissionPolicy> = {
  resource: mutatingAdmissionPolicies,
  singular: 'mutatingadmissionpolicy',
  shortNames: [],
  categories: ['api-extensions'],
  hasStatus: false,
  printer: mutatingAdmissionPolicyPrinter,
  strategy: {
    allowUnconditionalUpdate: false,
    applyDefaults: defaultPolicy,
    prepareForCreate({ metadata }) {
      metadata.generation = 1;
    },
    validateCreate: validateMutatingAdmissionPolicy,
    validateUpdate: validateMutatingAdmissionPolicyUpdate,
  },
};
