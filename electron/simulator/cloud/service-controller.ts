import { messageOf } from '../../../shared/error-message';
import type { Node, Service } from '../../../shared/kubernetes/objects';
import { nodes, services } from '../../../shared/kubernetes/resources';
import { isNotFound } from '../../../shared/kubernetes/status-error';
import type { ComponentContext, ComponentDefinition } from '../component';
import { Controller } from '../controllers/controller';
import type { Informer } from '../informer';
import type { LoadBalancers } from './cloud';

const FINALIZER = 'service.kubernetes.io/load-balancer-cleanup';
/** Nodes with this label are no targets. */
const EXCLUDED = 'node.kubernetes.io/exclude-from-external-load-balancers';

interface Balancer {
  /** The Service as far as its load balancer depends on it. */
  readonly asked: string;
  /** Milliseconds since the epoch: when it is there. */
  readonly due: number;
  isThere: boolean;
  /** The nodes that it sends to. */
  targets: string;
}

/** Makes load balancers for the Services that want one (k8s.io/cloud-provider/controllers/service/controller.go). */
class ServiceController extends Controller {
  readonly #provider: LoadBalancers;
  readonly #services: Informer<Service>;
  readonly #nodes: Informer<Node>;
  /** By the Service's key. */
  readonly #balancers = new Map<string, Balancer>();

  constructor(context: ComponentContext, provider: LoadBalancers) {
    super('service-lb-controller', context);
    this.#provider = provider;
    this.#services = this.primary(services);
    this.#nodes = this.watch(nodes, () => {
      for (const key of this.#balancers.keys()) this.enqueue(key);
    });
  }

  protected async reconcile(key: string): Promise<void> {
    const service = this.#services.getByKey(key);
    if (service === undefined) {
      this.#balancers.delete(key);
      return;
    }
    const { events } = this.context;
    if (wantsOne(service) && service.metadata.deletionTimestamp === undefined) {
      try {
        await this.#ensure(key, service);
      } catch (error) {
        const text = `Error syncing load balancer: failed to ensure load balancer: ${messageOf(error)}`;
        events.event(service, 'Warning', 'SyncLoadBalancerFailed', text);
        this.#balancers.delete(key);
        throw error;
      }
    } else if (hasFinalizer(service)) await this.#remove(key, service);
  }

  async #ensure(key: string, service: Service): Promise<void> {
    const { events, random } = this.context;
    const asked = fingerprint(service);
    const targets = this.#targets();
    let balancer = this.#balancers.get(key);
    if (balancer === undefined || balancer.asked !== asked) {
      events.event(service, 'Normal', 'EnsuringLoadBalancer', 'Ensuring load balancer');
      const isNew = service.status?.loadBalancer?.ingress === undefined;
      const [least, most] = this.#provider.provisioning;
      const due = this.now + (isNew ? random.between(least, most) : 0);
      balancer = { asked, due, isThere: false, targets };
      this.#balancers.set(key, balancer);
      await this.#patch(service, { metadata: { finalizers: [...finalizersOf(service), FINALIZER] } });
      if (targets === '') this.#warnOfNone(service);
    }
    if (balancer.isThere) {
      if (balancer.targets === targets) return;
      balancer.targets = targets;
      if (targets === '') this.#warnOfNone(service);
      else events.event(service, 'Normal', 'UpdatedLoadBalancer', 'Updated load balancer with new hosts');
      return;
    }
    if (balancer.due > this.now) {
      this.enqueueAfter(key, balancer.due - this.now);
      return;
    }
    const point = this.#pointFor(service);
    balancer.isThere = true;
    events.event(service, 'Normal', 'EnsuredLoadBalancer', 'Ensured load balancer');
    await this.#patch(service, { status: { loadBalancer: { ingress: [point] } } });
  }

  /** What it is reached by: what it was, as long as that is what is asked for. */
  #pointFor(service: Service) {
    const { loadBalancerIP: wanted } = service.spec ?? {};
    const [present] = service.status?.loadBalancer?.ingress ?? [];
    if (present !== undefined && (wanted === undefined || present.ip === wanted)) return present;
    const others = this.#services.list().filter(({ metadata }) => metadata.uid !== service.metadata.uid);
    const taken = others.flatMap(({ status }) => status?.loadBalancer?.ingress ?? []);
    const balanced = { uid: service.metadata.uid ?? '', ...(wanted ? { wanted } : {}) };
    return this.#provider.addresses.take(balanced, taken);
  }

  async #remove(key: string, service: Service): Promise<void> {
    const { events } = this.context;
    // The API takes it from the status as soon as the Service has another type.
    if (this.#balancers.has(key) || service.status?.loadBalancer?.ingress !== undefined) {
      events.event(service, 'Normal', 'DeletingLoadBalancer', 'Deleting load balancer');
    }
    this.#balancers.delete(key);
    await this.#patch(service, {
      metadata: { finalizers: finalizersOf(service) },
      status: { loadBalancer: null },
    });
    events.event(service, 'Normal', 'DeletedLoadBalancer', 'Deleted load balancer');
  }

  /** Upstream, too, writes the finalizer by way of the status, which is all that it may write. */
  async #patch(service: Service, patch: { metadata?: object; status?: object }): Promise<void> {
    const { namespace, name = '', resourceVersion } = service.metadata;
    // A list of finalizers that was made from an old one must not undo another's.
    const precondition = patch.metadata === undefined ? {} : { metadata: { ...patch.metadata, resourceVersion } };
    try {
      await this.context.client.patch(
        services,
        namespace,
        name,
        'merge',
        { ...patch, ...precondition },
        { subresource: 'status' },
      );
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
  }

  #targets(): string {
    const able = this.#nodes
      .list()
      .filter(({ metadata, spec }) => metadata.labels?.[EXCLUDED] === undefined && spec?.providerID);
    return able
      .map(({ metadata }) => metadata.name ?? '')
      .sort()
      .join();
  }

  #warnOfNone(service: Service): void {
    const text = 'There are no available nodes for LoadBalancer';
    this.context.events.event(service, 'Warning', 'UnAvailableLoadBalancer', text);
  }
}

/** One of another class is another controller's. */
function wantsOne({ spec }: Service): boolean {
  return spec?.type === 'LoadBalancer' && spec.loadBalancerClass === undefined;
}

function hasFinalizer({ metadata }: Service): boolean {
  return metadata.finalizers?.includes(FINALIZER) === true;
}

/** Those of others. */
function finalizersOf({ metadata }: Service): string[] {
  return (metadata.finalizers ?? []).filter((finalizer) => finalizer !== FINALIZER);
}

/** What of a Service asks for another load balancer when it changes (`needsUpdate`). */
function fingerprint({ metadata, spec = {} }: Service): string {
  const { ports, sessionAffinity, sessionAffinityConfig, loadBalancerIP, loadBalancerSourceRanges } = spec;
  const { externalIPs, externalTrafficPolicy, healthCheckNodePort, ipFamilies } = spec;
  return JSON.stringify([
    ...[metadata.uid, metadata.annotations, ports, sessionAffinity, sessionAffinityConfig, loadBalancerIP],
    ...[loadBalancerSourceRanges, externalIPs, externalTrafficPolicy, healthCheckNodePort, ipFamilies?.length],
  ]);
}

export function serviceController(provider: LoadBalancers): ComponentDefinition {
  return {
    name: 'service-lb-controller',
    user: 'system:serviceaccount:kube-system:service-controller',
    eventSource: { component: 'service-controller' },
    create: (context) => new ServiceController(context, provider),
  };
}
