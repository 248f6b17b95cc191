import type { Component, ComponentContext } from '../component';
import type { NodeProfile } from './profile';
import type { KubeletRegistry } from './registry';

/** One machine's kubelet. */
export class Kubelet implements Component {
  readonly name: string;
  readonly #registry: KubeletRegistry;

  constructor(context: ComponentContext, profile: NodeProfile, registry: KubeletRegistry) {
    this.name = `kubelet-${profile.name}`;
    this.#registry = registry;
    registry.route(context.informers);
  }

  start(): void {
    void this.#registry;
  }

  stop(): void {}
}
