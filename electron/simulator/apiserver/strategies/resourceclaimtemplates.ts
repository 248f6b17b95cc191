import type { ResourceClaimTemplate } from '../../../../shared/kubernetes/objects';
import { resourceClaimTemplates } from '../../../../shared/kubernetes/resources';
import { nameAndAgePrinter } from '../printers/devices';
import type { ResourceDefinition } from '../registry/definition';
import { validateResourceClaimTemplate, validateResourceClaimTemplateUpdate } from '../validation/resource-claim';
import { applyClaimDefaults, dropDisabledClaimFields } from './claim-spec';
import { specOf } from './pod-defaults';

export const resourceClaimTemplateDefinition: ResourceDefinition<ResourceClaimTemplate> = {
  resource: resourceClaimTemplates,
  singular: 'resourceclaimtemplate',
  shortNames: [],
  categories: [],
  hasStatus: false,
  printer: nameAndAgePrinter,
  strategy: {
    applyDefaults(template) {
      const spec = specOf(template);
      spec.metadata ??= {};
      applyClaimDefaults(specOf(spec));
    },
    prepareForCreate: ({ spec }) => dropDisabledClaimFields(spec.spec),
    prepareForUpdate: ({ spec }) => dropDisabledClaimFields(spec.spec),
    validate: validateResourceClaimTemplate,
    validateUpdate: validateResourceClaimTemplateUpdate,
  },
};
