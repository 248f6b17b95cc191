import {
  dns1123LabelProblems,
  dns1123SubdomainProblems,
  labelValueProblems,
  qualifiedNameProblems,
} from '../../../../shared/kubernetes/label-syntax';
import type { EndpointSlice, Endpoints } from '../../../../shared/kubernetes/objects';
import { duplicate, type FieldError, invalid, required, tooMany } from './field-error';
import {
  addressProblems,
  addressWarnings,
  isIPv4Address,
  isIPv6Address,
  legacyAddressProblems,
  validateEndpointAddress,
} from './ip-addresses';
import { invalidFor, oneOf, portNumber } from './values';

type Subset = NonNullable<Endpoints['subsets']>[number];
type SubsetAddress = NonNullable<Subset['addresses']>[number];
type Endpoint = NonNullable<EndpointSlice['endpoints']>[number];

const PROTOCOLS = ['SCTP', 'TCP', 'UDP'];
const ADDRESS_TYPES = ['FQDN', 'IPv4', 'IPv6'];
const MOST_ENDPOINTS = 1000;
const MOST_ADDRESSES = 100;
const MOST_PORTS = 20_000;
const MOST_HINTS = 8;
/** Those that write slices, and mend the addresses that they copy. */
const CONTROLLERS = ['endpointslice-controller.k8s.io', 'endpointslicemirroring-controller.k8s.io'];

/** pkg/apis/core/validation, `validateEndpointSubsets`. */
export function validateEndpoints({ subsets = [] }: Endpoints): FieldError[] {
  return subsets.flatMap(({ addresses = [], notReadyAddresses = [], ports = [] }, index) => {
    const at = `subsets[${index}]`;
    return [
      ...(addresses.length === 0 && notReadyAddresses.length === 0
        ? [required(at, 'must specify `addresses` or `notReadyAddresses`')]
        : []),
      ...addresses.flatMap((address, place) => validateSubsetAddress(address, `${at}.addresses[${place}]`)),
      ...notReadyAddresses.flatMap((address, place) =>
        validateSubsetAddress(address, `${at}.notReadyAddresses[${place}]`),
      ),
      ...ports.flatMap(({ name, port, protocol, appProtocol }, place) => {
        const portAt = `${at}.ports[${place}]`;
        return [
          ...(name ? invalidFor(`${portAt}.name`, name, dns1123LabelProblems) : []),
          ...(!name && ports.length > 1 ? [required(`${portAt}.name`)] : []),
          ...portNumber(port ?? 0, `${portAt}.port`),
          ...oneOf(protocol, PROTOCOLS, `${portAt}.protocol`),
          ...(appProtocol === undefined ? [] : invalidFor(`${portAt}.appProtocol`, appProtocol, qualifiedNameProblems)),
        ];
      }),
    ];
  });
}

function validateSubsetAddress({ ip = '', hostname, nodeName }: SubsetAddress, path: string): FieldError[] {
  return [
    ...invalidFor(`${path}.ip`, ip, legacyAddressProblems),
    ...(hostname ? invalidFor(`${path}.hostname`, hostname, dns1123LabelProblems) : []),
    ...(nodeName === undefined ? [] : invalidFor(`${path}.nodeName`, nodeName, dns1123SubdomainProblems)),
    ...validateEndpointAddress(ip, `${path}.ip`),
  ];
}

/** @returns texts for `Warning` headers: addresses in unusual forms, unless the controller wrote them, which mends them. */
export function endpointsWarnings({ metadata, subsets = [] }: Endpoints): string[] {
  if (metadata.labels?.['endpoints.kubernetes.io/managed-by'] === 'endpoint-controller') return [];
  return subsets.flatMap((subset, index) =>
    (['addresses', 'notReadyAddresses'] as const).flatMap((field) =>
      (subset[field] ?? []).flatMap(({ ip = '' }, place) =>
        addressWarnings(ip, `subsets[${index}].${field}[${place}].ip`),
      ),
    ),
  );
}

/** pkg/apis/discovery/validation, `ValidateEndpointSlice`. */
export function validateEndpointSlice({ addressType, ports }: EndpointSlice): FieldError[] {
  return [
    ...(addressType ? oneOf(addressType, ADDRESS_TYPES, 'addressType') : [required('addressType')]),
    ...validateSlicePorts(ports ?? []),
  ];
}

/** The other half of it. */
export function validateSliceEndpoints({ addressType, ...slice }: EndpointSlice): FieldError[] {
  const endpoints = slice.endpoints ?? [];
  if (endpoints.length > MOST_ENDPOINTS) return [tooMany('endpoints', endpoints.length, MOST_ENDPOINTS)];
  return endpoints.flatMap((endpoint, index) => validateEndpoint(endpoint, addressType, `endpoints[${index}]`));
}

function validateSlicePorts(ports: NonNullable<EndpointSlice['ports']>): FieldError[] {
  if (ports.length > MOST_PORTS) return [tooMany('ports', ports.length, MOST_PORTS)];
  const names = new Set<string>();
  return ports.flatMap(({ name = '', protocol, appProtocol }, index) => {
    const at = `ports[${index}]`;
    const errors = name === '' ? [] : invalidFor(`${at}.name`, name, dns1123LabelProblems);
    if (names.has(name)) errors.push(duplicate(`${at}.name`, name));
    names.add(name);
    errors.push(...oneOf(protocol, PROTOCOLS, `${at}.protocol`));
    if (appProtocol !== undefined) errors.push(...invalidFor(`${at}.appProtocol`, appProtocol, qualifiedNameProblems));
    return errors;
  });
}

function validateEndpoint(endpoint: Endpoint, addressType: string, path: string): FieldError[] {
  const { addresses = [], nodeName, hostname, hints } = endpoint;
  const at = `${path}.addresses`;
  const errors: FieldError[] = [];
  if (addresses.length === 0) errors.push(required(at, 'must contain at least 1 address'));
  else if (addresses.length > MOST_ADDRESSES) errors.push(tooMany(at, addresses.length, MOST_ADDRESSES));
  errors.push(...addresses.flatMap((address, index) => validateAddress(address, addressType, at, `${at}[${index}]`)));
  if (nodeName !== undefined) errors.push(...invalidFor(`${path}.nodeName`, nodeName, dns1123SubdomainProblems));
  if (hostname !== undefined) errors.push(...invalidFor(`${path}.hostname`, hostname, dns1123LabelProblems));
  const { forZones = [], forNodes = [] } = hints ?? {};
  errors.push(...validateHints(forZones, `${path}.hints.forZones`, labelValueProblems));
  if (forZones.length <= MOST_HINTS) {
    errors.push(...validateHints(forNodes, `${path}.hints.forNodes`, dns1123SubdomainProblems));
  }
  return errors;
}

function validateAddress(address: string, type: string, listPath: string, path: string): FieldError[] {
  switch (type) {
    case 'IPv4':
    case 'IPv6': {
      // Only slices of IPv6 are younger than the strict reading.
      const malformed = invalidFor(path, address, type === 'IPv6' ? addressProblems : legacyAddressProblems);
      if (malformed.length > 0) return malformed;
      const fits = type === 'IPv4' ? isIPv4Address(address) : isIPv6Address(address);
      return [
        ...(fits ? [] : [invalid(listPath, address, `must be an ${type} address`)]),
        ...validateEndpointAddress(address, path),
      ];
    }
    case 'FQDN':
      return validateDomainName(address, path);
    default:
      return [];
  }
}

/** k8s.io/apimachinery/pkg/util/validation, `IsFullyQualifiedDomainName`. */
function validateDomainName(text: string, path: string): FieldError[] {
  if (text === '') return [required(path)];
  const name = text.endsWith('.') ? text.slice(0, -1) : text;
  const problems = dns1123SubdomainProblems(name);
  if (problems.length > 0) return [invalid(path, name, problems.join(','))];
  const labels = name.split('.');
  if (labels.length < 2) {
    return [invalid(path, name, 'should be a domain with at least two segments separated by dots')];
  }
  const bad = labels.find((label) => dns1123LabelProblems(label).length > 0);
  return bad === undefined ? [] : [invalid(path, bad, dns1123LabelProblems(bad).join(','))];
}

function validateHints(
  hints: readonly { name?: string }[],
  path: string,
  problems: (name: string) => string[],
): FieldError[] {
  if (hints.length > MOST_HINTS) return [tooMany(path, hints.length, MOST_HINTS)];
  const names = new Set<string>();
  return hints.flatMap(({ name = '' }, index) => {
    const at = `${path}[${index}].name`;
    const errors = names.has(name) ? [duplicate(at, name)] : [];
    names.add(name);
    return [...errors, ...invalidFor(at, name, problems)];
  });
}

/** @returns texts for `Warning` headers. */
export function endpointSliceWarnings({ metadata, addressType, endpoints }: EndpointSlice, isNew: boolean): string[] {
  const deprecated = isNew && addressType === 'FQDN' ? ['spec.addressType: FQDN endpoints are deprecated'] : [];
  const unusual = (endpoints ?? []).flatMap(({ addresses = [] }, index) =>
    addresses.flatMap((address, place) => addressWarnings(address, `endpoints[${index}].addresses[${place}]`)),
  );
  const manager = metadata.labels?.['endpointslice.kubernetes.io/managed-by'] ?? '';
  return [...deprecated, ...(addressType === 'FQDN' || CONTROLLERS.includes(manager) ? [] : unusual)];
}
