import type { Service } from '../../../../shared/kubernetes/objects';
import { services } from '../../../../shared/kubernetes/resources';
import type { StrategyContext } from '../registry/definition';
import { failure, internalError, invalid as invalidObject } from '../status-errors';
import { invalid } from '../validation/field-error';
import { needsHealthCheck } from '../validation/service-traffic';
import { pickFree } from './pick-free';
import { specOf } from './pod-defaults';

type Spec = NonNullable<Service['spec']>;

const TAKEN = 'provided port is already allocated';

const onNodes = ({ type }: Spec) => type === 'NodePort' || type === 'LoadBalancer';
const byItself = ({ type, allocateLoadBalancerNodePorts }: Spec) =>
  type === 'NodePort' || (type === 'LoadBalancer' && allocateLoadBalancerNodePorts === true);

/** One operation on the ports of nodes (pkg/registry/core/service/portallocator, `PortAllocationOperation`). */
class NodePorts {
  readonly #context: StrategyContext;
  readonly #dryRun: boolean;
  readonly #stored = new Set<number>();
  readonly #allocated = new Set<number>();

  constructor(context: StrategyContext, dryRun: boolean) {
    this.#context = context;
    this.#dryRun = dryRun;
    for (const { spec = {} } of context.allStored(services)) {
      if (onNodes(spec)) for (const { nodePort } of spec.ports ?? []) if (nodePort) this.#stored.add(nodePort);
      if (needsHealthCheck(spec) && spec.healthCheckNodePort) this.#stored.add(spec.healthCheckNodePort);
    }
  }

  /** @returns why that cannot be. */
  allocate(port: number): string | undefined {
    const { nodePorts } = this.#context;
    if (!this.#dryRun && !nodePorts.contains(port)) {
      return `provided port is not in the valid range. The range of valid ports is ${nodePorts}`;
    }
    if (this.#stored.has(port) || this.#allocated.has(port)) return TAKEN;
    this.#allocated.add(port);
    return undefined;
  }

  /** @returns `undefined` when all are taken. In a dry run, a port that nobody can have. */
  next(): number | undefined {
    const { low, high, reserved } = this.#context.nodePorts;
    const port = this.#dryRun ? this.#pretend() : this.#pick(low + reserved, high);
    const found = port ?? this.#pick(low, low + reserved - 1);
    if (found !== undefined) this.#allocated.add(found);
    return found;
  }

  #pretend(): number {
    return Math.max(...(this.#allocated.size === 0 ? [this.#context.nodePorts.high + 1] : this.#allocated)) + 1;
  }

  #pick(low: number, high: number): number | undefined {
    const taken = new Set([...this.#stored, ...this.#allocated]);
    return pickFree(this.#context.random, low, high, taken, (port) => port);
  }
}

/** Gives a Service its ports of nodes (pkg/registry/core/service/storage, `txnAllocNodePorts` and `txnUpdateNodePorts`). */
export function allocateNodePorts(
  service: Service,
  old: Service | undefined,
  context: StrategyContext,
  dryRun: boolean,
): void {
  const spec = specOf(service);
  const ports = new NodePorts(context, dryRun);
  if (onNodes(spec)) {
    if (old === undefined) initPorts(service, ports);
    else updatePorts(service, specOf(old), ports);
  }
  if (needsHealthCheck(spec) && (old === undefined || !needsHealthCheck(specOf(old)))) allocateHealthCheck(spec, ports);
}

function ask(service: Service, ports: NodePorts, index: number, nodePort: number): number {
  const why = ports.allocate(nodePort);
  if (why === undefined) return nodePort;
  const error = invalid(`spec.ports[${index}].nodePort`, nodePort, why);
  throw invalidObject(services, service.metadata.name ?? '', [error]);
}

function take(ports: NodePorts): number {
  const port = ports.next();
  if (port === undefined) throw internalError('failed to allocate a nodePort: range is full');
  return port;
}

/** `initNodePorts`: the same port of two protocols gets one port of nodes. */
function initPorts(service: Service, allocator: NodePorts): void {
  const { ports = [], ...spec } = specOf(service);
  const given = new Map<number, number>();
  for (const [index, port] of ports.entries()) {
    if (!port.nodePort && !byItself(spec)) continue;
    const before = given.get(port.port);
    if (before === undefined) {
      const asked = ports.find((other) => other.port === port.port && other.nodePort)?.nodePort;
      port.nodePort = asked ? ask(service, allocator, index, asked) : take(allocator);
      given.set(port.port, port.nodePort);
    } else if (!port.nodePort) port.nodePort = before;
    else if (port.nodePort !== before) ask(service, allocator, index, port.nodePort);
  }
}

/** `updateNodePorts`. */
function updatePorts(service: Service, old: Spec, allocator: NodePorts): void {
  const { ports = [], ...spec } = specOf(service);
  const had = new Set(old.ports?.map(({ nodePort }) => nodePort));
  const given = new Set<string>();
  const asked = new Set<number>();
  for (const [index, port] of ports.entries()) {
    if (!port.nodePort) {
      if (!byItself(spec)) continue;
      port.nodePort = take(allocator);
    } else if (!had.has(port.nodePort) && !asked.has(port.nodePort)) {
      asked.add(ask(service, allocator, index, port.nodePort));
    }
    const text = `{${port.protocol} ${port.nodePort}}`;
    if (given.has(text)) throw failure(500, undefined, `duplicate nodePort: ${text}`);
    given.add(text);
  }
}

/** `allocHealthCheckNodePort`. */
function allocateHealthCheck(spec: Spec, ports: NodePorts): void {
  const asked = spec.healthCheckNodePort;
  if (!asked) {
    spec.healthCheckNodePort = ports.next();
    if (spec.healthCheckNodePort !== undefined) return;
    throw internalError('failed to allocate a HealthCheck NodePort 0: range is full');
  }
  const why = ports.allocate(asked);
  if (why !== undefined) throw internalError(`failed to allocate requested HealthCheck NodePort ${asked}: ${why}`);
}
