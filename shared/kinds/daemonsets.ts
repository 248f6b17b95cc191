import type { DaemonSet } from '../kubernetes/objects';
import { daemonSets } from '../kubernetes/resources';
import { labelsCell, statusColumn, templateColumns } from './cells';
import { defineKind, type Health } from './kind';
import { replicasHealth, selected } from './workload';

function health({ metadata, spec, status }: DaemonSet): Health {
  const wanted = status?.desiredNumberScheduled ?? 0;
  const observed = (status?.observedGeneration ?? 0) >= (metadata.generation ?? 0);
  if (observed && wanted === 0) return { state: 'neutral', label: 'No node fits' };
  if ((status?.numberMisscheduled ?? 0) > 0) {
    const count = status?.numberMisscheduled ?? 0;
    return {
      state: 'warning',
      label: `${count} misscheduled`,
      message: `${count} pods run on nodes where they should not.`,
    };
  }
  return replicasHealth({
    wanted,
    ready: status?.numberReady ?? 0,
    updated: spec?.updateStrategy?.type === 'OnDelete' ? wanted : (status?.updatedNumberScheduled ?? 0),
    observed,
  });
}

export const daemonSetKind = defineKind<DaemonSet>({
  resource: daemonSets,
  title: 'Daemon Sets',
  about: 'A daemon set runs one pod on every node, or on every node that fits: log collectors, network agents.',
  shortNames: ['ds'],
  group: 'workloads',
  columns: [
    statusColumn((daemonSet) => health(daemonSet).label),
    {
      id: 'desired',
      title: 'Desired',
      type: 'number',
      width: 80,
      value: ({ status }) => status?.desiredNumberScheduled ?? 0,
    },
    {
      id: 'current',
      title: 'Current',
      type: 'number',
      width: 80,
      wide: true,
      value: ({ status }) => status?.currentNumberScheduled ?? 0,
    },
    { id: 'ready', title: 'Ready', type: 'number', width: 80, value: ({ status }) => status?.numberReady ?? 0 },
    {
      id: 'updated',
      title: 'Up to date',
      type: 'number',
      width: 100,
      value: ({ status }) => status?.updatedNumberScheduled ?? 0,
    },
    {
      id: 'available',
      title: 'Available',
      type: 'number',
      width: 90,
      value: ({ status }) => status?.numberAvailable ?? 0,
    },
    {
      id: 'nodeSelector',
      title: 'Node selector',
      type: 'list',
      wide: true,
      value: ({ spec }) => labelsCell(spec?.template.spec?.nodeSelector),
    },
    ...templateColumns<DaemonSet>(({ spec }) => spec?.template.spec?.containers),
  ],
  health,
  selections: (daemonSet) => selected(daemonSet, 'Pods', 'pods', daemonSet.spec?.selector),
});
