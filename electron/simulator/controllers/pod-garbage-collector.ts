import { isPodFinished } from '../../../shared/kubernetes/conditions';
import type { Node, Pod } from '../../../shared/kubernetes/objects';
import { nodes, pods } from '../../../shared/kubernetes/resources';
import { isNotFound } from '../../../shared/kubernetes/status-error';
import type { ComponentContext, ComponentDefinition } from '../component';
import type { Informer } from '../informer';
import { Controller } from './controller';
import { disrupt } from './pod-disruption';

/** How often it looks (milliseconds). */
const PERIOD = 20_000;
/** A node must have been gone this long before its pods are taken for lost (milliseconds). */
const QUARANTINE = 40_000;
/** `--terminated-pod-gc-threshold`. */
const FINISHED_KEPT = 12_500;

/** Removes pods that nobody else will: of nodes that are gone, never scheduled, or ended long ago (pkg/controller/podgc). */
class PodGarbageCollector extends Controller {
  readonly #pods: Informer<Pod>;
  readonly #nodes: Informer<Node>;
  /** Since when a node has been missing, in milliseconds since the epoch. */
  readonly #missing = new Map<string, number>();

  constructor(context: ComponentContext) {
    super('pod-garbage-collector-controller', context);
    this.#pods = context.informers.for(pods);
    this.#nodes = context.informers.for(nodes);
    this.enqueue('sweep');
  }

  protected async reconcile(key: string): Promise<void> {
    this.enqueueAfter(key, PERIOD);
    const all = this.#pods.list();
    const finished = all
      .filter((pod) => isPodFinished(pod) && pod.metadata.deletionTimestamp === undefined)
      .sort((a, b) => ((a.metadata.creationTimestamp ?? '') < (b.metadata.creationTimestamp ?? '') ? -1 : 1));
    for (const pod of finished.slice(0, Math.max(0, finished.length - FINISHED_KEPT))) await this.#delete(pod);
    for (const { metadata } of this.#nodes.list()) this.#missing.delete(metadata.name ?? '');
    for (const pod of all) {
      const node = pod.spec?.nodeName;
      if (!node) {
        if (pod.metadata.deletionTimestamp !== undefined) await this.#delete(pod);
      } else if (this.#isLost(node)) {
        const why = { reason: 'DeletionByPodGC', message: 'PodGC: node no longer exists' };
        const phase = isPodFinished(pod) ? {} : { phase: 'Failed' };
        await disrupt(this.context, pod, why, { ...phase, gracePeriodSeconds: 0 });
      }
    }
  }

  #isLost(node: string): boolean {
    if (this.#nodes.get(undefined, node) !== undefined) return false;
    const since = this.#missing.get(node) ?? this.now;
    this.#missing.set(node, since);
    return this.now - since >= QUARANTINE;
  }

  async #delete({ metadata }: Pod): Promise<void> {
    try {
      await this.context.client.delete(pods, metadata.namespace, metadata.name ?? '', { gracePeriodSeconds: 0 });
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
  }
}

export const podGarbageCollector: ComponentDefinition = {
  name: 'pod-garbage-collector-controller',
  user: 'system:serviceaccount:kube-system:pod-garbage-collector',
  create: (context) => new PodGarbageCollector(context),
};
