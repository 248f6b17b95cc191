import { isPodReady } from '../../../../shared/kubernetes/conditions';
import type { Endpoints, Pod, Service } from '../../../../shared/kubernetes/objects';
import { endpoints, pods, services } from '../../../../shared/kubernetes/resources';
import { isAlreadyExists, isNamespaceTerminating, isNotFound } from '../../../../shared/kubernetes/status-error';
import type { ComponentContext, ComponentDefinition } from '../../component';
import { type Informer, splitKey } from '../../informer';
import { Controller } from '../controller';
import { equivalent } from '../equality';
import {
  HEADLESS,
  hostnameUnder,
  isHeadless,
  isManaged,
  mayBeEndpoint,
  portsOn,
  selects,
  watchPods,
} from './addresses';

type Subset = NonNullable<Endpoints['subsets']>[number];
type Address = NonNullable<Subset['addresses']>[number];

const MANAGED_BY = 'endpoints.kubernetes.io/managed-by';
const MANAGER = 'endpoint-controller';
const OVER_CAPACITY = 'endpoints.kubernetes.io/over-capacity';
/** An Endpoints object holds no more addresses. */
const CAPACITY = 1000;

/** Keeps the legacy Endpoints beside the slices (pkg/controller/endpoint/endpoints_controller.go). */
class EndpointsController extends Controller {
  readonly #services: Informer<Service>;
  readonly #pods: Informer<Pod>;
  readonly #endpoints: Informer<Endpoints>;

  constructor(context: ComponentContext) {
    super('endpoints-controller', context);
    this.#services = this.primary(services);
    this.#pods = context.informers.for(pods);
    watchPods(context, this.#pods, (key) => this.enqueue(key));
    this.#endpoints = this.primary(endpoints);
  }

  protected async reconcile(key: string): Promise<void> {
    const { namespace, name } = splitKey(key);
    const service = this.#services.getByKey(key);
    const present = this.#endpoints.getByKey(key);
    const { client } = this.context;
    if (service === undefined) {
      if (present?.metadata.labels?.[MANAGED_BY] !== MANAGER) return;
      try {
        await client.delete(endpoints, namespace, name);
      } catch (error) {
        if (!isNotFound(error)) throw error;
      }
      return;
    }
    if (!isManaged(service)) return;
    const { subsets, truncated } = this.#subsets(service);
    const { [OVER_CAPACITY]: _, ...annotations } = present?.metadata.annotations ?? {};
    const metadata = {
      ...present?.metadata,
      name,
      ...(namespace === undefined ? {} : { namespace }),
      labels: {
        ...service.metadata.labels,
        [MANAGED_BY]: MANAGER,
        ...(isHeadless(service) ? { [HEADLESS]: '' } : {}),
      },
      annotations: truncated ? { ...annotations, [OVER_CAPACITY]: 'truncated' } : annotations,
    };
    const wanted: Endpoints = {
      apiVersion: 'v1',
      kind: 'Endpoints',
      metadata,
      ...(subsets.length === 0 ? {} : { subsets }),
    };
    if (present !== undefined) {
      if (!equivalent(subsets, present.subsets) || !equivalent(metadata, present.metadata)) {
        await client.update(endpoints, wanted);
      }
      return;
    }
    try {
      await client.create(endpoints, wanted);
    } catch (error) {
      if (!isAlreadyExists(error) && !isNamespaceTerminating(error)) throw error;
    }
  }

  #subsets(service: Service): { subsets: Subset[]; truncated: boolean } {
    const publishAll = service.spec?.publishNotReadyAddresses === true;
    const chosen = this.#pods
      .list(service.metadata.namespace)
      .filter((pod) => mayBeEndpoint(pod) && selects(service, pod))
      .filter((pod) => publishAll || pod.metadata.deletionTimestamp === undefined);
    const groups = new Map<string, Subset>();
    for (const pod of chosen.slice(0, CAPACITY)) {
      const ports = portsOn(service, pod).map(({ name, ...port }) => ({
        ...(name ? { name } : {}),
        ...port,
        port: port.port ?? 0,
      }));
      if (ports.length === 0 && !isHeadless(service)) continue;
      const key = JSON.stringify(ports);
      const subset = groups.get(key) ?? { ...(ports.length === 0 ? {} : { ports }) };
      const list = publishAll || isPodReady(pod) ? 'addresses' : 'notReadyAddresses';
      subset[list] = [...(subset[list] ?? []), addressOf(service, pod)];
      groups.set(key, subset);
    }
    const byAddress = (a: Address, b: Address) => (a.ip < b.ip ? -1 : 1);
    const subsets = [...groups.values()].map((subset) => ({
      ...subset,
      ...(subset.addresses === undefined ? {} : { addresses: subset.addresses.sort(byAddress) }),
      ...(subset.notReadyAddresses === undefined
        ? {}
        : { notReadyAddresses: subset.notReadyAddresses.sort(byAddress) }),
    }));
    return { subsets, truncated: chosen.length > CAPACITY };
  }
}

function addressOf(service: Service, pod: Pod): Address {
  const { name, namespace, uid } = pod.metadata;
  const hostname = hostnameUnder(service, pod);
  return {
    ip: pod.status?.podIP ?? '',
    ...(hostname === undefined ? {} : { hostname }),
    ...(pod.spec?.nodeName === undefined ? {} : { nodeName: pod.spec.nodeName }),
    targetRef: {
      kind: 'Pod',
      ...(namespace === undefined ? {} : { namespace }),
      ...(name === undefined ? {} : { name }),
      ...(uid === undefined ? {} : { uid }),
    },
  };
}

export const endpointsController: ComponentDefinition = {
  name: 'endpoints-controller',
  user: 'system:serviceaccount:kube-system:endpoint-controller',
  eventSource: { component: 'endpoint-controller' },
  create: (context) => new EndpointsController(context),
};
