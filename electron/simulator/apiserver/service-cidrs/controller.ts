import type { IPAddress, Service } from '../../../../shared/kubernetes/objects';
import { ipAddresses, serviceCidrs, services } from '../../../../shared/kubernetes/resources';
import { isAlreadyExists, isNotFound } from '../../../../shared/kubernetes/status-error';
import type { ApiClient } from '../../client';
import type { Clock } from '../../clock';
import { EventRecorder } from '../../events/event-recorder';
import { Informer, keyFor, keyOf } from '../../informer';
import type { Log } from '../../log';
import { ServiceRange } from '../../network/service-range';
import { WorkQueue } from '../../work-queue';
import { addressesOf, serviceAddress } from '../strategies/service-addresses';
import { familyOf } from '../validation/service-addresses';
import { DEFAULT_NAME, ensureDefaultRange } from './default-range';

/** Milliseconds until what somebody took away is made again: upstream looks that often. */
const RANGE_PERIOD = 10_000;
const REPAIR_PERIOD = 3 * 60_000;
/** How old an address must be before it counts as left behind: a Service may still be on its way. */
const LEAK_AGE = 60_000;

const RANGE = 'range';
const MANAGED_BY = 'ipaddress.kubernetes.io/managed-by';

/**
 * Sees to it that the server's own ServiceCIDR is there, that each Service's addresses have their IPAddress, and that no
 * IPAddress is left of a Service that is gone (pkg/registry/core/service/ipallocator/controller/repairip.go).
 */
export class ServiceCidrController {
  readonly #client: ApiClient;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #ranges: readonly ServiceRange[];
  readonly #services: Informer<Service>;
  readonly #addresses: Informer<IPAddress>;
  readonly #serviceCidrs;
  readonly #queue: WorkQueue;
  readonly #events: EventRecorder;

  /** @param client may do everything. */
  constructor(client: ApiClient, clock: Clock, log: Log, ranges: readonly ServiceRange[] = [ServiceRange.default]) {
    this.#client = client;
    this.#clock = clock;
    this.#log = log;
    this.#ranges = ranges;
    this.#services = new Informer(client, services);
    this.#addresses = new Informer(client, ipAddresses);
    this.#serviceCidrs = new Informer(client, serviceCidrs);
    this.#events = new EventRecorder(client, clock, log, 'ipallocator-repair-controller');
    this.#queue = new WorkQueue(
      clock,
      (key) => this.#reconcile(key),
      (key, error) => log.error(`addresses of Services: ${key}`, error),
    );
  }

  start(): void {
    const look = (service: Service) => this.#queue.add(`service ${keyOf(service)}`);
    this.#services.addHandlers({ add: look, update: look });
    const lookAt = ({ metadata }: IPAddress) => this.#queue.add(`address ${metadata.name}`);
    this.#addresses.addHandlers({
      add: lookAt,
      update: lookAt,
      delete: ({ spec }) => {
        const { resource, namespace, name = '' } = spec?.parentRef ?? {};
        const key = keyFor(namespace, name);
        // Most go with their Service.
        if (resource !== 'services' || this.#services.getByKey(key) === undefined) return;
        this.#queue.addAfter(`service ${key}`, REPAIR_PERIOD);
      },
    });
    this.#serviceCidrs.addHandlers({
      delete: ({ metadata }) => {
        if (metadata.name === DEFAULT_NAME) this.#queue.addAfter(RANGE, RANGE_PERIOD);
      },
    });
    for (const informer of [this.#services, this.#addresses, this.#serviceCidrs]) {
      informer.start().catch((error: unknown) => this.#log.error('addresses of Services', error));
    }
  }

  stop(): void {
    this.#queue.stop();
    for (const informer of [this.#services, this.#addresses, this.#serviceCidrs]) informer.stop();
  }

  #reconcile(key: string): Promise<void> {
    const [what, name = ''] = key.split(' ');
    if (what === RANGE)
      return ensureDefaultRange(
        this.#client,
        this.#clock,
        this.#ranges.map(({ cidr }) => cidr),
      );
    return what === 'service' ? this.#repair(name) : this.#clean(name);
  }

  /** Makes what an address of a Service lacks. */
  async #repair(key: string): Promise<void> {
    const service = this.#services.getByKey(key);
    if (service === undefined) return;
    for (const address of addressesOf(service)) {
      if (this.#addresses.getByKey(address) !== undefined) continue;
      try {
        await this.#client.create(ipAddresses, serviceAddress(address, service));
      } catch (error) {
        // The Service and its address are told of one after the other.
        if (isAlreadyExists(error)) continue;
        throw error;
      }
      const text = `Cluster IP [${familyOf(address)}]: ${address} is not allocated; repairing`;
      this.#events.event(service, 'Warning', 'ClusterIPNotAllocated', text);
    }
  }

  /** Takes away an address that no Service has. */
  async #clean(name: string): Promise<void> {
    const address = this.#addresses.getByKey(name);
    if (address?.metadata.labels?.[MANAGED_BY] !== 'ipallocator.k8s.io') return;
    const parent = address.spec?.parentRef;
    if (parent?.group || parent?.resource !== 'services') return this.#delete(name);
    const service = this.#services.getByKey(keyFor(parent.namespace, parent.name ?? ''));
    if (service !== undefined && addressesOf(service).includes(name)) return;
    const age = this.#clock.now() - Date.parse(address.metadata.creationTimestamp ?? '');
    if (age < LEAK_AGE) return this.#queue.addAfter(`address ${name}`, LEAK_AGE - age);
    const whose = `IPAddress: ${name} for Service ${parent.namespace ?? ''}/${parent.name ?? ''}`;
    if (service === undefined) {
      this.#events.event(address, 'Warning', 'IPAddressNotAllocated', `${whose} appears to have leaked: cleaning up`);
    } else {
      this.#events.event(address, 'Warning', 'IPAddressWrongReference', `${whose} has a wrong reference; cleaning up`);
    }
    return this.#delete(name);
  }

  async #delete(name: string): Promise<void> {
    try {
      await this.#client.delete(ipAddresses, undefined, name);
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
  }
}
