import type { Namespace } from '../kubernetes/objects';
import { namespaces } from '../kubernetes/resources';
import { labelsCell, statusColumn } from './cells';
import { defineKind, type Health } from './kind';

function health({ status }: Namespace): Health {
  if (status?.phase !== 'Terminating') return { state: 'ok', label: 'Active' };
  const remaining = status.conditions?.find(
    (condition) => condition.status === 'True' && /Remaining|Failure/.test(condition.type),
  );
  return {
    state: 'progress',
    label: 'Terminating',
    ...(remaining?.message === undefined ? {} : { message: remaining.message }),
  };
}

export const namespaceKind = defineKind<Namespace>({
  resource: namespaces,
  title: 'Namespaces',
  about: 'A namespace is a room of its own for names: the same name can stand in two of them.',
  shortNames: ['ns'],
  group: 'cluster',
  columns: [
    statusColumn((namespace) => health(namespace).label),
    { id: 'labels', title: 'Labels', type: 'list', width: 360, value: ({ metadata }) => labelsCell(metadata.labels) },
  ],
  health,
});
