import { addQuantities, canonicalQuantity, compareQuantities } from '../../../../shared/kubernetes/quantities';
import type { PodSpec } from './pod-defaults';

type Quantities = Readonly<Record<string, string>>;

/**
 * What a pod's containers ask for while it runs or starts, whichever is more
 * (k8s.io/component-helpers/resource, `AggregateContainerRequests`).
 */
export function containersTogether(spec: PodSpec, list: 'requests' | 'limits'): Record<string, string> {
  const sum: Record<string, string> = {};
  const sidecars: Record<string, string> = {};
  const starting: Record<string, string> = {};
  for (const { resources } of spec.containers ?? []) add(sum, resources?.[list]);
  for (const { resources, restartPolicy } of spec.initContainers ?? []) {
    const own = { ...resources?.[list] };
    if (restartPolicy === 'Always') {
      add(sum, own);
      add(sidecars, own);
      raise(starting, sidecars);
    } else {
      add(own, sidecars);
      raise(starting, own);
    }
  }
  raise(sum, starting);
  return sum;
}

function add(sum: Record<string, string>, more: Quantities | undefined): void {
  for (const [name, amount] of Object.entries(more ?? {})) sum[name] = addQuantities(sum[name] ?? '0', amount);
}

function raise(most: Record<string, string>, other: Quantities): void {
  for (const [name, amount] of Object.entries(other)) {
    if (most[name] === undefined || compareQuantities(amount, most[name]) > 0) most[name] = canonicalQuantity(amount);
  }
}
