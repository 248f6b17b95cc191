import { nodeRoles } from '../../../../shared/kubernetes/node-roles';
import type { Node } from '../../../../shared/kubernetes/objects';
import type { TablePrinter } from '../registry/definition';
import { age, ageColumn, column, nameColumn, nameOf, wide } from './columns';

export const nodePrinter: TablePrinter<Node> = {
  columns: [
    nameColumn,
    column('Status', 'The status of the node'),
    column('Roles', 'The roles of the node'),
    ageColumn,
    column('Version', 'Kubelet version reported by the node.'),
    wide('Internal-IP', 'An address reachable from within the cluster.'),
    wide('External-IP', 'An address reachable from outside the cluster.'),
    wide('OS-Image', 'The operating system, as the node reports it.'),
    wide('Kernel-Version', 'The kernel, as the node reports it.'),
    wide('Container-Runtime', 'The container runtime, as the node reports it.'),
  ],
  cells(node, now) {
    const info = node.status?.nodeInfo;
    return [
      nameOf(node),
      statusText(node),
      rolesText(node),
      age(node, now),
      info?.kubeletVersion ?? '',
      address(node, 'InternalIP'),
      address(node, 'ExternalIP'),
      orUnknown(info?.osImage),
      orUnknown(info?.kernelVersion),
      orUnknown(info?.containerRuntimeVersion),
    ];
  },
};

function statusText(node: Node): string {
  const ready = node.status?.conditions?.find((condition) => condition.type === 'Ready');
  const text = ready === undefined ? 'Unknown' : ready.status === 'True' ? 'Ready' : 'NotReady';
  return node.spec?.unschedulable === true ? `${text},SchedulingDisabled` : text;
}

function rolesText(node: Node): string {
  return nodeRoles(node).join(',') || '<none>';
}

function address(node: Node, type: string): string {
  return node.status?.addresses?.find((item) => item.type === type)?.address ?? '<none>';
}

function orUnknown(text: string | undefined): string {
  return text === undefined || text === '' ? '<unknown>' : text;
}
