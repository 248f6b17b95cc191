import { findCondition } from '../../../shared/kubernetes/conditions';
import type { Pod } from '../../../shared/kubernetes/objects';
import { addQuantities, compareQuantities } from '../../../shared/kubernetes/quantities';
import { add, maximum, type ResourceList } from './resource-list';

type Container = NonNullable<Pod['spec']>['containers'][number];
type Kind = 'requests' | 'limits';

/** What a pod may set for all its containers together (k8s.io/component-helpers/resource, IsSupportedPodLevelResource). */
function isPodLevel(name: string): boolean {
  return name === 'cpu' || name === 'memory' || name.startsWith('hugepages-');
}

/** Whether a pod sets resources for all its containers together. */
export function hasPodLevelResources({ spec }: Pod): boolean {
  return [spec?.resources?.requests, spec?.resources?.limits].some((list) => Object.keys(list ?? {}).some(isPodLevel));
}

/**
 * What a pod counts for, exactly (k8s.io/component-helpers/resource, PodRequests and PodLimits with UseStatusResources): while
 * it is being resized, the larger of what it has and what it is to have.
 */
export function podResources(pod: Pod, kind: Kind): ResourceList {
  const { spec } = pod;
  let sum: ResourceList = {};
  for (const container of spec?.containers ?? []) sum = add(sum, effective(pod, container, kind));
  let sidecars: ResourceList = {};
  let initial: ResourceList = {};
  for (const container of (spec?.initContainers ?? []) as readonly Container[]) {
    if (container.restartPolicy === 'Always') {
      const own = effective(pod, container, kind);
      sum = add(sum, own);
      sidecars = add(sidecars, own);
      initial = maximum(initial, sidecars);
    } else {
      // The sidecars started before it run beside it.
      initial = maximum(initial, add(container.resources?.[kind] ?? {}, sidecars));
    }
  }
  const total: Record<string, string> = { ...maximum(sum, initial) };
  for (const [name, quantity] of Object.entries(spec?.resources?.[kind] ?? {})) {
    if (isPodLevel(name)) total[name] = quantity;
  }
  if (kind === 'requests') return add(total, spec?.overhead ?? {});
  // What has no limit has none with the runtime's overhead either.
  for (const [name, quantity] of Object.entries(spec?.overhead ?? {})) {
    const present = total[name];
    if (present !== undefined && compareQuantities(present, '0') !== 0) total[name] = addQuantities(present, quantity);
  }
  return total;
}

function effective({ status }: Pod, container: Container, kind: Kind): ResourceList {
  const wanted = container.resources?.[kind] ?? {};
  const statuses = [...(status?.containerStatuses ?? []), ...(status?.initContainerStatuses ?? [])];
  const reported = statuses.find(({ name }) => name === container.name);
  if (reported?.resources === undefined) return wanted;
  const given = reported.resources[kind] ?? {};
  const actual = kind === 'requests' ? maximum(given, reported.allocatedResources ?? {}) : given;
  const infeasible = findCondition(status?.conditions, 'PodResizePending')?.reason === 'Infeasible';
  return infeasible ? actual : maximum(wanted, actual);
}
