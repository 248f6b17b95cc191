import type { MutatingAdmissionPolicyBinding } from '../../../../shared/kubernetes/objects';
import { mutatingAdmissionPolicyBindings } from '../../../../shared/kubernetes/resources';
import { policyBindingPrinter } from '../printers/admission';
import type { ResourceDefinition } from '../registry/definition';
import { validateMutatingAdmissionPolicyBinding } from '../validation/admission/bindings';
import { defaultMatchResources } from './admission-defaults';

export const mutatingAdmissionPolicyBindingDefinition: ResourceDefinition<MutatingAdmissionPolicyBinding> = {
  resource: mutatingAdmissionPolicyBindings,
  singular: 'mutatingadmissionpolicybinding',
  shortNames: [],
  categories: ['api-extensions'],
  hasStatus: false,
  printer: policyBindingPrinter,
  strategy: {
    allowUnconditionalUpdate: false,
    applyDefaults(binding) {
      binding.spec ??= {};
      defaultMatchResources(binding.spec.matchResources);
    },
    prepareForCreate({ metadata }) {
      metadata.generation = 1;
    },
    validate: validateMutatingAdmissionPolicyBinding,
  },
};
