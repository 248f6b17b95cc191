import type { Service } from '../../../../shared/kubernetes/objects';
import type { TablePrinter } from '../registry/definition';
import { age, ageColumn, column, labelsText, nameColumn, nameOf, wide } from './columns';

/** Longer lists of load balancers' addresses are cut, unless asked for with `-o wide`; a Table has no such case. */
const LOAD_BALANCER_WIDTH = 16;

export const servicePrinter: TablePrinter<Service> = {
  columns: [
    nameColumn,
    column('Type', 'How the service is exposed.'),
    column('Cluster-IP', 'The virtual address of the service.'),
    column('External-IP', 'The addresses at which the service is reachable from outside.'),
    column('Port(s)', 'The ports that the service exposes.'),
    ageColumn,
    wide('Selector', 'The labels of the pods that traffic goes to.'),
  ],
  cells(service, now) {
    const spec = service.spec ?? {};
    return [
      nameOf(service),
      spec.type ?? '',
      spec.clusterIPs?.[0] ?? spec.clusterIP ?? '<none>',
      externalAddress(service),
      portsText(service),
      age(service, now),
      labelsText(spec.selector),
    ];
  },
};

function externalAddress(service: Service): string {
  const { type, externalIPs = [], externalName = '' } = service.spec ?? {};
  switch (type) {
    case 'ExternalName':
      return externalName;
    case 'LoadBalancer': {
      const addresses = (service.status?.loadBalancer?.ingress ?? []).map((entry) => entry.ip || entry.hostname || '');
      const text = [...new Set(addresses)].sort().join(',');
      const balancer = text.length > LOAD_BALANCER_WIDTH ? `${text.slice(0, LOAD_BALANCER_WIDTH - 3)}...` : text;
      if (externalIPs.length > 0) return [...(balancer === '' ? [] : [balancer]), ...externalIPs].join(',');
      return balancer === '' ? '<pending>' : balancer;
    }
    default:
      return externalIPs.length === 0 ? '<none>' : externalIPs.join(',');
  }
}

function portsText(service: Service): string {
  const ports = service.spec?.ports ?? [];
  if (ports.length === 0) return '<none>';
  return ports
    .map(({ port, nodePort, protocol }) => `${port}${nodePort ? `:${nodePort}` : ''}/${protocol ?? 'TCP'}`)
    .join(',');
}
