import { isDeepStrictEqual } from 'node:util';
import type { PodTemplate } from '../../../../shared/kubernetes/objects';
import { podTemplates } from '../../../../shared/kubernetes/resources';
import { podTemplatePrinter } from '../printers/config';
import type { ResourceDefinition } from '../registry/definition';
import { validatePodTemplate } from '../validation/pod';
import { templateWarnings } from '../validation/pod-warnings';
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
    prepareForCreate({ metadata }) {
      metadata.generation = 1;
    },
    bumpsGeneration: (object, old) => !isDeepStrictEqual(object.template, old.template),
    warnings: (object, old) =>
      object.metadata.generation === old?.metadata.generation ? [] : templateWarnings(object.template, 'template'),
    validate: ({ template }) => validatePodTemplate(template, 'template'),
  },
};
