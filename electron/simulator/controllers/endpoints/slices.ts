import type { EndpointSlice } from '../../../../shared/kubernetes/objects';
import { equivalent } from '../equality';
import type { Port } from './addresses';

/** `--max-endpoints-per-slice`. */
const LARGEST = 100;

export type Endpoint = NonNullable<EndpointSlice['endpoints']>[number];

/** Endpoints that share their ports. */
export interface Group {
  readonly ports: readonly Port[];
  readonly endpoints: readonly Endpoint[];
}

/** What to do to a service's slices. */
export interface SliceChanges {
  readonly create: readonly Group[];
  readonly update: readonly EndpointSlice[];
  readonly remove: readonly EndpointSlice[];
}

/**
 * The fewest writes that bring the slices to the wanted endpoints: each stays in the slice that has it, new ones fill the
 * slices with room, and only what is left over makes new slices (staging/src/k8s.io/endpointslice/reconciler.go).
 */
export function planSlices(groups: readonly Group[], present: readonly EndpointSlice[]): SliceChanges {
  // A service without endpoints keeps one empty slice, so that readers can tell "none" from "not yet".
  const wanted = groups.length > 0 ? groups : [{ ports: [], endpoints: [] }];
  const create: Group[] = [];
  const update: EndpointSlice[] = [];
  const unused = new Set(present);
  for (const { ports, endpoints } of wanted) {
    const mine = present.filter((slice) => unused.has(slice) && equivalent(slice.ports ?? [], ports));
    const left = new Map(endpoints.map((endpoint) => [identity(endpoint), endpoint]));
    const kept = mine.map((slice) => {
      const staying: Endpoint[] = [];
      for (const each of slice.endpoints ?? []) {
        const now = left.get(identity(each));
        if (now === undefined) continue;
        staying.push(now);
        left.delete(identity(each));
      }
      return { slice, staying };
    });
    const arrivals = [...left.values()];
    // Fullest first, so that slices that thin out are emptied rather than topped up.
    for (const { staying } of [...kept].sort((a, b) => b.staying.length - a.staying.length)) {
      staying.push(...arrivals.splice(0, Math.max(0, LARGEST - staying.length)));
    }
    for (const { slice, staying } of kept) {
      if (staying.length === 0 && (endpoints.length > 0 || slice !== mine[0])) continue;
      unused.delete(slice);
      if (!equivalent(staying, slice.endpoints ?? [])) update.push({ ...slice, endpoints: staying });
    }
    if (endpoints.length === 0 && mine.length === 0) create.push({ ports, endpoints: [] });
    while (arrivals.length > 0) create.push({ ports, endpoints: arrivals.splice(0, LARGEST) });
  }
  // An emptied slice takes a new group's place instead of being deleted beside a creation.
  const remove = [...unused];
  const reused = create.splice(0, Math.min(create.length, remove.length));
  for (const group of reused) {
    const slice = remove.shift();
    if (slice !== undefined) update.push({ ...slice, ports: [...group.ports], endpoints: [...group.endpoints] });
  }
  return { create, update, remove };
}

function identity(endpoint: Endpoint): string {
  return `${endpoint.targetRef?.uid ?? ''} ${endpoint.addresses.join(',')}`;
}
