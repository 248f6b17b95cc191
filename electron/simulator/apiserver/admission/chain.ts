import { messageOf } from '../../../../shared/error-message';
import type { AdmissionPlugin, AdmissionRequest } from './plugin';

/** Hears of what admission plugins do with a request. */
export interface AdmissionTrace {
  admission(plugin: string, outcome: 'changed' | 'refused', reason?: string): void;
}

/** All admission plugins, in their order: every one may change the object before any one checks it. */
export class AdmissionChain {
  readonly #plugins: readonly AdmissionPlugin[];

  constructor(plugins: readonly AdmissionPlugin[]) {
    this.#plugins = plugins;
  }

  /** When a webhook or a policy has changed the object, all plugins are asked a second time. */
  async admit(request: AdmissionRequest): Promise<void> {
    await this.#admitOnce(request);
    const { reinvocation } = request;
    if (!reinvocation.shouldReinvoke) return;
    reinvocation.isReinvoke = true;
    await this.#admitOnce(request);
  }

  async #admitOnce(request: AdmissionRequest): Promise<void> {
    if (request.trace !== undefined) return this.#admitTraced(request, request.trace);
    for (const plugin of this.#plugins) {
      const done = plugin.admit?.(request);
      // Most plugins decide at once; waiting for nothing would cost every write a round of microtasks a plugin.
      if (done !== undefined) await done;
    }
  }

  async validate(request: AdmissionRequest): Promise<void> {
    if (request.trace !== undefined) return this.#validateTraced(request, request.trace);
    for (const plugin of this.#plugins) {
      const done = plugin.validate?.(request);
      if (done !== undefined) await done;
    }
  }

  /** The same, telling which plugins have changed the object. */
  async #admitTraced(request: AdmissionRequest, trace: AdmissionTrace): Promise<void> {
    const { resource, subresource } = request.attributes;
    const what = subresource === '' ? resource : `${resource}/${subresource}`;
    const text = () => (request.object === undefined ? '' : JSON.stringify(request.object));
    // Found out only where a plugin may have changed it: to write a pod as often as there are plugins would be most of a write.
    let before: string | undefined;
    for (const plugin of this.#plugins) {
      if (plugin.admit === undefined) continue;
      if (plugin.changes?.includes(what) ?? true) before ??= text();
      try {
        const done = plugin.admit(request);
        if (done !== undefined) await done;
        else if (plugin.changes === undefined) continue;
      } catch (error) {
        trace.admission(plugin.name, 'refused', messageOf(error));
        throw error;
      }
      if (before === undefined || plugin.changes?.includes(what) === false) continue;
      const after = text();
      if (after !== before) trace.admission(plugin.name, 'changed');
      before = after;
    }
  }

  async #validateTraced(request: AdmissionRequest, trace: AdmissionTrace): Promise<void> {
    for (const plugin of this.#plugins) {
      try {
        const done = plugin.validate?.(request);
        if (done !== undefined) await done;
      } catch (error) {
        trace.admission(plugin.name, 'refused', messageOf(error));
        throw error;
      }
    }
  }
}
