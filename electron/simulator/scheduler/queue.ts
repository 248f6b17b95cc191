import type { Pod } from '../../../shared/kubernetes/objects';
import type { Clock, Timer } from '../clock';
import { Heap } from '../heap';
import type { ClusterEvent, Plugin } from './framework';

const FIRST_BACKOFF = 1000;
const LONGEST_BACKOFF = 10_000;
/** Milliseconds after which a pod is tried again although nothing has happened for it. */
const FLUSH_AFTER = 300_000;

/** A pod on its way to a node. */
export interface QueuedPod {
  pod: Pod;
  attempts: number;
  /** When it last came into the queue. */
  timestamp: number;
  /** Set while unschedulable: the plugins that turned it away. */
  plugins: ReadonlySet<string>;
}

/**
 * Pods that want a node (pkg/scheduler/backend/queue): those to be tried now, by priority and then by age; those whose
 * back-off has not ended; and those for which something in the cluster must change first.
 */
export class SchedulingQueue {
  readonly #clock: Clock;
  readonly #ready: () => void;
  readonly #helpedBy: ReadonlyMap<string, readonly ClusterEvent[]>;
  readonly #active = new Heap(precedes);
  readonly #activeKeys = new Map<string, QueuedPod>();
  readonly #backingOff = new Map<string, { queued: QueuedPod; timer: Timer }>();
  readonly #unschedulable = new Map<string, QueuedPod>();
  #events = 0;
  #flush: Timer | undefined;

  /**
   * @param plugins those that turn pods away; they say what may change their minds.
   * @param ready called when there is something to do.
   */
  constructor(clock: Clock, plugins: readonly Plugin[], ready: () => void) {
    this.#clock = clock;
    this.#helpedBy = new Map(plugins.map(({ name, helpedBy = [] }) => [name, helpedBy]));
    this.#ready = ready;
  }

  /** A number that grows with each event: tells whether something happened during an attempt. */
  get events(): number {
    return this.#events;
  }

  add(pod: Pod): void {
    const uid = pod.metadata.uid ?? '';
    this.remove(uid);
    this.#activate({ pod, attempts: 0, timestamp: this.#clock.now(), plugins: new Set() });
  }

  /** The pod has changed while it waits. */
  update(pod: Pod, matters: boolean): void {
    const uid = pod.metadata.uid ?? '';
    const waiting = this.#activeKeys.get(uid) ?? this.#backingOff.get(uid)?.queued ?? this.#unschedulable.get(uid);
    if (waiting === undefined) return;
    waiting.pod = pod;
    if (matters && this.#unschedulable.delete(uid)) this.#requeue(waiting);
  }

  has(uid: string): boolean {
    return this.#activeKeys.has(uid) || this.#backingOff.has(uid) || this.#unschedulable.has(uid);
  }

  remove(uid: string): void {
    // What stands in the heap is skipped when its turn comes.
    this.#activeKeys.delete(uid);
    this.#unschedulable.delete(uid);
    this.#backingOff.get(uid)?.timer.cancel();
    this.#backingOff.delete(uid);
  }

  pop(): QueuedPod | undefined {
    for (;;) {
      const next = this.#active.pop();
      if (next === undefined) return undefined;
      const uid = next.pod.metadata.uid ?? '';
      if (this.#activeKeys.get(uid) !== next) continue;
      this.#activeKeys.delete(uid);
      next.attempts++;
      return next;
    }
  }

  /** No node would do: waits for an event that helps, or, when one came meanwhile, for its back-off only. */
  addUnschedulable(queued: QueuedPod, plugins: ReadonlySet<string>, eventsBefore: number): void {
    queued.plugins = plugins;
    queued.timestamp = this.#clock.now();
    if (this.#events !== eventsBefore) {
      this.#requeue(queued);
      return;
    }
    this.#unschedulable.set(queued.pod.metadata.uid ?? '', queued);
    this.#armFlush();
  }

  /** Something went wrong that has nothing to do with the cluster's state. */
  retry(queued: QueuedPod): void {
    queued.timestamp = this.#clock.now();
    this.#requeue(queued);
  }

  /** Brings back the pods that an event may help. */
  move(event: ClusterEvent): void {
    this.#events++;
    for (const [uid, queued] of this.#unschedulable) {
      const helped =
        queued.plugins.size === 0 || [...queued.plugins].some((plugin) => this.#helpedBy.get(plugin)?.includes(event));
      if (!helped) continue;
      this.#unschedulable.delete(uid);
      this.#requeue(queued);
    }
  }

  stop(): void {
    for (const { timer } of this.#backingOff.values()) timer.cancel();
    this.#backingOff.clear();
    this.#activeKeys.clear();
    this.#unschedulable.clear();
    this.#flush?.cancel();
  }

  #requeue(queued: QueuedPod): void {
    const delay = Math.min(FIRST_BACKOFF * 2 ** Math.max(0, queued.attempts - 1), LONGEST_BACKOFF);
    const left = queued.timestamp + delay - this.#clock.now();
    if (left <= 0) {
      this.#activate(queued);
      return;
    }
    const uid = queued.pod.metadata.uid ?? '';
    const timer = this.#clock.setTimeout(() => {
      this.#backingOff.delete(uid);
      this.#activate(queued);
    }, left);
    this.#backingOff.set(uid, { queued, timer });
  }

  #armFlush(): void {
    this.#flush ??= this.#clock.setTimeout(() => {
      this.#flush = undefined;
      const due = this.#clock.now() - FLUSH_AFTER;
      for (const [uid, queued] of this.#unschedulable) {
        if (queued.timestamp > due) continue;
        this.#unschedulable.delete(uid);
        this.#requeue(queued);
      }
      if (this.#unschedulable.size > 0) this.#armFlush();
    }, 30_000);
  }

  #activate(queued: QueuedPod): void {
    this.#activeKeys.set(queued.pod.metadata.uid ?? '', queued);
    this.#active.push(queued);
    this.#ready();
  }
}

/** The PrioritySort plugin's order. */
function precedes(a: QueuedPod, b: QueuedPod): boolean {
  const [first, second] = [a.pod.spec?.priority ?? 0, b.pod.spec?.priority ?? 0];
  return first > second || (first === second && a.timestamp < b.timestamp);
}
