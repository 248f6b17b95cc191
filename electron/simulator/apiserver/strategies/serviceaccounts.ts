import type { ServiceAccount } from '../../../../shared/kubernetes/objects';
import { serviceAccounts } from '../../../../shared/kubernetes/resources';
import { serviceAccountPrinter } from '../printers/access';
import type { ResourceDefinition } from '../registry/definition';

export const serviceAccountDefinition: ResourceDefinition<ServiceAccount> = {
  resource: serviceAccounts,
  singular: 'serviceaccount',
  shortNames: ['sa'],
  categories: [],
  hasStatus: false,
  printer: serviceAccountPrinter,
  strategy: {},
  subresources: [
    { name: 'token', kind: 'TokenRequest', verbs: ['create'], group: 'authentication.k8s.io', version: 'v1' },
  ],
};
