import { isPodReady } from '../../../../shared/kubernetes/conditions';
import type { EndpointSlice, Node, Pod, Service } from '../../../../shared/kubernetes/objects';
import { controllerReference } from '../../../../shared/kubernetes/owners';
import { endpointSlices, nodes, pods, services } from '../../../../shared/kubernetes/resources';
import { isAlreadyExists, isNamespaceTerminating, isNotFound } from '../../../../shared/kubernetes/status-error';
import type { ComponentContext, ComponentDefinition } from '../../component';
import type { Informer } from '../../informer';
import type { Family } from '../../network/service-range';
import { Controller } from '../controller';
import { equivalent } from '../equality';
import {
  HEADLESS,
  hostnameUnder,
  isHeadless,
  isManaged,
  mayBeEndpoint,
  type Port,
  portsOn,
  SERVICE_NAME,
  selects,
  watchPods,
} from './addresses';
import { type Endpoint, type Group, planSlices } from './slices';

const MANAGED_BY = 'endpointslice.kubernetes.io/managed-by';
const MANAGER = 'endpointslice-controller.k8s.io';
const ZONE = 'topology.kubernetes.io/zone';

/** Lists each Service's pods in EndpointSlices (pkg/controller/endpointslice/endpointslice_controller.go). */
class EndpointSliceController extends Controller {
  readonly #services: Informer<Service>;
  readonly #pods: Informer<Pod>;
  readonly #nodes: Informer<Node>;
  readonly #slices: Informer<EndpointSlice>;
  /** Slices that were made and that the cache has not shown yet, by service key. */
  readonly #awaited = new Map<string, Set<string>>();

  constructor(context: ComponentContext) {
    super('endpointslice-controller', context);
    this.#services = this.primary(services);
    this.#pods = context.informers.for(pods);
    watchPods(context, this.#pods, (key) => this.enqueue(key));
    this.#nodes = context.informers.for(nodes);
    this.#slices = this.watch(endpointSlices, (slice) => {
      if (slice.metadata.labels?.[MANAGED_BY] !== MANAGER) return;
      const key = serviceKeyOf(slice);
      this.#awaited.get(key)?.delete(slice.metadata.name ?? '');
      this.enqueue(key);
    });
    this.#slices.addIndex('service', (slice) => [serviceKeyOf(slice)]);
  }

  protected async reconcile(key: string): Promise<void> {
    const service = this.#services.getByKey(key);
    // The slices of a deleted service go with their owner.
    if (service === undefined) {
      this.#awaited.delete(key);
      return;
    }
    if (!isManaged(service) || service.metadata.deletionTimestamp !== undefined) return;
    // Counting from a cache that lacks a slice just made would make it twice; its arrival calls again.
    if ((this.#awaited.get(key)?.size ?? 0) > 0) return;
    const present = this.#slices
      .byIndex('service', key)
      .filter(({ metadata }) => metadata.labels?.[MANAGED_BY] === MANAGER && metadata.deletionTimestamp === undefined);
    const families = familiesOf(service);
    for (const family of families) {
      const its = present.filter(({ addressType }) => addressType === family);
      await this.#reconcileFamily(key, service, family, its);
    }
    // A Service that has given a family up has no endpoints of it.
    await this.#remove(present.filter(({ addressType }) => !families.some((family) => family === addressType)));
  }

  async #reconcileFamily(
    key: string,
    service: Service,
    family: Family,
    present: readonly EndpointSlice[],
  ): Promise<void> {
    const labels = labelsFor(service);
    const { create, update, remove } = planSlices(this.#groups(service, family), present);
    const { client } = this.context;
    const touched = new Set(update.map(({ metadata }) => metadata.uid));
    const relabelled = present.filter(
      (slice) =>
        !touched.has(slice.metadata.uid) && !remove.includes(slice) && !equivalent(slice.metadata.labels, labels),
    );
    for (const slice of [...update, ...relabelled]) {
      await client.update(endpointSlices, { ...slice, metadata: { ...slice.metadata, labels } });
    }
    for (const group of create) await this.#create(key, service, labels, family, group);
    await this.#remove(remove);
  }

  async #remove(slices: readonly EndpointSlice[]): Promise<void> {
    for (const { metadata } of slices) {
      try {
        await this.context.client.delete(endpointSlices, metadata.namespace, metadata.name ?? '');
      } catch (error) {
        if (!isNotFound(error)) throw error;
      }
    }
  }

  async #create(
    key: string,
    service: Service,
    labels: Record<string, string>,
    family: Family,
    group: Group,
  ): Promise<void> {
    const { name, namespace } = service.metadata;
    try {
      const created = await this.context.client.create(endpointSlices, {
        apiVersion: 'discovery.k8s.io/v1',
        kind: 'EndpointSlice',
        metadata: {
          generateName: `${name}-`,
          ...(namespace === undefined ? {} : { namespace }),
          labels,
          ownerReferences: [controllerReference(service, services)],
        },
        addressType: family,
        endpoints: [...group.endpoints],
        ports: [...group.ports],
      });
      const awaited = this.#awaited.get(key) ?? new Set();
      if (this.#slices.get(namespace, created.metadata.name ?? '') === undefined) {
        awaited.add(created.metadata.name ?? '');
      }
      this.#awaited.set(key, awaited);
    } catch (error) {
      if (!isNamespaceTerminating(error) && !isAlreadyExists(error)) throw error;
    }
  }

  #groups(service: Service, family: Family): Group[] {
    const groups = new Map<string, { ports: Port[]; endpoints: Endpoint[] }>();
    for (const pod of this.#pods.list(service.metadata.namespace)) {
      if (!mayBeEndpoint(pod) || !selects(service, pod)) continue;
      const addresses = addressesOf(pod, family);
      if (addresses.length === 0) continue;
      const ports = portsOn(service, pod);
      const key = JSON.stringify(ports);
      const group = groups.get(key) ?? { ports, endpoints: [] };
      group.endpoints.push(this.#endpoint(service, pod, addresses));
      groups.set(key, group);
    }
    return [...groups.values()];
  }

  #endpoint(service: Service, pod: Pod, addresses: string[]): Endpoint {
    const { name, namespace, uid, deletionTimestamp } = pod.metadata;
    const serving = isPodReady(pod);
    const terminating = deletionTimestamp !== undefined;
    const nodeName = pod.spec?.nodeName;
    const zone = nodeName === undefined ? undefined : this.#nodes.get(undefined, nodeName)?.metadata.labels?.[ZONE];
    const hostname = hostnameUnder(service, pod);
    return {
      addresses,
      conditions: {
        ready: service.spec?.publishNotReadyAddresses === true || (serving && !terminating),
        serving,
        terminating,
      },
      ...(hostname === undefined ? {} : { hostname }),
      ...(nodeName === undefined ? {} : { nodeName }),
      targetRef: {
        kind: 'Pod',
        ...(namespace === undefined ? {} : { namespace }),
        ...(name === undefined ? {} : { name }),
        ...(uid === undefined ? {} : { uid }),
      },
      ...(zone === undefined ? {} : { zone }),
    };
  }
}

function serviceKeyOf({ metadata }: EndpointSlice): string {
  return `${metadata.namespace}/${metadata.labels?.[SERVICE_NAME] ?? ''}`;
}

function labelsFor(service: Service): Record<string, string> {
  return {
    ...service.metadata.labels,
    [SERVICE_NAME]: service.metadata.name ?? '',
    [MANAGED_BY]: MANAGER,
    ...(isHeadless(service) ? { [HEADLESS]: '' } : {}),
  };
}

/** Those that a Service says; one that says none has the cluster's first (getAddressTypesForService). */
function familiesOf(service: Service): Family[] {
  const named = (service.spec?.ipFamilies ?? []).map((family): Family => (family === 'IPv6' ? 'IPv6' : 'IPv4'));
  return named.length === 0 ? ['IPv4'] : named;
}

function addressesOf(pod: Pod, family: Family): string[] {
  const all = pod.status?.podIPs?.map(({ ip }) => ip) ?? [pod.status?.podIP ?? ''];
  return all.filter((ip) => ip !== '' && ip.includes(':') === (family === 'IPv6'));
}

export const endpointSliceController: ComponentDefinition = {
  name: 'endpointslice-controller',
  user: 'system:serviceaccount:kube-system:endpointslice-controller',
  eventSource: { component: 'endpoint-slice-controller' },
  create: (context) => new EndpointSliceController(context),
};
