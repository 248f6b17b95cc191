import type { Service } from '../../../../shared/kubernetes/objects';
import { deepEqual } from '../json';
import { isExternallyAccessible, needsHealthCheck } from '../validation/service-traffic';
import { specOf } from './pod-defaults';

type Spec = NonNullable<Service['spec']>;

const hasAddress = ({ type }: Spec) => type !== 'ExternalName';
const ofNodes = ({ type }: Spec) => type === 'NodePort' || type === 'LoadBalancer';
const sameAddresses = (spec: Spec, old: Spec) => deepEqual(spec.clusterIPs ?? [], old.clusterIPs ?? []);
const portsOf = ({ ports = [] }: Spec) => ports.flatMap(({ nodePort }) => nodePort || []);

/** What an update leaves out stays as it was allocated (pkg/registry/core/service/storage, `patchAllocatedValues`). */
export function keepAllocated(service: Service, old: Service): void {
  const spec = specOf(service);
  const had = specOf(old);
  if (hasAddress(spec) && hasAddress(had)) {
    if (had.clusterIP) spec.clusterIP ||= had.clusterIP;
    if (had.clusterIPs?.length && !spec.clusterIPs?.length) spec.clusterIPs = had.clusterIPs;
  }
  if (allocatesPorts(spec) && allocatesPorts(had)) keepNodePorts(spec, had);
  if (needsHealthCheck(spec) && needsHealthCheck(had)) spec.healthCheckNodePort ||= had.healthCheckNodePort;
}

const allocatesPorts = ({ type, allocateLoadBalancerNodePorts }: Spec) =>
  type === 'NodePort' || (type === 'LoadBalancer' && allocateLoadBalancerNodePorts !== false);

/** A port keeps its port of nodes by its name, unless another port has been given that. */
function keepNodePorts(spec: Spec, old: Spec): void {
  const given = portsOf(spec);
  const used = new Set(portsOf(old).filter((port) => given.includes(port)));
  const byName = new Map(old.ports?.map(({ name = '', nodePort }) => [name, nodePort]));
  for (const port of spec.ports ?? []) {
    const had = byName.get(port.name ?? '');
    if (had && !port.nodePort && !used.has(had)) port.nodePort = had;
  }
}

/** One address can be said in two ways; older clients know but the first (`normalizeClusterIPs`). */
export function matchAddresses(service: Service, old: Service | undefined): void {
  const spec = specOf(service);
  const { clusterIP = '' } = spec;
  if (old === undefined) {
    if (clusterIP !== '' && !spec.clusterIPs?.length) spec.clusterIPs = [clusterIP];
    return;
  }
  const had = specOf(old);
  if (clusterIP === (had.clusterIP ?? '')) {
    if (had.clusterIPs?.length && !spec.clusterIPs?.length) spec.clusterIPs = had.clusterIPs;
  } else if (sameAddresses(spec, had)) {
    if (had.clusterIP && clusterIP === '') delete spec.clusterIPs;
    else spec.clusterIPs = [clusterIP];
  }
}

/**
 * What a Service's new type does not have goes, where the client left it as it was (pkg/registry/core/service/strategy.go,
 * `dropTypeDependentFields`). What it changed is refused later.
 */
export function dropTypeDependent(service: Service, old: Service): void {
  const spec = specOf(service);
  const had = specOf(old);
  if (hasAddress(had) && !hasAddress(spec)) {
    if ((spec.clusterIP ?? '') === (had.clusterIP ?? '') && sameAddresses(spec, had)) {
      delete spec.clusterIP;
      delete spec.clusterIPs;
    }
    if (deepEqual(spec.ipFamilies, had.ipFamilies)) delete spec.ipFamilies;
    if (spec.ipFamilyPolicy === had.ipFamilyPolicy) delete spec.ipFamilyPolicy;
  }
  const oldPorts = portsOf(had);
  if (ofNodes(had) && !ofNodes(spec) && portsOf(spec).every((port) => oldPorts.includes(port))) {
    for (const port of spec.ports ?? []) delete port.nodePort;
  }
  const drop = (member: keyof Spec, applies: (spec: Spec) => boolean) => {
    if (applies(had) && !applies(spec) && spec[member] === had[member]) delete spec[member];
  };
  const balanced = ({ type }: Spec) => type === 'LoadBalancer';
  drop('healthCheckNodePort', needsHealthCheck);
  drop('allocateLoadBalancerNodePorts', balanced);
  drop('loadBalancerClass', balanced);
  drop('externalTrafficPolicy', isExternallyAccessible);
  if (!balanced(spec)) service.status = { ...service.status, loadBalancer: {} };
}
