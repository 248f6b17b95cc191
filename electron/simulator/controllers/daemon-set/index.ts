import { isPodAvailable, isPodReady } from '../../../../shared/kubernetes/conditions';
import type { DaemonSet, Node, Pod } from '../../../../shared/kubernetes/objects';
import { daemonSets, nodes, pods } from '../../../../shared/kubernetes/resources';
import { selectorFromLabelSelector } from '../../../../shared/kubernetes/selectors';
import { isNamespaceTerminating } from '../../../../shared/kubernetes/status-error';
import type { ComponentContext, ComponentDefinition } from '../../component';
import { type Informer, keyOf } from '../../informer';
import { claim } from '../adoption';
import { Controller, updateStatus } from '../controller';
import { ControllerHistory, REVISION_LABEL } from '../controller-history';
import { equivalent } from '../equality';
import { Expectations } from '../expectations';
import { omitEmpty } from '../omit-empty';
import { watchOwnedPods } from '../owned-pods';
import { PodControl, slowStart } from '../pod-control';
import { placementOf, targetNodeOf, templateFor } from './placement';
import { rollingStep } from './rollout';

/** The most pods made or removed in one round. */
const BURST = 250;
/** A failed pod on a node is replaced later each time (milliseconds). */
const FIRST_BACKOFF = 1000;
const LONGEST_BACKOFF = 15 * 60_000;

const GENERATION_ANNOTATION = 'deprecated.daemonset.template.generation';
const GENERATION_LABEL = 'pod-template-generation';

/** Runs one pod on every node that a DaemonSet means (pkg/controller/daemon/daemon_controller.go). */
class DaemonSetController extends Controller {
  readonly #sets: Informer<DaemonSet>;
  readonly #nodes: Informer<Node>;
  readonly #pods: Informer<Pod>;
  readonly #history: ControllerHistory<DaemonSet>;
  readonly #expectations: Expectations;
  readonly #control: PodControl<DaemonSet>;
  /** By daemon set and node: how often its pods failed there, and when next one may be replaced. */
  readonly #backoff = new Map<string, { delay: number; until: number }>();

  constructor(context: ComponentContext) {
    super('daemonset-controller', context);
    this.#expectations = new Expectations(context.clock);
    this.#control = new PodControl(context, daemonSets);
    this.#history = new ControllerHistory(context, daemonSets);
    this.#sets = this.primary(daemonSets);
    this.#nodes = this.watch(nodes, (node, previous) => {
      if (previous !== undefined && placesAlike(node, previous)) return;
      for (const set of this.#sets.list()) this.enqueue(keyOf(set));
    });
    this.#pods = watchOwnedPods(context.informers, {
      resource: daemonSets,
      owners: this.#sets,
      expectations: this.#expectations,
      selectorOf,
      minReadySecondsOf: (set) => set.spec?.minReadySeconds ?? 0,
      changed: (key) => this.enqueue(key),
      changesAfter: (key, delay) => this.enqueueAfter(key, delay),
    });
  }

  protected async reconcile(key: string): Promise<void> {
    const set = this.#sets.getByKey(key);
    if (set === undefined) return this.#expectations.forget(key);
    if (set.metadata.deletionTimestamp !== undefined) return;
    const history = await this.#history.sync(set);
    const hash = history.current.metadata.labels?.[REVISION_LABEL] ?? '';
    const owned = await claim(this.context.client, daemonSets, set, pods, this.#pods, selectorOf(set));
    const byNode = groupByNode(owned);
    let failure: unknown;
    if (this.#expectations.satisfied(key)) {
      failure = await this.#place(key, set, byNode, hash);
      if (failure === undefined && this.#expectations.satisfied(key))
        failure = await this.#roll(key, set, byNode, hash);
    }
    const live = new Set(owned.map((pod) => pod.metadata.labels?.[REVISION_LABEL] ?? ''));
    await this.#history.trim(set, history, live);
    await this.#writeStatus(set, byNode, hash, history.collisionCount);
    if (failure !== undefined && !isNamespaceTerminating(failure)) throw failure;
  }

  /** Adds pods where they are missing and removes them where they do not belong (`manage`). */
  async #place(
    key: string,
    set: DaemonSet,
    byNode: ReadonlyMap<string, readonly Pod[]>,
    hash: string,
  ): Promise<unknown> {
    const missing: string[] = [];
    const surplus: Pod[] = [];
    for (const node of this.#nodes.list()) {
      const name = node.metadata.name ?? '';
      const present = byNode.get(name) ?? [];
      const { shouldRun, mayStay } = placementOf(set, node);
      if (!mayStay) surplus.push(...present);
      else if (present.length > 0) surplus.push(...this.#surplusOn(key, set, name, present));
      else if (shouldRun) missing.push(name);
    }
    // Pods of nodes that are gone are the pod garbage collector's.
    return this.#apply(
      key,
      set,
      missing,
      surplus.filter((pod) => pod.metadata.deletionTimestamp === undefined),
      hash,
    );
  }

  #surplusOn(key: string, set: DaemonSet, node: string, present: readonly Pod[]): Pod[] {
    const surplus: Pod[] = [];
    const running: Pod[] = [];
    for (const pod of present) {
      const { name, namespace, deletionTimestamp } = pod.metadata;
      if (deletionTimestamp !== undefined) continue;
      if (pod.status?.phase === 'Failed') {
        if (this.#holdOff(key, node)) continue;
        const message = `Found failed daemon pod ${namespace}/${name} on node ${node}, will try to kill it`;
        this.context.events.event(set, 'Warning', 'FailedDaemonPod', message);
        surplus.push(pod);
      } else if (pod.status?.phase === 'Succeeded') {
        const message = `Found succeeded daemon pod ${namespace}/${name} on node ${node}, will try to delete it`;
        this.context.events.event(set, 'Normal', 'SucceededDaemonPod', message);
        surplus.push(pod);
      } else running.push(pod);
    }
    const surging = (set.spec?.updateStrategy?.rollingUpdate?.maxSurge ?? 0) !== 0;
    const allowed = surging && new Set(running.map((pod) => pod.metadata.labels?.[REVISION_LABEL])).size > 1 ? 2 : 1;
    running.sort((a, b) => ((a.metadata.creationTimestamp ?? '') < (b.metadata.creationTimestamp ?? '') ? -1 : 1));
    return [...surplus, ...running.slice(allowed)];
  }

  /** Whether a failed pod on this node must wait for its replacement. */
  #holdOff(key: string, node: string): boolean {
    const name = `${key}/${node}`;
    const present = this.#backoff.get(name);
    if (present !== undefined && this.now < present.until) {
      this.enqueueAfter(key, present.until - this.now);
      return true;
    }
    const delay = present === undefined ? FIRST_BACKOFF : Math.min(present.delay * 2, LONGEST_BACKOFF);
    this.#backoff.set(name, { delay, until: this.now + delay });
    return false;
  }

  async #roll(
    key: string,
    set: DaemonSet,
    byNode: ReadonlyMap<string, readonly Pod[]>,
    hash: string,
  ): Promise<unknown> {
    if (set.spec?.updateStrategy?.type === 'OnDelete') return undefined;
    const wanted = this.#nodes.list().filter((node) => placementOf(set, node).shouldRun);
    const podsByNode = new Map(
      wanted.map(({ metadata }) => [metadata.name ?? '', byNode.get(metadata.name ?? '') ?? []]),
    );
    const { remove, addTo } = rollingStep(set, podsByNode, hash, this.now);
    return this.#apply(key, set, addTo, remove, hash);
  }

  async #apply(
    key: string,
    set: DaemonSet,
    addTo: readonly string[],
    remove: readonly Pod[],
    hash: string,
  ): Promise<unknown> {
    const adding = addTo.slice(0, BURST);
    const removing = remove.slice(0, BURST);
    if (adding.length === 0 && removing.length === 0) return undefined;
    this.#expectations.expectCreations(key, adding.length);
    this.#expectations.expectDeletions(
      key,
      removing.map(({ metadata }) => metadata.uid ?? ''),
    );
    const generation = set.metadata.annotations?.[GENERATION_ANNOTATION];
    const labels = { [REVISION_LABEL]: hash, ...(generation === undefined ? {} : { [GENERATION_LABEL]: generation }) };
    const { done, error } = await slowStart(adding.length, async (index) => {
      await this.#control.create(set, templateFor(set, adding[index] ?? ''), { labels });
    });
    this.#expectations.creationObserved(key, adding.length - done);
    let failure = error;
    for (const pod of removing) {
      try {
        await this.#control.delete(set, pod);
      } catch (problem) {
        this.#expectations.deletionObserved(key, pod.metadata.uid ?? '');
        failure = problem;
      }
    }
    return failure;
  }

  async #writeStatus(
    set: DaemonSet,
    byNode: ReadonlyMap<string, readonly Pod[]>,
    hash: string,
    collisionCount: number | undefined,
  ): Promise<void> {
    const minReadySeconds = set.spec?.minReadySeconds ?? 0;
    const counts = { desired: 0, current: 0, misscheduled: 0, ready: 0, updated: 0, available: 0 };
    for (const node of this.#nodes.list()) {
      const present = byNode.get(node.metadata.name ?? '') ?? [];
      if (!placementOf(set, node).shouldRun) {
        if (present.length > 0) counts.misscheduled++;
        continue;
      }
      counts.desired++;
      // The oldest stands for the node, as upstream counts.
      const pod = [...present].sort((a, b) =>
        (a.metadata.creationTimestamp ?? '') < (b.metadata.creationTimestamp ?? '') ? -1 : 1,
      )[0];
      if (pod === undefined) continue;
      counts.current++;
      if (isPodReady(pod)) counts.ready++;
      if (isPodAvailable(pod, minReadySeconds, this.now)) counts.available++;
      if (present.some((each) => each.metadata.labels?.[REVISION_LABEL] === hash)) counts.updated++;
    }
    const collisions = collisionCount || set.status?.collisionCount;
    const next: NonNullable<DaemonSet['status']> = {
      currentNumberScheduled: counts.current,
      numberMisscheduled: counts.misscheduled,
      desiredNumberScheduled: counts.desired,
      numberReady: counts.ready,
      observedGeneration: set.metadata.generation ?? 0,
      updatedNumberScheduled: counts.updated,
      numberAvailable: counts.available,
      numberUnavailable: counts.desired - counts.available,
      ...(collisions ? { collisionCount: collisions } : {}),
      ...(set.status?.conditions === undefined ? {} : { conditions: set.status.conditions }),
    };
    const status = omitEmpty(
      next,
      'currentNumberScheduled',
      'numberMisscheduled',
      'desiredNumberScheduled',
      'numberReady',
    );
    if (!equivalent(status, set.status)) await updateStatus(this.context, daemonSets, set, status);
    if (minReadySeconds > 0 && counts.ready !== counts.available) {
      this.enqueueAfter(keyOf(set), (minReadySeconds + 1) * 1000);
    }
  }
}

function groupByNode(owned: readonly Pod[]): Map<string, Pod[]> {
  const byNode = new Map<string, Pod[]>();
  for (const pod of owned) {
    const node = targetNodeOf(pod.spec);
    if (node === undefined) continue;
    const present = byNode.get(node);
    if (present === undefined) byNode.set(node, [pod]);
    else present.push(pod);
  }
  return byNode;
}

function selectorOf(set: DaemonSet) {
  return selectorFromLabelSelector(set.spec?.selector);
}

/** Whether nothing changed by which pods are placed. */
function placesAlike(a: Node, b: Node): boolean {
  return equivalent(a.metadata.labels, b.metadata.labels) && equivalent(a.spec?.taints, b.spec?.taints);
}

export const daemonSetController: ComponentDefinition = {
  name: 'daemonset-controller',
  user: 'system:serviceaccount:kube-system:daemon-set-controller',
  create: (context) => new DaemonSetController(context),
};
