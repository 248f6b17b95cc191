import type { Secret } from '../../../../shared/kubernetes/objects';
import { secrets } from '../../../../shared/kubernetes/resources';
import { secretPrinter } from '../printers/config';
import type { ResourceDefinition } from '../registry/definition';
import { secretWarnings, unchanged, validateSecret } from '../validation/config-data';
import { immutable } from '../validation/values';

export const secretDefinition: ResourceDefinition<Secret> = {
  resource: secrets,
  singular: 'secret',
  shortNames: [],
  categories: [],
  hasStatus: false,
  printer: secretPrinter,
  strategy: {
    applyDefaults(secret) {
      secret.type ||= 'Opaque';
      if (secret.stringData === undefined) return;
      const encoded = Object.entries(secret.stringData).map(([key, text]) => [
        key,
        Buffer.from(text).toString('base64'),
      ]);
      secret.data = { ...secret.data, ...Object.fromEntries(encoded) };
      delete secret.stringData;
    },
    validate: validateSecret,
    warnings: secretWarnings,
    validateUpdate: (secret, old) => [
      ...immutable(secret.type, old.type, 'type'),
      ...(old.immutable === true
        ? [
            ...unchanged('immutable', secret.immutable, true, 'field is immutable when `immutable` is set'),
            ...unchanged('data', secret.data, old.data, 'field is immutable when `immutable` is set'),
          ]
        : []),
    ],
  },
  fieldLabels: { type: (secret) => secret.type ?? '' },
};
