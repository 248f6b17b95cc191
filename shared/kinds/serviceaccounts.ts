import type { ServiceAccount } from '../kubernetes/objects';
import { serviceAccounts } from '../kubernetes/resources';
import { listCell } from './cells';
import { defineKind } from './kind';

export const serviceAccountKind = defineKind<ServiceAccount>({
  resource: serviceAccounts,
  title: 'Service Accounts',
  about: 'A service account is who a pod is when it talks to the cluster. Roles bound to it say what it may do.',
  shortNames: ['sa'],
  group: 'access',
  columns: [
    {
      id: 'pullSecrets',
      title: 'Pull secrets',
      type: 'list',
      width: 220,
      value: ({ imagePullSecrets }) => listCell(imagePullSecrets?.map((secret) => secret.name ?? '')),
    },
    {
      id: 'secrets',
      title: 'Secrets',
      type: 'list',
      width: 220,
      value: ({ secrets }) => listCell(secrets?.map((secret) => secret.name ?? '')),
    },
    {
      id: 'automount',
      title: 'Mounts its token',
      type: 'boolean',
      width: 140,
      value: ({ automountServiceAccountToken }) => automountServiceAccountToken ?? true,
    },
  ],
  health: () => ({ state: 'neutral', label: '' }),
  relations: ({ metadata, imagePullSecrets }) =>
    (imagePullSecrets ?? []).flatMap(({ name }) =>
      name ? [{ role: 'Pull secrets', kind: 'secrets', namespace: metadata.namespace ?? '', name }] : [],
    ),
});
