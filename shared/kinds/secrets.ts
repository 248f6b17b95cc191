import type { Secret } from '../kubernetes/objects';
import { secrets } from '../kubernetes/resources';
import { listCell } from './cells';
import { defineKind, type Relation } from './kind';

function serviceAccountOf({ metadata, type }: Secret): Relation[] {
  const name = metadata.annotations?.['kubernetes.io/service-account.name'];
  return type === 'kubernetes.io/service-account-token' && name
    ? [{ role: 'Service account', kind: 'serviceaccounts', namespace: metadata.namespace ?? '', name }]
    : [];
}

export const secretKind = defineKind<Secret>({
  resource: secrets,
  title: 'Secrets',
  about: 'A secret holds passwords, tokens and keys. It is encoded, not encrypted: access to it must be restricted.',
  shortNames: [],
  group: 'config',
  columns: [
    { id: 'type', title: 'Type', width: 260, value: (secret) => secret.type ?? 'Opaque' },
    { id: 'data', title: 'Data', type: 'number', width: 80, value: (secret) => Object.keys(secret.data ?? {}).length },
    {
      id: 'keys',
      title: 'Keys',
      type: 'list',
      width: 300,
      value: (secret) => listCell(Object.keys(secret.data ?? {}).sort()),
    },
    { id: 'immutable', title: 'Immutable', type: 'boolean', wide: true, value: (secret) => secret.immutable ?? false },
  ],
  health: () => ({ state: 'neutral', label: '' }),
  relations: serviceAccountOf,
});
