import type { Service } from '../../../../shared/kubernetes/objects';
import type { TablePrinter } from '../registry/definition';
import { age, ageColumn, column, labelsText, nameColumn, nameOf, wide } from './columns';

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
      const all = [...new Set(addresses)].sort().concat(externalIPs);
      return all.length === 0 ? '<pending>' : all.join(',');
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
