import type { StatefulSet } from '../kubernetes/objects';
import { statefulSets } from '../kubernetes/resources';
import { ratioCell, statusColumn, templateColumns } from './cells';
import { defineKind, type Health } from './kind';
import { replicasHealth, selected } from './workload';

function health({ metadata, spec, status }: StatefulSet): Health {
  const wanted = spec?.replicas ?? 1;
  const partition = spec?.updateStrategy?.rollingUpdate?.partition ?? 0;
  const rolling = spec?.updateStrategy?.type !== 'OnDelete' && status?.updateRevision !== status?.currentRevision;
  return replicasHealth({
    wanted,
    ready: status?.readyReplicas ?? 0,
    // Pods below the partition keep the old revision on purpose.
    updated: rolling ? Math.min(wanted, (status?.updatedReplicas ?? 0) + partition) : wanted,
    observed: (status?.observedGeneration ?? 0) >= (metadata.generation ?? 0),
  });
}

export const statefulSetKind = defineKind<StatefulSet>({
  resource: statefulSets,
  title: 'Stateful Sets',
  about: 'A stateful set runs pods that keep their name, their order and their storage when they are replaced.',
  shortNames: ['sts'],
  group: 'workloads',
  columns: [
    statusColumn((statefulSet) => health(statefulSet).label),
    {
      id: 'ready',
      title: 'Ready',
      type: 'ratio',
      width: 80,
      value: ({ spec, status }) => ratioCell(status?.readyReplicas, spec?.replicas ?? 1),
    },
    {
      id: 'service',
      title: 'Service',
      width: 140,
      linksTo: 'services',
      value: ({ spec }) => spec?.serviceName || null,
    },
    ...templateColumns<StatefulSet>(({ spec }) => spec?.template.spec?.containers),
  ],
  health,
  relations: ({ metadata, spec }) =>
    spec?.serviceName
      ? [{ role: 'Service', kind: 'services', namespace: metadata.namespace ?? '', name: spec.serviceName }]
      : [],
  selections: (statefulSet) => selected(statefulSet, 'Pods', 'pods', statefulSet.spec?.selector),
});
