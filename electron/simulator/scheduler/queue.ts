import type { Pod } from '../../../shared/kubernetes/objects';
import type { Clock, Timer } from '../clock';

const FIRST_BACKOFF = 1000;
const LONGEST_BACKOFF = 10_000;
/** Milliseconds after which a pod is tried again although nothing has happened for it. */
const FLUSH_AFTER = 300_000;

/** What happened in the cluster that may help a waiting pod. */
export type ClusterEvent = 'node' | 'pod-added' | 'pod-removed' | 'volume' | 'pod-updated';

/** Which events may change a plugin's mind (each plugin's EventsToRegister). */
const HELPED_BY: Readonly<Record<string, readonly ClusterEvent[]>> = {
  NodeUnschedulable: ['node'],
  NodeName: ['node'],
  TaintToleration: ['node'],
  NodeAffinity: ['node'],
  NodePorts: ['node', 'pod-removed'],
  NodeResourcesFit: ['node', 'pod-removed'],
  VolumeBinding: ['node', 'volume'],
  PodTopologySpread: ['node', 'pod-added', 'pod-removed'],
  InterPodAffinity: ['node', 'pod-added', 'pod-removed'],
};

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
  /** A binary heap. */
  readonly #active: QueuedPod[] = [];
  readonly #activeKeys = new Map<string, QueuedPod>();
  readonly #backingOff = new Map<string, { queued: QueuedPod; timer: Timer }>();
  readonly #unschedulable = new Map<string, QueuedPod>();
  #events = 0;
  #flush: Timer | undefined;

  /** @param ready called when there is something to do. */
  constructor(clock: Clock, ready: () => void) {
    this.#clock = clock;
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
      const next = this.#popHeap();
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
        queued.plugins.size === 0 || [...queued.plugins].some((plugin) => HELPED_BY[plugin]?.includes(event));
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
    const heap = this.#active;
    let index = heap.push(queued) - 1;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!precedes(queued, heap[parent] as QueuedPod)) break;
      heap[index] = heap[parent] as QueuedPod;
      index = parent;
    }
    heap[index] = queued;
    this.#ready();
  }

  #popHeap(): QueuedPod | undefined {
    const heap = this.#active;
    const first = heap[0];
    const last = heap.pop();
    if (first === undefined || last === undefined || heap.length === 0) return first;
    let index = 0;
    for (;;) {
      let child = 2 * index + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && precedes(heap[child + 1] as QueuedPod, heap[child] as QueuedPod)) child++;
      if (!precedes(heap[child] as QueuedPod, last)) break;
      heap[index] = heap[child] as QueuedPod;
      index = child;
    }
    heap[index] = last;
    return first;
  }
}

/** The PrioritySort plugin's order. */
function precedes(a: QueuedPod, b: QueuedPod): boolean {
  const [first, second] = [a.pod.spec?.priority ?? 0, b.pod.spec?.priority ?? 0];
  return first > second || (first === second && a.timestamp < b.timestamp);
}
