import type { ValidatingAdmissionPolicyBinding } from '../../../../shared/kubernetes/objects';
import { validatingAdmissionPolicyBindings } from '../../../../shared/kubernetes/resources';
import { policyBindingPrinter } from '../printers/admission';
import type { ResourceDefinition } from '../registry/definition';
import { validateValidatingAdmissionPolicyBinding } from '../validation/admission/bindings';
import { defaultMatchResources } from './admission-defaults';

export const validatingAdmissionPolicyBindingDefinition: ResourceDefinition<ValidatingAdmissionPolicyBinding> = {
  resource: validatingAdmissionPolicyBindings,
  singular: 'validatingadmissionpolicybinding',
  shortNames: [],
  categories: ['api-extensions'],
  hasStatus: false,
  printer: policyBindingPrinter,
  strategy: {
    allowUnconditionalUpdate: false,
    applyDefaults({ spec }) {
      defaultMatchResources(spec?.matchResources);
    },
    prepareForCreate({ metadata }) {
      metadata.generation = 1;
    },
    validate: validateValidatingAdmissionPolicyBinding,
  },
};
