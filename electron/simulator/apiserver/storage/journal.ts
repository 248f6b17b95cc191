import type { Log } from '../../log';
import type { Backend, DurableChange } from './backend';

/** Revisions left out after a restart: those of writes that were seen in memory but never became durable. */
const RESTART_GAP = 10_000;

/**
 * What all tables share, as they share one etcd: the revision counter, the way to the backend, and the one queue through
 * which watchers hear of changes, so that all of them hear in one order.
 */
export class Journal {
  readonly #backend: Backend;
  readonly #log: Log;
  #revision: number;
  #deliveries: (() => void)[] = [];

  constructor(backend: Backend, log: Log) {
    this.#backend = backend;
    this.#log = log;
    this.#revision = backend.revision === 0 ? 1 : backend.revision + RESTART_GAP;
  }

  /** The latest revision of the whole store. */
  get revision(): number {
    return this.#revision;
  }

  nextRevision(): number {
    return ++this.#revision;
  }

  append(change: DurableChange): void {
    this.#backend.append(change);
  }

  /**
   * Calls `delivery` after everything that is ready to run has run, so that a write has returned to its caller before
   * watchers hear of it. Deliveries keep their order.
   */
  deliver(delivery: () => void): void {
    this.#deliveries.push(delivery);
    // A tick, not a microtask: it comes after all microtasks, the writer's continuation among them.
    if (this.#deliveries.length === 1)
      process.nextTick(() => queueMicrotask(() => process.nextTick(() => this.#drain())));
  }

  #drain(): void {
    const deliveries = this.#deliveries;
    this.#deliveries = [];
    for (const delivery of deliveries) this.guard(delivery);
  }

  /** Calls what one watcher is to hear: its fault is no reason for the others to miss a change. */
  guard(call: () => void): void {
    try {
      call();
    } catch (error) {
      this.#log.error('a watch handler failed', error);
    }
  }
}
