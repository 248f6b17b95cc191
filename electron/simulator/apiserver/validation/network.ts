import {
  dns1123SubdomainProblems,
  portNameProblems,
  qualifiedNameProblems,
} from '../../../../shared/kubernetes/label-syntax';
import type { EndpointSlice, Ingress, NetworkPolicy } from '../../../../shared/kubernetes/objects';
import { duplicate, type FieldError, forbidden, invalid, notSupported, required, tooMany } from './field-error';
import { validateLabelSelector } from './labels';
import { isIPv4, oneOf, portNumber } from './values';

const PROTOCOLS = ['SCTP', 'TCP', 'UDP'];
const PATH_TYPES = ['Exact', 'ImplementationSpecific', 'Prefix'];
const MOST_ENDPOINTS = 1000;

type Backend = NonNullable<NonNullable<Ingress['spec']>['defaultBackend']>;

/** pkg/apis/networking/validation, `ValidateIngressSpec`. */
export function validateIngress({ spec }: Ingress): FieldError[] {
  const rules = spec?.rules ?? [];
  if (rules.length === 0 && spec?.defaultBackend === undefined) {
    return [invalid('spec', rules, 'either `defaultBackend` or `rules` must be specified')];
  }
  const errors: FieldError[] = [];
  if (spec?.defaultBackend !== undefined) errors.push(...validateBackend(spec.defaultBackend, 'spec.defaultBackend'));
  for (const [index, rule] of rules.entries()) {
    const at = `spec.rules[${index}]`;
    if (rule.host) {
      const host = rule.host.startsWith('*.') ? rule.host.slice(2) : rule.host;
      if (isIPv4(host)) errors.push(invalid(`${at}.host`, rule.host, 'must be a DNS name, not an IP address'));
      errors.push(...dns1123SubdomainProblems(host).map((problem) => invalid(`${at}.host`, rule.host, problem)));
    }
    for (const [place, path] of (rule.http?.paths ?? []).entries()) {
      const pathAt = `${at}.http.paths[${place}]`;
      if (!path.pathType) errors.push(required(`${pathAt}.pathType`, 'pathType must be specified'));
      else if (!PATH_TYPES.includes(path.pathType)) {
        errors.push(notSupported(`${pathAt}.pathType`, path.pathType, PATH_TYPES));
      } else if (path.pathType !== 'ImplementationSpecific' || path.path) {
        if (!path.path?.startsWith('/')) {
          errors.push(invalid(`${pathAt}.path`, path.path ?? '', 'must be an absolute path'));
        }
      }
      errors.push(...validateBackend(path.backend ?? {}, `${pathAt}.backend`));
    }
  }
  return errors;
}

function validateBackend({ service, resource }: Backend, path: string): FieldError[] {
  if (service !== undefined && resource !== undefined) {
    return [invalid(path, '', 'cannot set both resource and service backends')];
  }
  if (resource !== undefined) return [];
  if (service === undefined) return [required(path, 'resource or service backend is required')];
  const errors: FieldError[] = [];
  if (!service.name) errors.push(required(`${path}.service.name`));
  const { name, number } = service.port ?? {};
  if (name && number) errors.push(invalid(path, '', 'cannot set both port name & port number'));
  else if (name)
    errors.push(...portNameProblems(name).map((problem) => invalid(`${path}.service.port.name`, name, problem)));
  else if (number) errors.push(...portNumber(number, `${path}.service.port.number`));
  else errors.push(required(path, 'port name or number is required'));
  return errors;
}

/** pkg/apis/networking/validation, `ValidateNetworkPolicySpec`. */
export function validateNetworkPolicy({ spec }: NetworkPolicy): FieldError[] {
  const errors = validateLabelSelector(spec?.podSelector, 'spec.podSelector');
  const rules = [
    ...(spec?.ingress ?? []).map((rule, index) => ({
      at: `spec.ingress[${index}]`,
      peers: rule.from,
      field: 'from',
      ports: rule.ports,
    })),
    ...(spec?.egress ?? []).map((rule, index) => ({
      at: `spec.egress[${index}]`,
      peers: rule.to,
      field: 'to',
      ports: rule.ports,
    })),
  ];
  for (const { at, peers, field, ports } of rules) {
    for (const [index, port] of (ports ?? []).entries()) {
      const portAt = `${at}.ports[${index}]`;
      errors.push(...oneOf(port.protocol, PROTOCOLS, `${portAt}.protocol`));
      if (typeof port.port === 'number') {
        errors.push(...portNumber(port.port, `${portAt}.port`));
        if (port.endPort !== undefined && port.endPort < port.port) {
          errors.push(invalid(`${portAt}.endPort`, port.port, 'must be greater than or equal to `port`'));
        }
      } else if (port.endPort !== undefined) {
        errors.push(
          port.port === undefined
            ? required(`${portAt}.port`, 'must be specified when `endPort` is specified')
            : invalid(`${portAt}.endPort`, port.endPort, 'may not be specified when `port` is non-numeric'),
        );
      }
    }
    for (const [index, peer] of (peers ?? []).entries()) {
      const peerAt = `${at}.${field}[${index}]`;
      const kinds =
        Number(peer.podSelector !== undefined || peer.namespaceSelector !== undefined) +
        Number(peer.ipBlock !== undefined);
      if (kinds === 0) errors.push(required(peerAt, 'must specify a peer'));
      else if (kinds > 1) errors.push(forbidden(peerAt, 'may not specify both ipBlock and another peer'));
      errors.push(...validateLabelSelector(peer.podSelector, `${peerAt}.podSelector`));
      errors.push(...validateLabelSelector(peer.namespaceSelector, `${peerAt}.namespaceSelector`));
      if (peer.ipBlock !== undefined && !peer.ipBlock.cidr) errors.push(required(`${peerAt}.ipBlock.cidr`));
    }
  }
  const types = spec?.policyTypes ?? [];
  for (const [index, type] of types.entries()) {
    if (type !== 'Ingress' && type !== 'Egress') {
      errors.push(notSupported(`spec.policyTypes[${index}]`, type, ['Egress', 'Ingress']));
    }
  }
  return errors;
}

/** pkg/apis/discovery/validation, `ValidateEndpointSlice`. */
export function validateEndpointSlice(slice: EndpointSlice): FieldError[] {
  const errors: FieldError[] = [];
  if (!slice.addressType) errors.push(required('addressType'));
  else errors.push(...oneOf(slice.addressType, ['FQDN', 'IPv4', 'IPv6'], 'addressType'));
  const endpoints = slice.endpoints ?? [];
  if (endpoints.length > MOST_ENDPOINTS) {
    return [...errors, tooMany('endpoints', endpoints.length, MOST_ENDPOINTS)];
  }
  for (const [index, endpoint] of endpoints.entries()) {
    const at = `endpoints[${index}]`;
    if ((endpoint.addresses ?? []).length === 0) {
      errors.push(required(`${at}.addresses`, 'must contain at least 1 address'));
    }
    if (slice.addressType === 'IPv4') {
      for (const [place, address] of (endpoint.addresses ?? []).entries()) {
        if (!isIPv4(address)) {
          errors.push(invalid(`${at}.addresses[${place}]`, address, 'must be a valid IPv4 address'));
        }
      }
    }
  }
  const names = new Set<string>();
  for (const [index, port] of (slice.ports ?? []).entries()) {
    const name = port.name ?? '';
    if (name !== '') {
      errors.push(...qualifiedNameProblems(name).map((problem) => invalid(`ports[${index}].name`, name, problem)));
    }
    if (names.has(name)) errors.push(duplicate(`ports[${index}].name`, name));
    names.add(name);
    errors.push(...oneOf(port.protocol, PROTOCOLS, `ports[${index}].protocol`));
  }
  return errors;
}
