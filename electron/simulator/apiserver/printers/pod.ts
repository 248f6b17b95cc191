import { humanDuration } from '../../../../shared/kubernetes/ages';
import type { Pod } from '../../../../shared/kubernetes/objects';
import { podReadiness, podStatusText } from '../../../../shared/kubernetes/pod-status';
import type { RowCondition, TablePrinter } from '../registry/definition';
import { age, ageColumn, column, nameColumn, nameOf, orNone, wide } from './columns';

const completed = (reason: string, message: string): RowCondition[] => [
  { type: 'Completed', status: 'True', reason, message },
];

/** By phase (pkg/printers/internalversion, podSuccessConditions and podFailedConditions). */
const ENDS: Readonly<Record<string, RowCondition[]>> = {
  Succeeded: completed('Succeeded', 'The pod has completed successfully.'),
  Failed: completed('Failed', 'The pod failed.'),
};

export const podPrinter: TablePrinter<Pod> = {
  columns: [
    nameColumn,
    column('Ready', 'The aggregate readiness state of this pod for accepting traffic.'),
    column('Status', 'The aggregate status of the containers in this pod.'),
    column(
      'Restarts',
      'The number of times the containers in this pod have been restarted and when the last container in this pod has restarted.',
    ),
    ageColumn,
    wide('IP', 'The address allocated to the pod, routable within the cluster.'),
    wide('Node', 'The node that the pod is bound to.'),
    wide('Nominated Node', 'The node where preemption makes room for the pod.'),
    wide('Readiness Gates', 'How many of the conditions that gate readiness are true.'),
  ],
  cells(pod, now) {
    const { ready, total, restarts, lastRestart } = podReadiness(pod);
    const ago = restarts > 0 && lastRestart !== undefined ? ` (${humanDuration(now - lastRestart)} ago)` : '';
    return [
      nameOf(pod),
      `${ready}/${total}`,
      podStatusText(pod),
      `${restarts}${ago}`,
      age(pod, now),
      orNone(pod.status?.podIPs?.[0]?.ip ?? pod.status?.podIP),
      orNone(pod.spec?.nodeName),
      orNone(pod.status?.nominatedNodeName),
      readinessGates(pod),
    ];
  },
  conditions: ({ status }) => ENDS[status?.phase ?? ''],
};

function readinessGates(pod: Pod): string {
  const gates = pod.spec?.readinessGates ?? [];
  if (gates.length === 0) return '<none>';
  const isTrue = (type: string) => pod.status?.conditions?.some((c) => c.type === type && c.status === 'True') ?? false;
  return `${gates.filter((gate) => isTrue(gate.conditionType)).length}/${gates.length}`;
}
