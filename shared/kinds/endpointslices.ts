import type { EndpointSlice } from '../kubernetes/objects';
import { endpointSlices } from '../kubernetes/resources';
import { listCell, ratioCell } from './cells';
import { defineKind, type Health, type Relation } from './kind';

function counts({ endpoints }: EndpointSlice): { ready: number; total: number } {
  const all = endpoints ?? [];
  // Unknown counts as ready (discovery/v1 EndpointConditions).
  return { ready: all.filter((endpoint) => endpoint.conditions?.ready ?? true).length, total: all.length };
}

function health(slice: EndpointSlice): Health {
  const { ready, total } = counts(slice);
  if (total === 0) return { state: 'warning', label: 'No endpoints', message: 'No pod stands behind the service.' };
  if (ready === 0) return { state: 'error', label: 'None ready' };
  return ready < total ? { state: 'progress', label: `${ready}/${total} ready` } : { state: 'ok', label: 'Ready' };
}

function relations({ metadata, endpoints }: EndpointSlice): Relation[] {
  const namespace = metadata.namespace ?? '';
  const service = metadata.labels?.['kubernetes.io/service-name'];
  const targets = (endpoints ?? []).flatMap(({ targetRef }) =>
    targetRef?.kind === 'Pod' && targetRef.name
      ? [{ role: 'Pods', kind: 'pods', namespace: targetRef.namespace ?? namespace, name: targetRef.name }]
      : [],
  );
  return service ? [{ role: 'Service', kind: 'services', namespace, name: service }, ...targets] : targets;
}

export const endpointSliceKind = defineKind<EndpointSlice>({
  resource: endpointSlices,
  title: 'Endpoint Slices',
  about: 'An endpoint slice lists the addresses that stand behind a service at this moment.',
  shortNames: [],
  group: 'network',
  columns: [
    {
      id: 'ready',
      title: 'Ready',
      type: 'ratio',
      width: 80,
      value: (slice) => {
        const { ready, total } = counts(slice);
        return ratioCell(ready, total);
      },
    },
    {
      id: 'service',
      title: 'Service',
      width: 170,
      linksTo: 'services',
      value: ({ metadata }) => metadata.labels?.['kubernetes.io/service-name'] ?? null,
    },
    { id: 'addressType', title: 'Type', width: 80, value: ({ addressType }) => addressType ?? null },
    {
      id: 'ports',
      title: 'Ports',
      type: 'list',
      width: 130,
      value: ({ ports }) => listCell(ports?.map(({ port, protocol }) => `${port ?? '*'}/${protocol ?? 'TCP'}`)),
    },
    {
      id: 'addresses',
      title: 'Addresses',
      type: 'list',
      width: 320,
      value: ({ endpoints }) => listCell((endpoints ?? []).flatMap((endpoint) => endpoint.addresses)),
    },
  ],
  health,
  relations,
});
