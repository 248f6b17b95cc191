import type { Pod, Service } from '../../../shared/kubernetes/objects';
import { nodes, pods, services } from '../../../shared/kubernetes/resources';
import type { Component, ComponentContext } from '../component';
import type { KubeletApi } from '../kubelet-api';
import { PodAddresses } from '../network/pod-addresses';
import { admit } from './admission';
import { BackOff } from './back-off';
import { ImageStore } from './image-store';
import { KubeletServer } from './kubelet-server';
import { MirrorPods } from './mirror-pods';
import { NodeRegistration } from './node-registration';
import type { NodeServices } from './pod-host';
import { PodWorker } from './pod-worker';
import type { NodeProfile } from './profile';
import type { KubeletRegistry, RegisteredKubelet } from './registry';

/** What every machine brings along. */
const PRELOADED = ['registry.k8s.io/pause:3.10.1'];

/** One machine's kubelet: keeps its Node alive and runs the pods bound to it. */
export class Kubelet implements Component, RegisteredKubelet {
  readonly name: string;
  readonly nodeName: string;
  readonly api: KubeletApi;
  readonly #context: ComponentContext;
  readonly #registry: KubeletRegistry;
  readonly #registration: NodeRegistration;
  readonly #mirrorPods: MirrorPods;
  readonly #services: NodeServices;
  readonly #workers = new Map<string, PodWorker>();
  #addresses: PodAddresses;

  constructor(context: ComponentContext, profile: NodeProfile, registry: KubeletRegistry) {
    this.name = `kubelet-${profile.name}`;
    this.nodeName = profile.name;
    this.#context = context;
    this.#registry = registry;
    this.#addresses = new PodAddresses(profile.podCIDR);
    const { clock, random, informers } = context;
    const images = new ImageStore(clock, random, () => {});
    for (const image of PRELOADED) images.preload(image);
    this.#registration = new NodeRegistration(context, profile, images);
    this.#mirrorPods = new MirrorPods(context, profile.staticPods ?? []);
    const serviceInformer = informers.for(services);
    informers.for(nodes);
    this.#services = {
      ...context,
      nodeName: profile.name,
      hostIP: profile.internalIP,
      images,
      restarts: new BackOff(),
      pulls: new BackOff(),
      persistent: new Map(),
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
    registry.route(informers);
  }

  start(): void {
    this.#registration.start((node) => {
      const range = node.spec?.podCIDR;
      if (range !== undefined) this.#addresses = new PodAddresses(range);
      this.#registry.add(this);
      this.#mirrorPods.show(node);
      for (const pod of this.#context.informers.for(pods).list()) {
        if (pod.spec?.nodeName === this.nodeName) this.podChanged(pod);
      }
    });
  }

  stop(): void {
    this.#registration.stop();
    this.#mirrorPods.stop();
    this.#registry.remove(this);
    for (const worker of this.#workers.values()) worker.halt();
    this.#workers.clear();
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
      worker.fail(rejection.reason, rejection.message);
      return;
    }
    worker.start();
  }

  podDeleted(pod: Pod): void {
    this.#workers.get(pod.metadata.uid ?? '')?.remove();
    this.#mirrorPods.podDeleted(pod);
  }
}
