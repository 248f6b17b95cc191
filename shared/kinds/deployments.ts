import type { Deployment } from '../kubernetes/objects';
import { deployments } from '../kubernetes/resources';
import { ratioCell, statusColumn, templateColumns } from './cells';
import { defineKind, type Health } from './kind';
import { replicasHealth, selected } from './workload';

function health(deployment: Deployment): Health {
  const { spec, status, metadata } = deployment;
  if (spec?.paused)
    return { state: 'warning', label: 'Paused', message: 'Changes to it are not rolled out until it is resumed.' };
  const stuck = status?.conditions?.find(
    (condition) =>
      (condition.type === 'ReplicaFailure' && condition.status === 'True') ||
      (condition.type === 'Progressing' && condition.status === 'False'),
  );
  return replicasHealth(
    {
      wanted: spec?.replicas ?? 1,
      ready: status?.readyReplicas ?? 0,
      updated: status?.updatedReplicas ?? 0,
      observed: (status?.observedGeneration ?? 0) >= (metadata.generation ?? 0),
    },
    stuck?.message ?? stuck?.reason,
  );
}

export const deploymentKind = defineKind<Deployment>({
  resource: deployments,
  title: 'Deployments',
  about:
    'A deployment keeps a number of identical pods running and replaces them step by step when their template changes.',
  shortNames: ['deploy'],
  group: 'workloads',
  columns: [
    statusColumn((deployment) => health(deployment).label),
    {
      id: 'ready',
      title: 'Ready',
      type: 'ratio',
      width: 80,
      value: ({ spec, status }) => ratioCell(status?.readyReplicas, spec?.replicas ?? 1),
    },
    {
      id: 'updated',
      title: 'Up to date',
      type: 'number',
      width: 100,
      value: ({ status }) => status?.updatedReplicas ?? 0,
    },
    {
      id: 'available',
      title: 'Available',
      type: 'number',
      width: 90,
      value: ({ status }) => status?.availableReplicas ?? 0,
    },
    { id: 'strategy', title: 'Strategy', wide: true, value: ({ spec }) => spec?.strategy?.type ?? null },
    ...templateColumns<Deployment>(({ spec }) => spec?.template.spec?.containers),
  ],
  health,
  selections: (deployment) => [
    ...selected(deployment, 'Replica sets', 'replicasets.apps', deployment.spec?.selector),
    ...selected(deployment, 'Pods', 'pods', deployment.spec?.selector),
  ],
});
