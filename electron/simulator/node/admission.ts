import { allowsNode } from '../../../shared/kubernetes/node-affinity';
import type { Node, Pod } from '../../../shared/kubernetes/objects';
import { podRequests } from '../../../shared/kubernetes/pod-resources';
import { parseQuantity } from '../../../shared/kubernetes/quantities';

export interface Rejection {
  readonly reason: string;
  readonly message: string;
}

/** In the unit that the kubelet's texts use: milli-CPUs, otherwise whole units. */
function unit(resource: string, amount: number): number {
  return resource === 'cpu' ? Math.round(amount * 1000) : Math.round(amount);
}

/**
 * Whether a node takes a pod that was bound to it without asking the scheduler (pkg/kubelet/lifecycle/predicate.go).
 * @param active the pods that the node has already.
 */
export function admit(pod: Pod, node: Node, active: Iterable<Pod>): Rejection | undefined {
  if (pod.spec !== undefined && !allowsNode(pod.spec, node)) {
    return { reason: 'NodeAffinity', message: 'Pod was rejected: Predicate NodeAffinity failed' };
  }
  const allocatable = node.status?.allocatable ?? {};
  const used = new Map<string, number>([['pods', 0]]);
  for (const other of active) {
    used.set('pods', (used.get('pods') ?? 0) + 1);
    for (const [name, amount] of podRequests(other)) used.set(name, (used.get(name) ?? 0) + amount);
  }
  const wanted = new Map([['pods', 1], ...podRequests(pod)]);
  for (const [resource, amount] of wanted) {
    const capacity = parseQuantity(allocatable[resource] ?? '0');
    const taken = used.get(resource) ?? 0;
    if (amount === 0 || taken + amount <= capacity) continue;
    const numbers = `requested: ${unit(resource, amount)}, used: ${unit(resource, taken)}, capacity: ${unit(resource, capacity)}`;
    return {
      reason: `OutOf${resource}`,
      message: `Pod was rejected: Node didn't have enough resource: ${resource}, ${numbers}`,
    };
  }
  return undefined;
}
