import type { Pod } from './objects';
import { parseQuantity } from './quantities';

type Container = NonNullable<Pod['spec']>['containers'][number];

function add(into: Map<string, number>, list: Record<string, string> | undefined): void {
  for (const [name, amount] of Object.entries(list ?? {}))
    into.set(name, (into.get(name) ?? 0) + parseQuantity(amount));
}

function maximum(into: Map<string, number>, other: ReadonlyMap<string, number>): void {
  for (const [name, amount] of other) into.set(name, Math.max(into.get(name) ?? 0, amount));
}

/**
 * What a pod asks of its node, in plain numbers (k8s.io/component-helpers/resource, PodRequests): the sum over its
 * containers and sidecars, or more where an init container needs more while it runs, and the runtime's overhead.
 */
export function podRequests(pod: Pod): Map<string, number> {
  const { spec } = pod;
  const result = new Map<string, number>();
  for (const container of spec?.containers ?? []) add(result, container.resources?.requests);
  const sidecars = new Map<string, number>();
  const initial = new Map<string, number>();
  for (const container of (spec?.initContainers ?? []) as readonly Container[]) {
    if (container.restartPolicy === 'Always') {
      add(result, container.resources?.requests);
      add(sidecars, container.resources?.requests);
      maximum(initial, sidecars);
    } else {
      // The sidecars started before it run beside it.
      const together = new Map(sidecars);
      add(together, container.resources?.requests);
      maximum(initial, together);
    }
  }
  maximum(result, initial);
  for (const [name, amount] of Object.entries(spec?.resources?.requests ?? {})) result.set(name, parseQuantity(amount));
  add(result, spec?.overhead);
  return result;
}
