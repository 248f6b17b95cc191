import type { Service } from '../kubernetes/objects';
import { services } from '../kubernetes/resources';
import { labelsCell, listCell, statusColumn } from './cells';
import { defineKind, type Health } from './kind';
import { selected } from './workload';

/** Addresses from outside, as kubectl's EXTERNAL-IP column. */
function externalAddresses({ spec, status }: Service): string[] {
  if (spec?.type === 'ExternalName') return spec.externalName ? [spec.externalName] : [];
  const balanced = (status?.loadBalancer?.ingress ?? []).map((ingress) => ingress.ip ?? ingress.hostname ?? '');
  return [...balanced, ...(spec?.externalIPs ?? [])].filter((address) => address !== '');
}

function health(service: Service): Health {
  if (service.spec?.type === 'LoadBalancer' && externalAddresses(service).length === 0) {
    return { state: 'progress', label: 'Pending', message: 'No load balancer has given it an address yet.' };
  }
  return { state: 'ok', label: 'Active' };
}

export const serviceKind = defineKind<Service>({
  resource: services,
  title: 'Services',
  about: 'A service gives a changing set of pods one name and one address, and spreads the connections over them.',
  shortNames: ['svc'],
  group: 'network',
  columns: [
    statusColumn((service) => health(service).label, 110),
    { id: 'type', title: 'Type', width: 120, value: ({ spec }) => spec?.type ?? null },
    { id: 'clusterIp', title: 'Cluster IP', width: 130, value: ({ spec }) => spec?.clusterIP || null },
    {
      id: 'externalIp',
      title: 'External IP',
      type: 'list',
      width: 150,
      value: (service) => listCell(externalAddresses(service)),
    },
    {
      id: 'ports',
      title: 'Ports',
      type: 'list',
      width: 180,
      value: ({ spec }) =>
        listCell(
          spec?.ports?.map(
            ({ port, nodePort, protocol }) => `${port}${nodePort ? `:${nodePort}` : ''}/${protocol ?? 'TCP'}`,
          ),
        ),
    },
    { id: 'selector', title: 'Selector', type: 'list', width: 200, value: ({ spec }) => labelsCell(spec?.selector) },
  ],
  health,
  selections: (service) => [
    ...selected(service, 'Pods', 'pods', service.spec?.selector && { matchLabels: service.spec.selector }),
    {
      role: 'Endpoint slices',
      kind: 'endpointslices.discovery.k8s.io',
      namespace: service.metadata.namespace ?? '',
      labelSelector: `kubernetes.io/service-name=${service.metadata.name}`,
    },
  ],
});
