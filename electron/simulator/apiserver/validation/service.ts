import { dns1123LabelProblems, dns1123SubdomainProblems } from '../../../../shared/kubernetes/label-syntax';
import type { Service } from '../../../../shared/kubernetes/objects';
import { services } from '../../../../shared/kubernetes/resources';
import type { StrategyContext } from '../registry/definition';
import { NODE_PORT_RANGE, takenAddresses, takenNodePorts } from '../strategies/service-allocation';

import { duplicate, type FieldError, forbidden, invalid, required } from './field-error';
import { validateLabels } from './labels';
import { inRange, isIPv4, oneOf, portNumber, portOrName } from './values';

const TYPES = ['ClusterIP', 'ExternalName', 'LoadBalancer', 'NodePort'];
const PROTOCOLS = ['SCTP', 'TCP', 'UDP'];
/** A day: the longest that a client may stick to a pod. */
const LONGEST_AFFINITY = 86_400;

/** pkg/apis/core/validation, `ValidateService`, and what the allocators of addresses and ports refuse. */
export function validateService(service: Service, context: StrategyContext): FieldError[] {
  const spec = service.spec ?? {};
  const errors: FieldError[] = [];
  const ports = spec.ports ?? [];
  const headless = spec.clusterIP === 'None';
  if (ports.length === 0 && !headless && spec.type !== 'ExternalName') errors.push(required('spec.ports'));
  if (spec.type === 'ExternalName') {
    const name = (spec.externalName ?? '').replace(/\.$/, '');
    if (name === '') errors.push(required('spec.externalName'));
    else errors.push(...dns1123SubdomainProblems(name).map((problem) => invalid('spec.externalName', name, problem)));
    if (spec.clusterIP) errors.push(forbidden('spec.clusterIPs[0]', 'may not be set for ExternalName services'));
  }
  if (headless && (spec.type === 'NodePort' || spec.type === 'LoadBalancer')) {
    errors.push(invalid('spec.clusterIPs[0]', 'None', `may not be set to 'None' for ${spec.type} services`));
  }
  errors.push(...oneOf(spec.type, TYPES, 'spec.type'));
  errors.push(...validatePorts(ports, headless));
  errors.push(...validateLabels(spec.selector, 'spec.selector'));
  errors.push(...oneOf(spec.sessionAffinity, ['ClientIP', 'None'], 'spec.sessionAffinity'));
  const timeout = spec.sessionAffinityConfig?.clientIP?.timeoutSeconds;
  if (timeout !== undefined && inRange(timeout, 1, LONGEST_AFFINITY, '').length > 0) {
    errors.push(
      invalid(
        'spec.sessionAffinityConfig.clientIP.timeoutSeconds',
        timeout,
        `must be greater than 0 and less than ${LONGEST_AFFINITY}`,
      ),
    );
  }
  errors.push(...oneOf(spec.externalTrafficPolicy, ['Cluster', 'Local'], 'spec.externalTrafficPolicy'));
  errors.push(...oneOf(spec.internalTrafficPolicy, ['Cluster', 'Local'], 'spec.internalTrafficPolicy'));
  return errors.length > 0 ? errors : validateAllocation(service, context);
}

type Ports = NonNullable<NonNullable<Service['spec']>['ports']>;

function validatePorts(ports: Ports, headless: boolean): FieldError[] {
  const errors: FieldError[] = [];
  const names = new Set<string>();
  const taken = new Set<string>();
  for (const [index, port] of ports.entries()) {
    const at = `spec.ports[${index}]`;
    const name = port.name ?? '';
    if (name === '') {
      if (ports.length > 1) errors.push(required(`${at}.name`));
    } else {
      errors.push(...dns1123LabelProblems(name).map((problem) => invalid(`${at}.name`, name, problem)));
      if (names.has(name)) errors.push(duplicate(`${at}.name`, name));
      names.add(name);
    }
    errors.push(...portNumber(port.port ?? 0, `${at}.port`));
    errors.push(...oneOf(port.protocol, PROTOCOLS, `${at}.protocol`));
    if (!headless || port.targetPort !== undefined) errors.push(...portOrName(port.targetPort, `${at}.targetPort`));
    const identity = `${port.protocol}/${port.port}`;
    if (taken.has(identity)) errors.push(duplicate(at, { protocol: port.protocol, port: port.port }));
    taken.add(identity);
  }
  return errors;
}

function validateAllocation(service: Service, context: StrategyContext): FieldError[] {
  const spec = service.spec ?? {};
  const errors: FieldError[] = [];
  const { name = '', namespace } = service.metadata;
  const old = context.stored(services, namespace, name);
  const address = spec.clusterIP ?? '';
  if (address !== '' && address !== 'None' && address !== old?.spec?.clusterIP) {
    if (!isIPv4(address)) {
      errors.push(
        invalid('spec.clusterIPs[0]', address, 'must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)'),
      );
    } else if (!context.serviceRange.contains(address)) {
      const text = `failed to allocate IP ${address}: the provided IP (${address}) is not in the valid range. The range of valid IPs is ${context.serviceRange.cidr}`;
      errors.push(invalid('spec.clusterIPs', [address], text));
    } else if (takenAddresses(context, service).has(address)) {
      const text = `failed to allocate IP ${address}: provided IP is already allocated`;
      errors.push(invalid('spec.clusterIPs', [address], text));
    }
  }
  if (spec.type !== 'NodePort' && spec.type !== 'LoadBalancer') {
    for (const [index, port] of (spec.ports ?? []).entries()) {
      if (port.nodePort) {
        errors.push(forbidden(`spec.ports[${index}].nodePort`, "may not be used when `type` is 'ClusterIP'"));
      }
    }
    return errors;
  }
  const taken = takenNodePorts(context, service);
  for (const [index, { nodePort, protocol }] of (spec.ports ?? []).entries()) {
    if (!nodePort) continue;
    const at = `spec.ports[${index}].nodePort`;
    const [low, high] = NODE_PORT_RANGE;
    if (nodePort < low || nodePort > high) {
      errors.push(
        invalid(at, nodePort, `provided port is not in the valid range. The range of valid ports is ${low}-${high}`),
      );
    } else if (taken.has(nodePort)) errors.push(invalid(at, nodePort, 'provided port is already allocated'));
    const twin = (spec.ports ?? []).findIndex((port) => port.nodePort === nodePort && port.protocol === protocol);
    if (twin < index) errors.push(duplicate(at, { protocol, nodePort }));
  }
  return errors;
}

/** A Service keeps its address, unless it stops having one (`ValidateServiceClusterIPsRelatedFields`). */
export function validateServiceUpdate(service: Service, old: Service): FieldError[] {
  const type = service.spec?.type;
  const oldType = old.spec?.type;
  if (type === 'ExternalName' || oldType === 'ExternalName') return [];
  const address = service.spec?.clusterIP ?? '';
  const oldAddress = old.spec?.clusterIP ?? '';
  if (oldAddress === '' || address === oldAddress) return [];
  return [invalid('spec.clusterIPs[0]', service.spec?.clusterIPs ?? [address], 'may not change once set')];
}
