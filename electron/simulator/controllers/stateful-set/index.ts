import { isPodAvailable, isPodFinished } from '../../../../shared/kubernetes/conditions';
import type { ControllerRevision, Pod, StatefulSet } from '../../../../shared/kubernetes/objects';
import { pods, statefulSets } from '../../../../shared/kubernetes/resources';
import { selectorFromLabelSelector } from '../../../../shared/kubernetes/selectors';
import { isNamespaceTerminating } from '../../../../shared/kubernetes/status-error';
import type { ComponentContext, ComponentDefinition } from '../../component';
import { type Informer, keyOf } from '../../informer';
import { claim } from '../adoption';
import { Controller, updateStatus } from '../controller';
import { ControllerHistory, type History } from '../controller-history';
import { equivalent } from '../equality';
import { watchOwnedPods } from '../owned-pods';
import { isInRange, ordinalOf, podFor, rangeOf, revisionNameOf } from './identity';
import { StatefulPodControl } from './pod-control';
import { isRunningAndReady, statefulSetStatus } from './status';

/** Milliseconds between two looks at whether a claim that has to go is gone. */
const STALE_CLAIM_RETRY = 1000;

/** Runs pods that keep their names and volumes, one after another (pkg/controller/statefulset). */
class StatefulSetController extends Controller {
  readonly #sets: Informer<StatefulSet>;
  readonly #pods: Informer<Pod>;
  readonly #control: StatefulPodControl;
  readonly #history: ControllerHistory<StatefulSet>;

  constructor(context: ComponentContext) {
    super('statefulset-controller', context);
    this.#history = new ControllerHistory(context, statefulSets);
    this.#sets = this.primary(statefulSets);
    this.#control = new StatefulPodControl(context);
    this.#pods = watchOwnedPods(context.informers, {
      resource: statefulSets,
      owners: this.#sets,
      selectorOf,
      minReadySecondsOf: (set) => set.spec?.minReadySeconds ?? 0,
      changed: (key) => this.enqueue(key),
      changesAfter: (key, delay) => this.enqueueAfter(key, delay),
    });
  }

  protected async reconcile(key: string): Promise<void> {
    const set = this.#sets.getByKey(key);
    if (set === undefined) return;
    const isOurs = (pod: Pod) => ordinalOf(set, pod) !== undefined;
    const owned = await claim(this.context.client, statefulSets, set, pods, this.#pods, selectorOf(set), {
      adoptable: isOurs,
    });
    const history = await this.#history.sync(set);
    const update = history.current;
    const current = history.all.find(({ metadata }) => metadata.name === set.status?.currentRevision) ?? update;
    let problem: unknown;
    if (set.metadata.deletionTimestamp === undefined) {
      try {
        await this.#step(set, owned, current, update);
      } catch (error) {
        problem = error;
      }
    }
    await this.#finish(set, owned, current, history);
    if (problem !== undefined && !isNamespaceTerminating(problem)) throw problem;
  }

  async #finish(set: StatefulSet, owned: readonly Pod[], current: ControllerRevision, history: History): Promise<void> {
    const names = [current.metadata.name ?? '', history.current.metadata.name ?? ''] as const;
    const status = statefulSetStatus(set, owned, ...names, history.collisionCount, this.now);
    if (!equivalent(withoutZeros(status), withoutZeros(set.status))) {
      await updateStatus(this.context, statefulSets, set, status);
    }
    await this.#history.trim(set, history, new Set([...owned.map(revisionNameOf), ...names]));
    const minReadySeconds = set.spec?.minReadySeconds ?? 0;
    if (minReadySeconds > 0 && status.readyReplicas !== status.availableReplicas) {
      this.enqueueAfter(keyOf(set), (minReadySeconds + 1) * 1000);
    }
  }

  /** As far as this round may go: in order, unless the policy is Parallel (`updateStatefulSet`). */
  async #step(
    set: StatefulSet,
    owned: readonly Pod[],
    current: ControllerRevision,
    update: ControllerRevision,
  ): Promise<void> {
    const inOrder = set.spec?.podManagementPolicy !== 'Parallel';
    const { start, end } = rangeOf(set);
    const present = new Map(owned.map((pod) => [ordinalOf(set, pod), pod]));
    const replicas = Array.from({ length: end - start }, (_, index) => {
      const ordinal = start + index;
      return present.get(ordinal) ?? podFor(set, revisionFor(set, index, current, update), ordinal);
    });
    const condemned = owned
      .filter((pod) => !isInRange(set, pod))
      .sort((a, b) => (ordinalOf(set, b) ?? 0) - (ordinalOf(set, a) ?? 0));
    const firstUnavailable = [...replicas, ...[...condemned].reverse()].find((pod) => this.#isUnavailable(set, pod));
    for (const pod of replicas) {
      if ((await this.#establish(set, pod, inOrder)) === 'waits' && inOrder) return;
    }
    for (const pod of condemned) await this.#control.alignClaims(set, pod);
    for (const pod of condemned) {
      const isEnding = pod.metadata.deletionTimestamp !== undefined;
      if (inOrder && (isEnding || (!this.#isAvailable(set, pod) && pod !== firstUnavailable))) return;
      if (!isEnding) await this.#control.delete(set, pod);
      if (inOrder) return;
    }
    const { type, rollingUpdate } = set.spec?.updateStrategy ?? {};
    if (type === 'OnDelete') return;
    for (const pod of replicas.slice(rollingUpdate?.partition ?? 0).reverse()) {
      if (revisionNameOf(pod) !== update.metadata.name && pod.metadata.deletionTimestamp === undefined) {
        await this.#control.delete(set, pod);
        return;
      }
      if (this.#isUnavailable(set, pod)) return;
    }
  }

  /**
   * Brings one of the pods that are to be as far as can be now (`processReplica`).
   * @param pod without a uid: it is not there yet.
   * @returns whether those after it have to wait, where they come in order.
   */
  async #establish(set: StatefulSet, pod: Pod, inOrder: boolean): Promise<'waits' | 'stands'> {
    const { deletionTimestamp } = pod.metadata;
    if (isPodFinished(pod)) {
      if (deletionTimestamp === undefined) await this.#control.delete(set, pod);
      return 'waits';
    }
    if (pod.metadata.uid === undefined) {
      if (!this.#control.hasStaleClaim(set, pod)) await this.#control.create(set, pod);
      // That the claim is gone is told to nobody, upstream either: there, anything else about the set has to happen first.
      else this.enqueueAfter(keyOf(set), STALE_CLAIM_RETRY);
      return 'waits';
    }
    if (pod.status?.phase === 'Pending') await this.#control.completeClaims(set, pod);
    if (inOrder && this.#isUnavailable(set, pod)) return 'waits';
    await this.#control.putRight(set, pod);
    return 'stands';
  }

  #isUnavailable(set: StatefulSet, pod: Pod): boolean {
    return pod.metadata.deletionTimestamp !== undefined || !this.#isAvailable(set, pod);
  }

  #isAvailable(set: StatefulSet, pod: Pod): boolean {
    return isRunningAndReady(pod) && isPodAvailable(pod, set.spec?.minReadySeconds ?? 0, this.now);
  }
}

/**
 * Which template a new pod gets: the current one below the partition (`newVersionedStatefulSetPod`).
 * @param index from the first ordinal on.
 */
function revisionFor(
  { spec }: StatefulSet,
  index: number,
  current: ControllerRevision,
  update: ControllerRevision,
): ControllerRevision {
  return index < (spec?.updateStrategy?.rollingUpdate?.partition ?? 0) ? current : update;
}

function selectorOf(set: StatefulSet) {
  return selectorFromLabelSelector(set.spec?.selector);
}

/** Absent counts are zero. */
function withoutZeros(status: StatefulSet['status']): object {
  return Object.fromEntries(Object.entries(status ?? {}).filter(([, value]) => value !== 0));
}

export const statefulSetController: ComponentDefinition = {
  name: 'statefulset-controller',
  user: 'system:serviceaccount:kube-system:statefulset-controller',
  create: (context) => new StatefulSetController(context),
};
