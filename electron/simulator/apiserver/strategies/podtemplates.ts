import type { PodTemplate } from '../../../../shared/kubernetes/objects';
import { podTemplates } from '../../../../shared/kubernetes/resources';
import { podTemplatePrinter } from '../printers/config';
import type { ResourceDefinition } from '../registry/definition';
import { validatePodTemplate } from '../validation/pod';
import { applyTemplateDefaults } from './pod-defaults';

export const podTemplateDefinition: ResourceDefinition<PodTemplate> = {
  resource: podTemplates,
  singular: 'podtemplate',
  shortNames: [],
  categories: [],
  hasStatus: false,
  printer: podTemplatePrinter,
  strategy: {
    applyDefaults: applyTemplateDefaults,
    validate: ({ template }) => validatePodTemplate(template, 'template'),
  },
};
