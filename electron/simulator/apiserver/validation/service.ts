import { dns1123SubdomainProblems } from '../../../../shared/kubernetes/label-syntax';
import type { Service } from '../../../../shared/kubernetes/objects';
import { type FieldError, forbidden, invalid, notSupported, required } from './field-error';
import { legacyAddressProblems, legacyCidrProblems, validateEndpointAddress } from './ip-addresses';
import { validateLabels } from './labels';
import { isHeadless, validateAddressChange, validateFamilyChange, validateServiceAddresses } from './service-addresses';
import { validateClass, validateDistinctPorts, validateNodePorts, validatePorts } from './service-ports';
import {
  validateExternalTraffic,
  validateExternalTrafficUpdate,
  validateInternalTraffic,
  validateTrafficDistribution,
} from './service-traffic';
import { invalidFor, oneOf } from './values';

type Spec = NonNullable<Service['spec']>;

const TYPES = ['ClusterIP', 'ExternalName', 'LoadBalancer', 'NodePort'];
/** A day: the longest that a client may stick to a pod. */
const LONGEST_AFFINITY = 86_400;
const TOPOLOGY_HINTS = 'service.kubernetes.io/topology-aware-hints';
const TOPOLOGY_MODE = 'service.kubernetes.io/topology-mode';
const SOURCE_RANGES = 'service.beta.kubernetes.io/load-balancer-source-ranges';
const ONLY_BALANCED = "may only be used when `type` is 'LoadBalancer'";

/** pkg/apis/core/validation, `validateService`: what holds for a new Service, and, knowing the old one, for a changed one. */
export function validateService(service: Service, old?: Service): FieldError[] {
  const { spec = {} } = service;
  const { ports = [] } = spec;
  return [
    ...validateTopology(service.metadata.annotations ?? {}),
    ...(ports.length === 0 && !isHeadless(spec) && spec.type !== 'ExternalName' ? [required('spec.ports')] : []),
    ...validateByType(spec),
    ...validatePorts(ports),
    ...validateLabels(spec.selector, 'spec.selector'),
    ...validateAffinity(spec),
    ...validateServiceAddresses(spec, old?.spec),
    ...validateExternalAddresses(spec, old?.spec?.externalIPs ?? []),
    ...oneOf(spec.type, TYPES, 'spec.type'),
    ...validateNodePorts(spec),
    ...validateDistinctPorts(ports),
    ...validateSourceRanges(service, old),
    ...(spec.allocateLoadBalancerNodePorts !== undefined && spec.type !== 'LoadBalancer'
      ? [forbidden('spec.allocateLoadBalancerNodePorts', ONLY_BALANCED)]
      : []),
    ...validateClass(spec),
    ...validateExternalTraffic(spec),
    ...validateInternalTraffic(spec),
    ...validateTrafficDistribution(spec),
  ];
}

/** `ValidateServiceUpdate`. */
export function validateServiceUpdate(service: Service, old: Service): FieldError[] {
  const { spec = {} } = service;
  const { spec: had = {} } = old;
  return [
    ...validateAddressChange(spec, had),
    ...validateFamilyChange(spec, had),
    ...validateClass(spec, had),
    ...validateExternalTrafficUpdate(spec, had),
    ...validateService(service, old),
  ];
}

function validateTopology(annotations: Readonly<Record<string, string>>): FieldError[] {
  const { [TOPOLOGY_MODE]: mode, [TOPOLOGY_HINTS]: hints } = annotations;
  if (mode === undefined || hints === undefined || mode === hints) return [];
  const why = `must match annotations[${TOPOLOGY_HINTS}] when both are specified`;
  return [invalid(`metadata.annotations[${TOPOLOGY_MODE}]`, mode, why)];
}

function validateByType(spec: Spec): FieldError[] {
  const { type } = spec;
  if (type === 'LoadBalancer' || type === 'NodePort') {
    if (!isHeadless(spec)) return [];
    return [invalid('spec.clusterIPs[0]', 'None', `may not be set to 'None' for ${type} services`)];
  }
  if (type !== 'ExternalName') return [];
  const why = 'may not be set for ExternalName services';
  // It may end with a dot, as a fully qualified name does.
  const name = (spec.externalName ?? '').replace(/\.$/, '');
  return [
    ...((spec.clusterIPs ?? []).length > 0 ? [forbidden('spec.clusterIPs', why)] : []),
    ...((spec.ipFamilies ?? []).length > 0 ? [forbidden('spec.ipFamilies', why)] : []),
    ...(spec.ipFamilyPolicy === undefined ? [] : [forbidden('spec.ipFamilyPolicy', why)]),
    ...(name === ''
      ? [required('spec.externalName')]
      : invalidFor('spec.externalName', name, dns1123SubdomainProblems)),
  ];
}

function validateAffinity({ sessionAffinity = '', sessionAffinityConfig }: Spec): FieldError[] {
  if (sessionAffinity === 'None') return [];
  if (sessionAffinity !== 'ClientIP') {
    return [notSupported('spec.sessionAffinity', sessionAffinity, ['ClientIP', 'None'])];
  }
  const { timeoutSeconds = 0 } = sessionAffinityConfig?.clientIP ?? {};
  if (timeoutSeconds > 0 && timeoutSeconds <= LONGEST_AFFINITY) return [];
  const why = `must be greater than 0 and less than ${LONGEST_AFFINITY}`;
  return [invalid('spec.sessionAffinityConfig.clientIP.timeoutSeconds', timeoutSeconds, why)];
}

function validateExternalAddresses({ externalIPs = [] }: Spec, had: readonly string[]): FieldError[] {
  return externalIPs.flatMap((address, index) => {
    const at = `spec.externalIPs[${index}]`;
    const malformed = had.includes(address) ? [] : invalidFor(at, address, legacyAddressProblems);
    return malformed.length > 0 ? malformed : validateEndpointAddress(address, at);
  });
}

/** Spaces around the ranges are allowed; upstream writes this field's name with a capital. */
function validateSourceRanges({ metadata, spec = {} }: Service, old: Service | undefined): FieldError[] {
  const misplaced = (at: string) => (spec.type === 'LoadBalancer' ? [] : [forbidden(at, ONLY_BALANCED)]);
  const { loadBalancerSourceRanges: ranges = [] } = spec;
  if (ranges.length > 0) {
    const at = 'spec.LoadBalancerSourceRanges';
    const had = (old?.spec?.loadBalancerSourceRanges ?? []).map((range) => range.trim());
    return [
      ...misplaced(at),
      ...ranges.flatMap((range, index) =>
        had.includes(range.trim()) ? [] : invalidFor(`${at}[${index}]`, range.trim(), legacyCidrProblems),
      ),
    ];
  }
  const annotated = metadata.annotations?.[SOURCE_RANGES];
  if (annotated === undefined) return [];
  const at = `metadata.annotations[${SOURCE_RANGES}]`;
  const unchanged = old?.metadata.annotations?.[SOURCE_RANGES] === annotated;
  if (unchanged || annotated.trim() === '') return misplaced(at);
  return [
    ...misplaced(at),
    ...annotated.split(',').flatMap((range) => invalidFor(at, range.trim(), legacyCidrProblems)),
  ];
}
