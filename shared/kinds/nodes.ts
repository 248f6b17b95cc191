import { nodeRoles } from '../kubernetes/node-roles';
import type { Node } from '../kubernetes/objects';
import { nodes } from '../kubernetes/resources';
import { listCell, quantityCell, statusColumn } from './cells';
import { defineKind, type Health } from './kind';

function health({ spec, status }: Node): Health {
  const ready = status?.conditions?.find((condition) => condition.type === 'Ready');
  if (ready === undefined || ready.status === 'Unknown') {
    return { state: 'error', label: 'Unknown', message: ready?.message ?? 'Its kubelet has not reported yet.' };
  }
  if (ready.status !== 'True') {
    return { state: 'error', label: 'NotReady', ...(ready.message === undefined ? {} : { message: ready.message }) };
  }
  const pressure =
    status?.conditions?.filter((condition) => condition.type !== 'Ready' && condition.status === 'True') ?? [];
  if (pressure.length > 0) {
    return { state: 'warning', label: pressure.map((condition) => condition.type).join(', ') };
  }
  if (spec?.unschedulable) {
    return { state: 'warning', label: 'Cordoned', message: 'No new pods are placed on it.' };
  }
  return { state: 'ok', label: 'Ready' };
}

export const nodeKind = defineKind<Node>({
  resource: nodes,
  title: 'Nodes',
  about: 'A node is a machine of the cluster. Its kubelet runs the pods that the scheduler gives it.',
  shortNames: ['no'],
  group: 'cluster',
  columns: [
    statusColumn((node) => health(node).label, 130),
    { id: 'roles', title: 'Roles', type: 'list', width: 130, value: (node) => listCell(nodeRoles(node)) },
    { id: 'version', title: 'Version', width: 100, value: ({ status }) => status?.nodeInfo?.kubeletVersion ?? null },
    {
      id: 'zone',
      title: 'Zone',
      width: 130,
      value: ({ metadata }) => metadata.labels?.['topology.kubernetes.io/zone'] ?? null,
    },
    {
      id: 'taints',
      title: 'Taints',
      type: 'list',
      width: 180,
      value: ({ spec }) =>
        listCell(spec?.taints?.map(({ key, value, effect }) => `${key}${value ? `=${value}` : ''}:${effect}`)),
    },
    {
      id: 'cpu',
      title: 'CPU',
      type: 'cpu',
      width: 80,
      value: ({ status }) => quantityCell(status?.allocatable?.cpu),
    },
    {
      id: 'memory',
      title: 'Memory',
      type: 'bytes',
      width: 100,
      value: ({ status }) => quantityCell(status?.allocatable?.memory),
    },
    {
      id: 'pods',
      title: 'Max. pods',
      type: 'number',
      wide: true,
      value: ({ status }) => quantityCell(status?.allocatable?.pods),
    },
    {
      id: 'address',
      title: 'Internal IP',
      width: 120,
      value: ({ status }) => status?.addresses?.find((address) => address.type === 'InternalIP')?.address ?? null,
    },
    { id: 'os', title: 'OS image', wide: true, value: ({ status }) => status?.nodeInfo?.osImage ?? null },
    { id: 'kernel', title: 'Kernel', wide: true, value: ({ status }) => status?.nodeInfo?.kernelVersion ?? null },
    {
      id: 'runtime',
      title: 'Container runtime',
      wide: true,
      value: ({ status }) => status?.nodeInfo?.containerRuntimeVersion ?? null,
    },
  ],
  health,
  selections: ({ metadata }) =>
    metadata.name === undefined
      ? []
      : [{ role: 'Pods', kind: 'pods', fieldSelector: `spec.nodeName=${metadata.name}` }],
});
