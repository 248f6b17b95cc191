/**
 * What is remembered of one request's mutating admission, so that plugins see what others have changed after them: when a
 * webhook or a policy has changed the object, all plugins are asked once more (k8s.io/apiserver/pkg/admission/reinvocation.go).
 */
export class Reinvocation {
  /** Whether this is the second time. */
  isReinvoke = false;
  /** Set by whoever has changed the object in a way that plugins before it may care for. */
  shouldReinvoke = false;
  /** Made by the first who keeps something: most writes meet nobody who does. */
  #values: Map<string, unknown> | undefined;

  /** What a plugin keeps for its second turn. @param make for the first. */
  value<T>(plugin: string, make: () => T): T {
    this.#values ??= new Map();
    if (!this.#values.has(plugin)) this.#values.set(plugin, make());
    // Only the plugin itself uses its name.
    return this.#values.get(plugin) as T;
  }
}
