import { isDeepStrictEqual } from 'node:util';
import type { MutatingWebhookConfiguration } from '../../../../shared/kubernetes/objects';
import { mutatingWebhookConfigurations } from '../../../../shared/kubernetes/resources';
import { webhookConfigurationPrinter } from '../printers/admission';
import type { ResourceDefinition } from '../registry/definition';
import { validateWebhookConfiguration, validateWebhookConfigurationUpdate } from '../validation/admission/webhooks';
import { defaultWebhook } from './admission-defaults';

export const mutatingWebhookConfigurationDefinition: ResourceDefinition<MutatingWebhookConfiguration> = {
  resource: mutatingWebhookConfigurations,
  singular: 'mutatingwebhookconfiguration',
  shortNames: [],
  categories: ['api-extensions'],
  hasStatus: false,
  printer: webhookConfigurationPrinter,
  strategy: {
    allowUnconditionalUpdate: false,
    applyDefaults({ webhooks }) {
      for (const webhook of webhooks ?? []) {
        defaultWebhook(webhook);
        webhook.reinvocationPolicy ??= 'Never';
      }
    },
    prepareForCreate({ metadata }) {
      metadata.generation = 1;
    },
    bumpsGeneration: ({ webhooks }, old) => !isDeepStrictEqual(webhooks, old.webhooks),
    validateCreate: validateWebhookConfiguration,
    validateUpdate: validateWebhookConfigurationUpdate,
  },
};
