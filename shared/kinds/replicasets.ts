import type { ReplicaSet } from '../kubernetes/objects';
import { replicaSets } from '../kubernetes/resources';
import { statusColumn, templateColumns } from './cells';
import { defineKind, type Health } from './kind';
import { replicasHealth, selected } from './workload';

function health({ metadata, spec, status }: ReplicaSet): Health {
  const wanted = spec?.replicas ?? 1;
  const failure = status?.conditions?.find(
    (condition) => condition.type === 'ReplicaFailure' && condition.status === 'True',
  );
  return replicasHealth(
    {
      wanted,
      ready: status?.readyReplicas ?? 0,
      updated: wanted,
      observed: (status?.observedGeneration ?? 0) >= (metadata.generation ?? 0),
    },
    failure?.message,
  );
}

export const replicaSetKind = defineKind<ReplicaSet>({
  resource: replicaSets,
  title: 'Replica Sets',
  about: 'A replica set keeps a number of pods of one template running. Deployments make one for each revision.',
  shortNames: ['rs'],
  group: 'workloads',
  columns: [
    statusColumn((replicaSet) => health(replicaSet).label),
    { id: 'desired', title: 'Desired', type: 'number', width: 80, value: ({ spec }) => spec?.replicas ?? 1 },
    { id: 'current', title: 'Current', type: 'number', width: 80, value: ({ status }) => status?.replicas ?? 0 },
    { id: 'ready', title: 'Ready', type: 'number', width: 80, value: ({ status }) => status?.readyReplicas ?? 0 },
    {
      id: 'revision',
      title: 'Revision',
      type: 'number',
      width: 90,
      value: ({ metadata }) => {
        const revision = metadata.annotations?.['deployment.kubernetes.io/revision'];
        return revision === undefined ? null : Number(revision);
      },
    },
    ...templateColumns<ReplicaSet>(({ spec }) => spec?.template?.spec?.containers),
  ],
  health,
  selections: (replicaSet) => selected(replicaSet, 'Pods', 'pods', replicaSet.spec?.selector),
});
