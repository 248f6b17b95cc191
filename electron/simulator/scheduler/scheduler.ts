import type { Node, PersistentVolumeClaim, Pod } from '../../../shared/kubernetes/objects';
import {
  namespaces,
  nodes,
  persistentVolumeClaims,
  persistentVolumes,
  pods,
  storageClasses,
} from '../../../shared/kubernetes/resources';
import { isNotFound } from '../../../shared/kubernetes/status-error';
import { timestamp } from '../clock';
import type { Component, ComponentContext } from '../component';
import type { Informer } from '../informer';
import { SELECTED_NODE } from '../storage/annotations';
import type { Attempted, SchedulingAttempts } from './attempts';
import { Cache } from './cache';
import { SchedulingCycle } from './cycle';
import { fitErrorText, rejectingPlugins } from './fit-error';
import type { Plugin } from './framework';
import { defaultPlugins } from './plugins';
import { claimNames, type VolumeLister, waitsForConsumer } from './plugins/volume-binding';
import { PodInfo } from './pod-info';
import { preemptionText } from './preemption';
import { type QueuedPod, SchedulingQueue } from './queue';

const PROFILE = 'default-scheduler';
/** Pods that are given a node before others get their turn. A count, never a time: see Clock.turn. */
const BATCH = 16;
/** Milliseconds that a binding waits for its volumes. */
const VOLUME_TIMEOUT = 600_000;

/** What a binding waits for will not come. */
class ClaimGone extends Error {}

/** Gives every pod that asks for it a node (pkg/scheduler/scheduler.go). */
export class Scheduler implements Component {
  readonly name = 'kube-scheduler';
  readonly #context: ComponentContext;
  readonly #cache = new Cache();
  readonly #queue: SchedulingQueue;
  readonly #plugins: readonly Plugin[];
  readonly #cycle: SchedulingCycle;
  readonly #attempts: SchedulingAttempts;
  readonly #volumes: VolumeLister;
  readonly #pods: Informer<Pod>;
  readonly #awaitingVolumes = new Set<() => void>();
  #started = false;
  #working = false;

  constructor(context: ComponentContext, attempts: SchedulingAttempts) {
    this.#context = context;
    this.#attempts = attempts;
    const { informers, clock, random } = context;
    const claims = informers.for(persistentVolumeClaims);
    const volumes = informers.for(persistentVolumes);
    const classes = informers.for(storageClasses);
    this.#volumes = {
      claim: (namespace, name) => claims.get(namespace, name),
      volume: (name) => volumes.get(undefined, name),
      storageClass: (name) => classes.get(undefined, name),
    };
    this.#plugins = defaultPlugins(this.#volumes);
    this.#cycle = new SchedulingCycle(this.#plugins, this.#cache, random);
    this.#queue = new SchedulingQueue(clock, this.#plugins, () => this.#wake());
    informers.for(nodes).addHandlers({
      add: (node) => this.#nodeChanged(node, undefined),
      update: (node, previous) => this.#nodeChanged(node, previous),
      delete: (node) => this.#cache.removeNode(node.metadata.name ?? ''),
    });
    informers.for(namespaces).addHandlers({
      add: (namespace) => this.#cache.setNamespace(namespace),
      update: (namespace) => this.#cache.setNamespace(namespace),
      delete: (namespace) => this.#cache.removeNamespace(namespace.metadata.name ?? ''),
    });
    this.#pods = informers.for(pods);
    this.#pods.addHandlers({
      add: (pod) => this.#podChanged(pod, undefined),
      update: (pod, previous) => this.#podChanged(pod, previous),
      delete: (pod) => {
        this.#attempts.forget(pod.metadata.uid ?? '');
        this.#podDeleted(pod);
        this.#checkVolumes();
      },
    });
    const volumeChanged = () => {
      this.#queue.move('volume');
      this.#checkVolumes();
    };
    claims.addHandlers({ add: volumeChanged, update: volumeChanged, delete: () => this.#checkVolumes() });
    volumes.addHandlers({ add: volumeChanged, update: volumeChanged });
    classes.addHandlers({ add: volumeChanged, update: volumeChanged });
  }

  start(): void {
    this.#started = true;
    this.#wake();
  }

  stop(): void {
    this.#started = false;
    this.#queue.stop();
  }

  #nodeChanged(node: Node, previous: Node | undefined): void {
    this.#cache.setNode(node);
    if (previous === undefined || mattersForScheduling(node, previous)) this.#queue.move('node');
  }

  #podChanged(pod: Pod, previous: Pod | undefined): void {
    const uid = pod.metadata.uid ?? '';
    const phase = pod.status?.phase;
    if (phase === 'Succeeded' || phase === 'Failed') {
      this.#podDeleted(pod);
      return;
    }
    if (pod.spec?.nodeName) {
      this.#queue.remove(uid);
      const isNew = !previous?.spec?.nodeName;
      this.#cache.setPod(pod);
      if (isNew || previous?.metadata.labels !== pod.metadata.labels) this.#queue.move('pod-added');
      return;
    }
    if (pod.spec?.schedulerName && pod.spec.schedulerName !== PROFILE) return;
    if (pod.metadata.deletionTimestamp !== undefined) {
      this.#queue.remove(uid);
      return;
    }
    if (this.#queue.has(uid)) {
      this.#queue.update(pod, previous?.metadata.generation !== pod.metadata.generation || labelsDiffer(pod, previous));
      return;
    }
    const wasGated = (previous?.spec?.schedulingGates ?? []).length > 0;
    // A pod that is being bound, or is in the middle of its attempt, comes back by itself.
    if (previous !== undefined && !wasGated) return;
    const gate = this.#gate(pod);
    if (gate === undefined) this.#queue.add(pod);
  }

  #gate(pod: Pod): string | undefined {
    const info = new PodInfo(pod);
    for (const plugin of this.#plugins) {
      const reason = plugin.preEnqueue?.(info);
      if (reason !== undefined) return reason;
    }
    return undefined;
  }

  #podDeleted(pod: Pod): void {
    const uid = pod.metadata.uid ?? '';
    this.#queue.remove(uid);
    if (!this.#cache.isPlaced(uid)) return;
    this.#cache.removePod(uid);
    this.#queue.move('pod-removed');
  }

  #wake(): void {
    if (this.#working || !this.#started) return;
    this.#working = true;
    this.#work().catch((error: unknown) => this.#context.log.error('scheduling', error));
  }

  async #work(): Promise<void> {
    try {
      await this.#context.clock.turn();
      for (let done = 1; this.#started; done++) {
        const queued = this.#queue.pop();
        if (queued === undefined) return;
        this.#scheduleOne(queued);
        if (done % BATCH === 0) await this.#context.clock.turn();
      }
    } finally {
      this.#working = false;
    }
  }

  #scheduleOne(queued: QueuedPod): void {
    const { pod } = queued;
    if (pod.metadata.deletionTimestamp !== undefined || this.#cache.isPlaced(pod.metadata.uid ?? '')) return;
    const events = this.#queue.events;
    const info = new PodInfo(pod);
    const decision = this.#cycle.schedule(info);
    if ('diagnosis' in decision) {
      this.#queue.addUnschedulable(queued, rejectingPlugins(decision.diagnosis), events);
      const message = fitErrorText(decision.diagnosis, preemptionText(info, decision.diagnosis, this.#cache));
      const waitingFor = rejectingPlugins(decision.diagnosis);
      this.#attempts.unschedulable(attempted(pod), this.#time, decision.diagnosis, waitingFor, message);
      this.#report(pod, message);
      return;
    }
    this.#attempts.scheduled(attempted(pod), this.#time, decision.node, decision.choice);
    this.#cache.assume(info, decision.node);
    this.#bind(queued, info, decision.node).catch((error: unknown) => this.#bindFailed(queued, error));
  }

  get #time(): string {
    return timestamp(this.#context.clock);
  }

  #bindFailed(queued: QueuedPod, error: unknown): void {
    const { namespace, name, uid = '' } = queued.pod.metadata;
    this.#cache.forget(uid);
    this.#queue.move('pod-removed');
    // Deleted meanwhile, and there may be another of its name: nobody waits for it any more.
    if (isNotFound(error) || !this.#started || !this.#isThere(queued.pod)) return;
    if (!(error instanceof ClaimGone)) this.#context.log.error(`binding pod ${namespace}/${name}`, error);
    this.#queue.retry(queued);
  }

  async #bind(queued: QueuedPod, info: PodInfo, node: string): Promise<void> {
    const { client, events } = this.#context;
    const { namespace = '', name = '', uid } = info.pod.metadata;
    await this.#bindVolumes(info, node);
    const binding: { apiVersion: string; kind: string; metadata: Pod['metadata']; target: object } = {
      apiVersion: 'v1',
      kind: 'Binding',
      metadata: { name, namespace, ...(uid === undefined ? {} : { uid }) },
      target: { kind: 'Node', name: node },
    };
    await client.createSubresource(pods, namespace, name, 'binding', binding);
    events.event(queued.pod, 'Normal', 'Scheduled', `Successfully assigned ${namespace}/${name} to ${node}`);
  }

  /** Tells those who make volumes where they are wanted, and waits for them. */
  async #bindVolumes(info: PodInfo, node: string): Promise<void> {
    const { client } = this.#context;
    const unbound = claimNames(info).flatMap((name) => {
      const claim = this.#volumes.claim(info.namespace, name);
      return claim === undefined || claim.spec?.volumeName || !waitsForConsumer(claim, this.#volumes) ? [] : [claim];
    });
    for (const { metadata } of unbound) {
      await client.patch(persistentVolumeClaims, metadata.namespace, metadata.name ?? '', 'merge', {
        metadata: { annotations: { [SELECTED_NODE]: node } },
      });
    }
    if (unbound.length > 0) await this.#volumesBound(info.pod, unbound);
  }

  #isThere({ metadata: { namespace, name = '', uid } }: Pod): boolean {
    return this.#pods.get(namespace, name)?.metadata.uid === uid;
  }

  #checkVolumes(): void {
    for (const check of [...this.#awaitingVolumes]) check();
  }

  /** Ends early when the pod or a claim is gone (volumebinding/binder.go, `checkBindings`). */
  #volumesBound(pod: Pod, claims: readonly PersistentVolumeClaim[]): Promise<void> {
    return new Promise((resolve, reject) => {
      const check = () => {
        const present = claims.map(({ metadata: { namespace = '', name = '' } }) =>
          this.#volumes.claim(namespace, name),
        );
        const isGone = !this.#isThere(pod) || present.includes(undefined);
        if (!isGone && !present.every((claim) => claim?.status?.phase === 'Bound')) return;
        this.#awaitingVolumes.delete(check);
        timer.cancel();
        if (isGone) reject(new ClaimGone('the pod or one of its claims is gone'));
        else resolve();
      };
      const timer = this.#context.clock.setTimeout(() => {
        this.#awaitingVolumes.delete(check);
        reject(new Error('binding volumes: context deadline exceeded'));
      }, VOLUME_TIMEOUT);
      this.#awaitingVolumes.add(check);
      check();
    });
  }

  /** Says why a pod has no node: by an event, and by its PodScheduled condition when that says something else so far. */
  #report(pod: Pod, message: string): void {
    const { client, events, clock, log } = this.#context;
    events.event(pod, 'Warning', 'FailedScheduling', message);
    const present = pod.status?.conditions?.find(({ type }) => type === 'PodScheduled');
    if (present?.status === 'False' && present.message === message && present.reason === 'Unschedulable') return;
    const { namespace, name = '', generation } = pod.metadata;
    const condition = {
      type: 'PodScheduled',
      status: 'False',
      reason: 'Unschedulable',
      message,
      lastTransitionTime: present?.status === 'False' ? present.lastTransitionTime : timestamp(clock),
      ...(generation === undefined ? {} : { observedGeneration: generation }),
    };
    client
      .patch(pods, namespace, name, 'strategic', { status: { conditions: [condition] } }, { subresource: 'status' })
      .catch((error: unknown) => {
        if (!isNotFound(error)) log.error(`condition of pod ${namespace}/${name}`, error);
      });
  }
}

function attempted({ metadata: { namespace = '', name = '', uid = '' } }: Pod): Attempted {
  return { namespace, name, uid };
}

function labelsDiffer(pod: Pod, previous: Pod | undefined): boolean {
  return JSON.stringify(pod.metadata.labels) !== JSON.stringify(previous?.metadata.labels);
}

/** Whether a change of a node could make room for a pod: heartbeats do not. */
function mattersForScheduling(node: Node, previous: Node): boolean {
  const essence = ({ metadata, spec, status }: Node) =>
    JSON.stringify([
      metadata.labels,
      spec?.taints,
      spec?.unschedulable,
      status?.allocatable,
      status?.conditions?.map(({ type, status: state }) => [type, state]),
    ]);
  return essence(node) !== essence(previous);
}
