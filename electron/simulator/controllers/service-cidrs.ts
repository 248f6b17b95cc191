import { findCondition } from '../../../shared/kubernetes/conditions';
import type { IPAddress, ServiceCIDR } from '../../../shared/kubernetes/objects';
import { ipAddresses, serviceCidrs } from '../../../shared/kubernetes/resources';
import { timestamp } from '../clock';
import type { ComponentContext, ComponentDefinition } from '../component';
import { type Informer, keyOf } from '../informer';
import { IpPrefix } from '../network/ip-prefix';
import { Controller } from './controller';

const NAME = 'service-cidr-controller';
const FINALIZER = 'networking.k8s.io/service-cidr-finalizer';
/** Milliseconds in which a deletion comes to the notice of all that give addresses. */
const GRACE = 10_000;

/**
 * Calls ServiceCIDRs ready, and keeps one that is deleted for as long as an address would be left without any
 * (pkg/controller/servicecidrs).
 */
class ServiceCidrs extends Controller {
  readonly #ranges: Informer<ServiceCIDR>;
  readonly #addresses: Informer<IPAddress>;

  constructor(context: ComponentContext) {
    super(NAME, context);
    this.#ranges = this.primary(serviceCidrs);
    this.#addresses = this.watch(ipAddresses, (address) => {
      for (const range of this.#containing(address)) this.enqueue(keyOf(range));
    });
    this.watch(serviceCidrs, (changed, previous) => {
      if (previous !== undefined) return;
      for (const range of this.#ranges.list()) if (overlaps(range, changed)) this.enqueue(keyOf(range));
    });
  }

  protected async reconcile(key: string): Promise<void> {
    const range = this.#ranges.getByKey(key);
    if (range === undefined) return;
    const { deletionTimestamp, finalizers = [] } = range.metadata;
    if (deletionTimestamp === undefined) {
      if (!finalizers.includes(FINALIZER)) await this.#setFinalizers(range, [...finalizers, FINALIZER]);
      return this.#setReady(range, 'True', '', 'Kubernetes Service CIDR is ready');
    }
    if (!this.#mayGo(range)) {
      const why =
        'There are still IPAddresses referencing the ServiceCIDR, please remove them or create a new ServiceCIDR';
      return this.#setReady(range, 'False', 'Terminating', why);
    }
    const wait = Date.parse(deletionTimestamp) + GRACE - this.now;
    if (wait > 0) return this.enqueueAfter(key, wait);
    if (!finalizers.includes(FINALIZER)) return;
    const left = finalizers.filter((finalizer) => finalizer !== FINALIZER);
    await this.#setFinalizers(range, left);
  }

  /** Whether all that is in the range is in another as well. */
  #mayGo(range: ServiceCIDR): boolean {
    const others = this.#ranges.list().filter((other) => other !== range);
    const isCovered = (prefix: IpPrefix) => others.some((other) => prefixes(other).some((each) => each.covers(prefix)));
    if (prefixes(range).every(isCovered)) return true;
    return !this.#addresses.list().some((address) => {
      const all = this.#containing(address);
      return all.length === 1 && all[0] === range;
    });
  }

  #containing({ metadata }: IPAddress): ServiceCIDR[] {
    if (metadata.labels?.['ipaddress.kubernetes.io/managed-by'] !== 'ipallocator.k8s.io') return [];
    return this.#ranges.list().filter((range) => prefixes(range).some((each) => each.gives(metadata.name ?? '')));
  }

  async #setFinalizers({ metadata }: ServiceCIDR, finalizers: string[]): Promise<void> {
    const { name = '', resourceVersion } = metadata;
    const patch = { metadata: { finalizers, resourceVersion } };
    await this.context.client.patch(serviceCidrs, undefined, name, 'merge', patch);
  }

  async #setReady({ metadata, status }: ServiceCIDR, value: string, reason: string, message: string): Promise<void> {
    const present = findCondition(status?.conditions, 'Ready');
    if (present?.status === value && (present.reason ?? '') === reason && present.message === message) return;
    const condition = {
      type: 'Ready',
      status: value,
      reason,
      message,
      lastTransitionTime: timestamp(this.context.clock),
    };
    const { name = '' } = metadata;
    const applied = {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'ServiceCIDR',
      metadata: { name },
      status: { conditions: [condition] },
    };
    const options = { fieldManager: NAME, force: true, subresource: 'status' };
    await this.context.client.patch(serviceCidrs, undefined, name, 'apply', applied, options);
  }
}

function prefixes({ spec }: ServiceCIDR): IpPrefix[] {
  return (spec?.cidrs ?? []).map((cidr) => IpPrefix.parse(cidr));
}

function overlaps(one: ServiceCIDR, other: ServiceCIDR): boolean {
  return prefixes(one).some((a) => prefixes(other).some((b) => a.covers(b) || b.covers(a)));
}

export const serviceCidrController: ComponentDefinition = {
  name: NAME,
  user: 'system:serviceaccount:kube-system:service-cidrs-controller',
  create: (context) => new ServiceCidrs(context),
};
