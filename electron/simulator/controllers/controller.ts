import type { KubeObject } from '../../../shared/kubernetes/objects';
import type { Resource } from '../../../shared/kubernetes/resources';
import { isConflict } from '../../../shared/kubernetes/status-error';
import type { Component, ComponentContext } from '../component';
import { type Informer, keyOf } from '../informer';
import { WorkQueue } from '../work-queue';

/**
 * What all controllers share, after client-go's sample controller: handlers put keys into a queue, and each key is
 * reconciled from the caches. Keys wait until all caches have synced.
 */
export abstract class Controller implements Component {
  readonly name: string;
  protected readonly context: ComponentContext;
  readonly #queue: WorkQueue;
  /** Keys that came before `start`. */
  #held: Set<string> | undefined = new Set();

  constructor(name: string, context: ComponentContext) {
    this.name = name;
    this.context = context;
    this.#queue = new WorkQueue(
      context.clock,
      (key) => this.reconcile(key),
      (key, error) => {
        // A conflict only says that the cache was behind: the retry meets the newer object.
        if (!isConflict(error)) context.log.error(`${name}: ${key}`, error);
      },
    );
  }

  /** Brings the world to what the object of this key wants. Rejects to be called again later. */
  protected abstract reconcile(key: string): Promise<void>;

  start(): void {
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const key of held) this.#queue.add(key);
  }

  stop(): void {
    this.#queue.stop();
  }

  protected enqueue(key: string): void {
    if (this.#held === undefined) this.#queue.add(key);
    else this.#held.add(key);
  }

  /** @param delay milliseconds of cluster time. */
  protected enqueueAfter(key: string, delay: number): void {
    this.#queue.addAfter(key, delay);
  }

  protected get now(): number {
    return this.context.clock.now();
  }

  /** The cache of a resource; `changed` hears of whatever comes, changes and goes. */
  protected watch<T extends KubeObject>(
    resource: Resource<T>,
    changed?: (object: T, previous?: T) => void,
  ): Informer<T> {
    const informer = this.context.informers.for(resource);
    if (changed !== undefined) {
      informer.addHandlers({ add: (object) => changed(object), update: changed, delete: (object) => changed(object) });
    }
    return informer;
  }

  /** The cache of the resource that the controller's keys name. */
  protected primary<T extends KubeObject>(resource: Resource<T>): Informer<T> {
    return this.watch(resource, (object) => this.enqueue(keyOf(object)));
  }
}

/** Writes the status alone, from a cached object whose parts stay untouched. */
export async function updateStatus<T extends KubeObject & { status?: unknown }>(
  context: ComponentContext,
  resource: Resource<T>,
  object: T,
  status: T['status'],
): Promise<T> {
  return context.client.update(resource, { ...object, status }, { subresource: 'status' });
}
