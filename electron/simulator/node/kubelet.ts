import type { PersistentVolumeClaim, Pod, Service } from '../../../shared/kubernetes/objects';
import { nodes, pods, services } from '../../../shared/kubernetes/resources';
import type { ComponentContext } from '../component';
import type { ActiveFaults } from '../faults/active-faults';
import type { KubeletApi } from '../kubelet-api';
import { PodAddresses } from '../network/pod-addresses';
import type { AttachableVolumes } from '../storage/attachable';
import { admit } from './admission';
import { BackOff } from './back-off';
import type { ImageStore } from './image-store';
import { KubeletServer } from './kubelet-server';
import { MirrorPods } from './mirror-pods';
import { NodeRegistration } from './node-registration';
import type { NodeServices } from './pod-host';
import { PodWorker } from './pod-worker';
import type { NodeProfile } from './profile';
import type { KubeletRegistry, RegisteredKubelet } from './registry';
import type { DirectoryNode } from './runtime/file-system';

/** What a machine keeps without power. */
export interface Disk {
  readonly images: ImageStore;
  /** Host paths and local volumes. */
  readonly persistent: Map<string, DirectoryNode>;
  /** Which addresses its pods have. */
  readonly addresses: PodAddresses;
}

/** What a kubelet is started with. */
export interface KubeletOptions {
  readonly context: ComponentContext;
  readonly profile: NodeProfile;
  readonly registry: KubeletRegistry;
  readonly faults: ActiveFaults;
  readonly attachable: AttachableVolumes;
  /** What its machine had from before. */
  readonly disk: Disk;
}

/** One machine's kubelet, from its start to its end: keeps its Node alive and runs the pods bound to it. */
export class Kubelet implements RegisteredKubelet {
  readonly nodeName: string;
  readonly api: KubeletApi;
  readonly #context: ComponentContext;
  readonly #registry: KubeletRegistry;
  readonly #registration: NodeRegistration;
  readonly #mirrorPods: MirrorPods;
  readonly #services: NodeServices;
  readonly #workers = new Map<string, PodWorker>();
  /** What its addresses are from, unless the Node says otherwise. */
  readonly #podCIDR: string;
  #addresses: PodAddresses;

  constructor({ context, profile, registry, faults, attachable, disk }: KubeletOptions) {
    this.nodeName = profile.name;
    this.#context = context;
    this.#registry = registry;
    this.#addresses = disk.addresses;
    const { clock, informers } = context;
    const { images, persistent } = disk;
    this.#registration = new NodeRegistration(context, profile, images, () =>
      [...new Set([...this.#workers.values()].flatMap((worker) => worker.volumesInUse))].sort(),
    );
    const nodeInformer = informers.for(nodes);
    this.#mirrorPods = new MirrorPods(context, profile.staticPods ?? []);
    const serviceInformer = informers.for(services);
    this.#services = {
      ...context,
      nodeName: profile.name,
      hostIP: profile.internalIP,
      images,
      faults,
      restarts: new BackOff(),
      pulls: new BackOff(),
      persistent,
      networkDisks: registry.networkDisks,
      attachable,
      isAttached: (volume) =>
        this.#registration.hasReported(volume) &&
        nodeInformer.get(undefined, profile.name)?.status?.volumesAttached?.some(({ name }) => name === volume) ===
          true,
      addresses: () => this.#addresses,
      servicesFor: (namespace) => {
        const main = serviceInformer.get('default', 'kubernetes');
        const own: Service[] = namespace === undefined ? [] : serviceInformer.list(namespace);
        return main === undefined || own.includes(main) ? own : [main, ...own];
      },
    };
    this.api = new KubeletServer(
      (pod) => this.#workers.get(pod.metadata.uid ?? '')?.records,
      () => this.#workers.values(),
      () => clock.now(),
    );
    this.#podCIDR = profile.podCIDR;
  }

  start(): void {
    this.#registration.start((node) => {
      const range = node.spec?.podCIDR;
      if (range !== undefined && range !== this.#podCIDR) this.#addresses = new PodAddresses(range);
      this.#registry.add(this);
      this.#mirrorPods.show(node);
      for (const pod of this.#context.informers.for(pods).list()) {
        if (pod.spec?.nodeName === this.nodeName) this.podChanged(pod);
      }
    });
  }

  /** Its machine has no power any more: nothing is said to anyone. */
  stop(): void {
    this.#registration.stop();
    this.#mirrorPods.stop();
    this.#registry.remove(this);
    for (const worker of this.#workers.values()) worker.halt();
    this.#workers.clear();
  }

  /** Something begins or ceases to go wrong: containers that run may have to end of it. */
  faultsChanged(): void {
    for (const worker of this.#workers.values()) worker.faultsChanged();
  }

  podChanged(pod: Pod): void {
    const uid = pod.metadata.uid ?? '';
    const present = this.#workers.get(uid);
    if (present !== undefined) {
      present.update(pod);
      return;
    }
    const worker = new PodWorker(this.#services, pod, () => this.#workers.delete(uid));
    const node = this.#context.informers.for(nodes).get(undefined, this.nodeName);
    const others = [...this.#workers.values()].filter((other) => other.isActive).map((other) => other.pod);
    this.#workers.set(uid, worker);
    const isNew = pod.status?.startTime === undefined && pod.metadata.deletionTimestamp === undefined;
    const rejection = isNew && node?.status?.allocatable !== undefined ? admit(pod, node, others) : undefined;
    if (rejection !== undefined) {
      this.#context.events.event(pod, 'Warning', rejection.reason, rejection.message);
      worker.reject(rejection.reason, rejection.message);
      return;
    }
    worker.start();
  }

  claimChanged(pod: Pod, claim: PersistentVolumeClaim): void {
    this.#workers.get(pod.metadata.uid ?? '')?.claimChanged(claim);
  }

  podDeleted(pod: Pod): void {
    this.#workers.get(pod.metadata.uid ?? '')?.remove();
    this.#mirrorPods.podDeleted(pod);
  }
}
