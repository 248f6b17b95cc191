import { findCondition } from '../../../../shared/kubernetes/conditions';
import type { Node } from '../../../../shared/kubernetes/objects';
import type { Taint } from '../../../../shared/kubernetes/taints';

const NOT_READY = 'node.kubernetes.io/not-ready';
const UNREACHABLE = 'node.kubernetes.io/unreachable';
const UNSCHEDULABLE = 'node.kubernetes.io/unschedulable';

/** Which taint a condition that holds brings. */
const PRESSURES: Readonly<Record<string, string>> = {
  MemoryPressure: 'node.kubernetes.io/memory-pressure',
  DiskPressure: 'node.kubernetes.io/disk-pressure',
  PIDPressure: 'node.kubernetes.io/pid-pressure',
  NetworkUnavailable: 'node.kubernetes.io/network-unavailable',
};

const MANAGED: ReadonlySet<string> = new Set([NOT_READY, UNREACHABLE, UNSCHEDULABLE, ...Object.values(PRESSURES)]);

/**
 * The taints that a node should have: others' stay, those that tell of its conditions follow them
 * (pkg/controller/nodelifecycle/node_lifecycle_controller.go, `doNoScheduleTaintingPass`, `doNoExecuteTaintingPass`).
 * @param now RFC 3339, for taints that evict from now on.
 */
export function wantedTaints(node: Node, now: string): Taint[] {
  const present = node.spec?.taints ?? [];
  const conditions = node.status?.conditions;
  const wanted: Taint[] = [];
  const ready = findCondition(conditions, 'Ready')?.status;
  const unhealthy = ready === 'False' ? NOT_READY : ready === 'Unknown' ? UNREACHABLE : undefined;
  if (unhealthy !== undefined) {
    wanted.push({ key: unhealthy, effect: 'NoSchedule' }, { key: unhealthy, effect: 'NoExecute', timeAdded: now });
  } else if (ready === undefined) {
    // A node that has not reported yet keeps the taint it was admitted with.
    wanted.push(...present.filter(({ key }) => key === NOT_READY));
  }
  for (const [type, key] of Object.entries(PRESSURES)) {
    if (findCondition(conditions, type)?.status === 'True') wanted.push({ key, effect: 'NoSchedule' });
  }
  if (node.spec?.unschedulable === true) wanted.push({ key: UNSCHEDULABLE, effect: 'NoSchedule' });
  const same = (a: Taint, b: Taint) => a.key === b.key && a.effect === b.effect;
  return [
    // Those that are there already keep their time.
    ...present.filter((taint) => !MANAGED.has(taint.key) || wanted.some((each) => same(each, taint))),
    ...wanted.filter((taint) => !present.some((each) => same(each, taint))),
  ];
}
