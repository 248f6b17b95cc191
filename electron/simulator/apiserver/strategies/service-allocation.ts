import type { Service } from '../../../../shared/kubernetes/objects';
import { services } from '../../../../shared/kubernetes/resources';
import type { Random } from '../../random';
import type { StrategyContext } from '../registry/definition';
import { specOf } from './pod-defaults';

export const NODE_PORT_RANGE = [30_000, 32_767] as const;
const TRIES = 64;

/** pkg/apis/core/v1/defaults.go, `SetDefaults_Service`. */
export function applyServiceDefaults(service: Service): void {
  const spec = specOf(service);
  spec.sessionAffinity ||= 'None';
  if (spec.sessionAffinity === 'None') delete spec.sessionAffinityConfig;
  else if (spec.sessionAffinityConfig?.clientIP?.timeoutSeconds === undefined) {
    spec.sessionAffinityConfig = { clientIP: { timeoutSeconds: 10_800 } };
  }
  spec.type ||= 'ClusterIP';
  for (const port of spec.ports ?? []) {
    port.protocol ||= 'TCP';
    port.targetPort ||= port.port;
  }
  const external = spec.type === 'NodePort' || spec.type === 'LoadBalancer';
  if (external) spec.externalTrafficPolicy ||= 'Cluster';
  if (external || spec.type === 'ClusterIP') spec.internalTrafficPolicy ||= 'Cluster';
  if (spec.type === 'LoadBalancer') spec.allocateLoadBalancerNodePorts ??= true;
}

function* others(context: StrategyContext, service: Service): Iterable<Service> {
  for (const other of context.allStored(services)) {
    const { name, namespace } = other.metadata;
    if (name !== service.metadata.name || namespace !== service.metadata.namespace) yield other;
  }
}

/** The addresses of all other Services. */
export function takenAddresses(context: StrategyContext, service: Service): Set<string> {
  const taken = new Set<string>();
  for (const other of others(context, service)) for (const address of other.spec?.clusterIPs ?? []) taken.add(address);
  return taken;
}

/** The node ports of all other Services. */
export function takenNodePorts(context: StrategyContext, service: Service): Set<number> {
  const taken = new Set<number>();
  for (const other of others(context, service)) {
    for (const { nodePort } of other.spec?.ports ?? []) if (nodePort) taken.add(nodePort);
  }
  return taken;
}

/** A free number in [low, high], or `undefined` when all are taken. */
function pickFree<T>(
  random: Random,
  low: number,
  high: number,
  taken: ReadonlySet<T>,
  name: (n: number) => T,
): T | undefined {
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const candidate = name(random.integer(low, high + 1));
    if (!taken.has(candidate)) return candidate;
  }
  for (let number = low; number <= high; number++) if (!taken.has(name(number))) return name(number);
  return undefined;
}

/**
 * What an update leaves out stays as it was allocated (pkg/registry/core/service/storage, `patchAllocatedValues`), and what
 * its new type does not have goes.
 */
export function keepAllocated(service: Service, old: Service): void {
  const spec = specOf(service);
  const had = old.spec ?? {};
  if (spec.type === 'ExternalName') {
    // An address that merely came along from the old object is given back.
    if (spec.clusterIP === had.clusterIP) {
      for (const field of ['clusterIP', 'clusterIPs', 'ipFamilies', 'ipFamilyPolicy'] as const) delete spec[field];
    }
  } else if (had.type !== 'ExternalName') {
    if (!spec.clusterIP && had.clusterIP !== undefined) {
      spec.clusterIP = had.clusterIP;
      spec.clusterIPs = had.clusterIPs;
    }
    spec.ipFamilies ??= had.ipFamilies;
    spec.ipFamilyPolicy ??= had.ipFamilyPolicy;
  }
  const exposes = (type: string | undefined) => type === 'NodePort' || type === 'LoadBalancer';
  for (const port of spec.ports ?? []) {
    const before = had.ports?.find((item) => item.port === port.port && (item.protocol ?? 'TCP') === port.protocol);
    if (exposes(spec.type) && exposes(had.type)) port.nodePort ||= before?.nodePort;
    else if (!exposes(spec.type) && port.nodePort === before?.nodePort) delete port.nodePort;
  }
  if (!exposes(spec.type) && spec.externalTrafficPolicy === had.externalTrafficPolicy) {
    delete spec.externalTrafficPolicy;
    delete spec.allocateLoadBalancerNodePorts;
  }
}

function freeAddress(service: Service, context: StrategyContext): string | undefined {
  const { serviceRange: range, random } = context;
  const taken = takenAddresses(context, service);
  const pick = (low: number, high: number) => pickFree(random, low, high, taken, (index) => range.address(index));
  // When all others are taken, those that are kept back are given away as well.
  return pick(range.reserved, range.size - 2) ?? pick(1, range.reserved - 1);
}

/** Gives a Service its address and node ports, where it has none and needs some. */
export function allocate(service: Service, old: Service | undefined, context: StrategyContext): void {
  const spec = specOf(service);
  if (spec.type !== 'ExternalName') {
    const asked = spec.clusterIP || spec.clusterIPs?.[0];
    const address = asked || freeAddress(service, context);
    if (address !== undefined) {
      spec.clusterIP = address;
      spec.clusterIPs = [address];
    }
    spec.ipFamilies ??= ['IPv4'];
    spec.ipFamilyPolicy ??= 'SingleStack';
  }
  const needsPorts =
    spec.type === 'NodePort' || (spec.type === 'LoadBalancer' && spec.allocateLoadBalancerNodePorts !== false);
  if (!needsPorts) return;
  const taken = takenNodePorts(context, service);
  for (const port of old?.spec?.ports ?? []) if (port.nodePort) taken.add(port.nodePort);
  for (const port of spec.ports ?? []) if (port.nodePort) taken.add(port.nodePort);
  for (const port of spec.ports ?? []) {
    if (port.nodePort) continue;
    const [low, high] = NODE_PORT_RANGE;
    const free = pickFree(context.random, low, high, taken, (number) => number);
    if (free === undefined) return;
    port.nodePort = free;
    taken.add(free);
  }
}
