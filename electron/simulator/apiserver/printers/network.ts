import type {
  EndpointSlice,
  Endpoints,
  Ingress,
  IngressClass,
  IPAddress,
  NetworkPolicy,
  ServiceCIDR,
} from '../../../../shared/kubernetes/objects';
import { formatLabelSelector } from '../../../../shared/kubernetes/selectors';
import type { TablePrinter } from '../registry/definition';
import { age, type Cell, column, nameColumn, nameOf, orNone, simplePrinter } from './columns';

/** Lists are cut after so many entries, with the number of those left out. */
const MOST_ENTRIES = 3;

function cut(entries: readonly string[], total = entries.length): string {
  const shown = entries.slice(0, MOST_ENTRIES).join(',');
  return total > MOST_ENTRIES ? `${shown} + ${total - MOST_ENTRIES} more...` : shown;
}

export const endpointsPrinter = simplePrinter<Endpoints>(
  [column('Endpoints', 'The addresses and ports of the endpoints.')],
  (endpoints) => {
    const all = (endpoints.subsets ?? []).flatMap(({ addresses = [], ports = [] }) =>
      ports.length === 0
        ? addresses.map(({ ip }) => ip)
        : ports.flatMap(({ port }) => addresses.map(({ ip }) => hostPort(ip, port))),
    );
    return [endpoints.subsets === undefined || endpoints.subsets.length === 0 ? '<none>' : cut(all)];
  },
);

function hostPort(ip: string, port: number): string {
  return ip.includes(':') ? `[${ip}]:${port}` : `${ip}:${port}`;
}

export const endpointSlicePrinter = simplePrinter<EndpointSlice>(
  [
    column('AddressType', 'The type of address carried by this slice.'),
    column('Ports', 'The ports of the endpoints.'),
    column('Endpoints', 'The addresses of the endpoints.'),
  ],
  (slice) => {
    const ports = (slice.ports ?? []).map(({ name, port }) => (port === undefined ? (name ?? '*') : String(port)));
    const addresses = (slice.endpoints ?? []).flatMap((endpoint) => endpoint.addresses);
    return [
      slice.addressType,
      ports.length === 0 ? '<unset>' : cut(ports),
      addresses.length === 0 ? '<unset>' : cut(addresses),
    ];
  },
);

export const ingressPrinter = simplePrinter<Ingress>(
  [
    column('Class', 'The name of the IngressClass resource that should be used for additional configuration'),
    column('Hosts', 'Hosts that incoming requests are matched against before the ingress rule'),
    column('Address', 'Address is a list containing ingress points for the load-balancer'),
    column('Ports', 'Ports of TLS configurations that open'),
  ],
  (ingress) => {
    const hosts = (ingress.spec?.rules ?? []).map((rule) => rule.host ?? '').filter((host) => host !== '');
    const points = ingress.status?.loadBalancer?.ingress ?? [];
    return [
      orNone(ingress.spec?.ingressClassName),
      hosts.length === 0 ? '*' : cut(hosts),
      [...new Set(points.map((point) => point.ip || point.hostname || ''))].sort().join(','),
      (ingress.spec?.tls ?? []).length > 0 ? '80, 443' : '80',
    ];
  },
);

export const ingressClassPrinter = simplePrinter<IngressClass>(
  [
    column('Controller', 'Controller that is responsible for handling this class'),
    column('Parameters', 'A reference to a resource with additional parameters'),
  ],
  ({ spec }) => {
    const parameters = spec?.parameters;
    const text =
      parameters && `${parameters.kind}${parameters.apiGroup ? `.${parameters.apiGroup}` : ''}/${parameters.name}`;
    return [spec?.controller ?? '', orNone(text)];
  },
);

export const networkPolicyPrinter = simplePrinter<NetworkPolicy>(
  [column('Pod-Selector', 'The pods that the policy applies to.')],
  (policy) => [orNone(formatLabelSelector(policy.spec?.podSelector ?? {}))],
);

export const ipAddressPrinter: TablePrinter<IPAddress> = {
  columns: [nameColumn, column('ParentRef', 'What the address is attached to.')],
  // Upstream gives the age in a column that it does not announce.
  cells(address, now): Cell[] {
    const { group, resource, namespace, name } = address.spec?.parentRef ?? {};
    const kind = `${resource ?? ''}${group ? `.${group}` : ''}`.toLowerCase();
    const parent = address.spec?.parentRef && [kind, ...(namespace ? [namespace] : []), name ?? ''].join('/');
    return [nameOf(address), orNone(parent), age(address, now)];
  },
};

export const serviceCidrPrinter = simplePrinter<ServiceCIDR>(
  [column('CIDRs', 'The ranges that Services get their addresses from.')],
  ({ spec }) => [(spec?.cidrs ?? []).join(',')],
);
