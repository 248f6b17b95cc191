import { nodes, services } from '../../../shared/kubernetes/resources';
import type { Component, ComponentContext } from '../component';
import type { ActiveFaults } from '../faults/active-faults';
import { PodAddresses } from '../network/pod-addresses';
import { AttachableVolumes } from '../storage/attachable';
import { ImageStore } from './image-store';
import type { ImageReference } from './images/reference';
import { type Disk, Kubelet } from './kubelet';
import type { NodeProfile } from './profile';
import type { KubeletRegistry } from './registry';

/** What every machine brings along. */
const PRELOADED = ['registry.k8s.io/pause:3.10.1'];

/** A machine with its disk, whose kubelet runs for as long as it has power. */
export class Machine implements Component {
  readonly name: string;
  readonly #nodeName: string;
  readonly #faults: ActiveFaults;
  readonly #boot: () => Kubelet;
  #kubelet: Kubelet | undefined;
  #runs = false;

  constructor(context: ComponentContext, profile: NodeProfile, registry: KubeletRegistry, faults: ActiveFaults) {
    this.name = `kubelet-${profile.name}`;
    this.#nodeName = profile.name;
    this.#faults = faults;
    const { clock, random, informers } = context;
    const conditions = {
      isUnreachable: (image: ImageReference) => faults.isUnreachable(image, profile.name),
      slowness: () => faults.slowness(profile.name),
    };
    const disk: Disk = {
      images: new ImageStore(clock, random, conditions),
      persistent: new Map(),
      addresses: new PodAddresses(profile.podCIDR),
    };
    for (const image of PRELOADED) disk.images.preload(image);
    informers.for(services);
    informers.for(nodes);
    registry.route(informers);
    // Here, where what is watched is watched from the start on, and not at a boot.
    const attachable = new AttachableVolumes(informers);
    this.#boot = () => new Kubelet({ context, profile, registry, faults, attachable, disk });
    faults.onChange(() => this.#follow());
  }

  start(): void {
    this.#runs = true;
    this.#follow();
  }

  stop(): void {
    this.#runs = false;
    this.#kubelet?.stop();
    this.#kubelet = undefined;
  }

  /** Switches it on or off as the faults have it. */
  #follow(): void {
    if (!this.#runs) return;
    if (this.#faults.isDown(this.#nodeName)) {
      this.#kubelet?.stop();
      this.#kubelet = undefined;
    } else if (this.#kubelet === undefined) {
      this.#kubelet = this.#boot();
      this.#kubelet.start();
    } else this.#kubelet.faultsChanged();
  }
}
