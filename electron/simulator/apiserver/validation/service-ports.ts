import { dns1123LabelProblems, qualifiedNameProblems } from '../../../../shared/kubernetes/label-syntax';
import type { Service } from '../../../../shared/kubernetes/objects';
import { duplicate, type FieldError, forbidden, invalid, required } from './field-error';
import { internalText } from './internal-text';
import { invalidFor, oneOf, portNumber, portOrName } from './values';

type Spec = NonNullable<Service['spec']>;
type Port = NonNullable<Spec['ports']>[number];

const PROTOCOLS = ['SCTP', 'TCP', 'UDP'];

/** Each port by itself (`validateServicePort`). */
export function validatePorts(ports: readonly Port[]): FieldError[] {
  const names = new Set<string>();
  return ports.flatMap(({ name = '', port = 0, protocol, targetPort, appProtocol }, index) => {
    const at = `spec.ports[${index}]`;
    const errors: FieldError[] = [];
    if (name !== '') {
      errors.push(...invalidFor(`${at}.name`, name, dns1123LabelProblems));
      if (names.has(name)) errors.push(duplicate(`${at}.name`, name));
      names.add(name);
    } else if (ports.length > 1) errors.push(required(`${at}.name`));
    errors.push(
      ...portNumber(port, `${at}.port`),
      ...oneOf(protocol, PROTOCOLS, `${at}.protocol`),
      ...portOrName(targetPort, `${at}.targetPort`),
    );
    if (appProtocol !== undefined) errors.push(...invalidFor(`${at}.appProtocol`, appProtocol, qualifiedNameProblems));
    return errors;
  });
}

/** The ports on nodes: none without a type that has them, none twice. */
export function validateNodePorts({ type, ports = [] }: Spec): FieldError[] {
  const errors: FieldError[] = [];
  if (type === 'ClusterIP') {
    for (const [index, { nodePort }] of ports.entries()) {
      if (nodePort) {
        errors.push(forbidden(`spec.ports[${index}].nodePort`, "may not be used when `type` is 'ClusterIP'"));
      }
    }
  }
  const taken = new Set<string>();
  for (const [index, { nodePort, protocol }] of ports.entries()) {
    if (!nodePort) continue;
    const key = `${protocol}/${nodePort}`;
    if (taken.has(key)) errors.push(duplicate(`spec.ports[${index}].nodePort`, nodePort));
    taken.add(key);
  }
  return errors;
}

/** No port of a protocol twice. */
export function validateDistinctPorts(ports: readonly Port[]): FieldError[] {
  const taken = new Set<string>();
  return ports.flatMap(({ port, protocol }, index) => {
    const key = `${protocol}/${port}`;
    const errors = taken.has(key)
      ? [duplicate(`spec.ports[${index}]`, internalText('ServicePort', { port, protocol }))]
      : [];
    taken.add(key);
    return errors;
  });
}

/** `validateLoadBalancerClassField`. */
export function validateClass({ type, loadBalancerClass }: Spec, old?: Spec): FieldError[] {
  const at = 'spec.loadBalancerClass';
  const errors: FieldError[] = [];
  if (type === 'LoadBalancer' && old?.type === type && old.loadBalancerClass !== loadBalancerClass) {
    errors.push(invalid(at, loadBalancerClass, 'may not change once set'));
  }
  if (loadBalancerClass === undefined) return errors;
  if (type === 'LoadBalancer') errors.push(...invalidFor(at, loadBalancerClass, qualifiedNameProblems));
  else errors.push(forbidden(at, "may only be used when `type` is 'LoadBalancer'"));
  return errors;
}
