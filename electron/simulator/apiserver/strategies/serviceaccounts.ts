import type { ServiceAccount } from '../../../../shared/kubernetes/objects';
import { serviceAccounts } from '../../../../shared/kubernetes/resources';
import { serviceAccountPrinter } from '../printers/access';
import type { ResourceDefinition } from '../registry/definition';

const ENFORCE_MOUNTABLE = 'kubernetes.io/enforce-mountable-secrets';

export const serviceAccountDefinition: ResourceDefinition<ServiceAccount> = {
  resource: serviceAccounts,
  singular: 'serviceaccount',
  shortNames: ['sa'],
  categories: [],
  hasStatus: false,
  printer: serviceAccountPrinter,
  strategy: {
    prepareForCreate: cleanSecrets,
    prepareForUpdate: cleanSecrets,
    warnings: ({ metadata }, old) =>
      metadata.annotations?.[ENFORCE_MOUNTABLE] === undefined ||
      old?.metadata.annotations?.[ENFORCE_MOUNTABLE] !== undefined
        ? []
        : [
            `metadata.annotations[${ENFORCE_MOUNTABLE}]: deprecated in v1.32+; prefer separate namespaces to isolate access to mounted secrets`,
          ],
  },
  subresources: [
    { name: 'token', kind: 'TokenRequest', verbs: ['create'], group: 'authentication.k8s.io', version: 'v1' },
  ],
};

/** Secrets are named, and nothing else (pkg/registry/core/serviceaccount/strategy.go, `cleanSecretReferences`). */
function cleanSecrets(account: ServiceAccount): void {
  if (account.secrets === undefined) return;
  account.secrets = account.secrets.map(({ name }) => (name === undefined ? {} : { name }));
}
