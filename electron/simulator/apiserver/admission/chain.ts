import type { AdmissionPlugin, AdmissionRequest } from './plugin';

/** All admission plugins, in their order: every one may change the object before any one checks it. */
export class AdmissionChain {
  readonly #plugins: readonly AdmissionPlugin[];

  constructor(plugins: readonly AdmissionPlugin[]) {
    this.#plugins = plugins;
  }

  async admit(request: AdmissionRequest): Promise<void> {
    for (const plugin of this.#plugins) {
      const done = plugin.admit?.(request);
      // Most plugins decide at once; waiting for nothing would cost every write a round of microtasks a plugin.
      if (done !== undefined) await done;
    }
  }

  async validate(request: AdmissionRequest): Promise<void> {
    for (const plugin of this.#plugins) {
      const done = plugin.validate?.(request);
      if (done !== undefined) await done;
    }
  }
}
