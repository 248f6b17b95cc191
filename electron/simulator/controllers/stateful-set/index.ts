import { messageOf } from '../../../../shared/error-message';
import { isPodAvailable, isPodFinished } from '../../../../shared/kubernetes/conditions';
import type {
  ControllerRevision,
  PersistentVolumeClaim,
  Pod,
  StatefulSet,
} from '../../../../shared/kubernetes/objects';
import { persistentVolumeClaims, pods, statefulSets } from '../../../../shared/kubernetes/resources';
import { selectorFromLabelSelector } from '../../../../shared/kubernetes/selectors';
import { isAlreadyExists, isNamespaceTerminating, isNotFound } from '../../../../shared/kubernetes/status-error';
import type { ComponentContext, ComponentDefinition } from '../../component';
import { type Informer, keyOf } from '../../informer';
import { claim } from '../adoption';
import { Controller, updateStatus } from '../controller';
import { ControllerHistory, type History } from '../controller-history';
import { equivalent } from '../equality';
import { watchOwnedPods } from '../owned-pods';
import { claimsFor, ordinalOf, podFor, podName, podReference, revisionNameOf } from './identity';
import { isRunningAndReady, statefulSetStatus } from './status';

/** Runs pods that keep their names and volumes, one after another (pkg/controller/statefulset). */
class StatefulSetController extends Controller {
  readonly #sets: Informer<StatefulSet>;
  readonly #pods: Informer<Pod>;
  readonly #claims: Informer<PersistentVolumeClaim>;
  readonly #history: ControllerHistory<StatefulSet>;

  constructor(context: ComponentContext) {
    super('statefulset-controller', context);
    this.#history = new ControllerHistory(context, statefulSets);
    this.#sets = this.primary(statefulSets);
    this.#claims = context.informers.for(persistentVolumeClaims);
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
    const owned = await claim(this.context.client, statefulSets, set, pods, this.#pods, selectorOf(set), isOurs);
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
    const start = set.spec?.ordinals?.start ?? 0;
    const end = start + (set.spec?.replicas ?? 1);
    const byOrdinal = new Map(owned.map((pod) => [ordinalOf(set, pod) ?? -1, pod]));
    for (let ordinal = start; ordinal < end; ordinal++) {
      const pod = byOrdinal.get(ordinal);
      if (pod === undefined) {
        await this.#create(set, revisionFor(set, ordinal, start, current, update), ordinal);
        if (inOrder) return;
        continue;
      }
      if (isPodFinished(pod) && pod.metadata.deletionTimestamp === undefined) {
        const failed = pod.status?.phase === 'Failed';
        const { namespace, name } = pod.metadata;
        const message = `StatefulSet ${namespace}/${set.metadata.name} is recreating ${failed ? 'failed' : 'terminated'} Pod ${name}`;
        const reason = failed ? 'RecreatingFailedPod' : 'RecreatingTerminatedPod';
        this.context.events.event(set, failed ? 'Warning' : 'Normal', reason, message);
        await this.#delete(set, pod);
        if (inOrder) return;
        continue;
      }
      if (inOrder && !this.#isHealthy(set, pod)) return;
    }
    const condemned = [...byOrdinal].filter(([ordinal]) => ordinal < start || ordinal >= end).sort(([a], [b]) => b - a);
    const ordinals = [...byOrdinal].sort(([a], [b]) => a - b).map(([, pod]) => pod);
    const firstUnhealthy = ordinals.find(
      (pod) => !isRunningAndReady(pod) || pod.metadata.deletionTimestamp !== undefined,
    );
    for (const [ordinal, pod] of condemned) {
      if (pod.metadata.deletionTimestamp !== undefined) {
        if (inOrder) return;
        continue;
      }
      if (inOrder && !isRunningAndReady(pod) && pod !== firstUnhealthy) return;
      await this.#letClaimsGo(set, pod, ordinal);
      await this.#delete(set, pod);
      if (inOrder) return;
    }
    if (set.spec?.updateStrategy?.type === 'OnDelete') return;
    const partition = set.spec?.updateStrategy?.rollingUpdate?.partition ?? 0;
    for (let ordinal = end - 1; ordinal >= Math.max(start, partition); ordinal--) {
      const pod = byOrdinal.get(ordinal);
      if (pod === undefined) return;
      if (revisionNameOf(pod) !== update.metadata.name && pod.metadata.deletionTimestamp === undefined) {
        await this.#delete(set, pod);
        return;
      }
      if (!this.#isHealthy(set, pod)) return;
    }
  }

  #isHealthy(set: StatefulSet, pod: Pod): boolean {
    if (pod.metadata.deletionTimestamp !== undefined || !isRunningAndReady(pod)) return false;
    return isPodAvailable(pod, set.spec?.minReadySeconds ?? 0, this.now);
  }

  async #create(set: StatefulSet, revision: ControllerRevision, ordinal: number): Promise<void> {
    const { client, events } = this.context;
    const name = podName(set, ordinal);
    for (const wanted of claimsFor(set, ordinal)) {
      if (this.#claims.get(wanted.metadata.namespace, wanted.metadata.name ?? '') !== undefined) continue;
      const what = `create Claim ${wanted.metadata.name} Pod ${name} in StatefulSet ${set.metadata.name}`;
      try {
        await client.create(persistentVolumeClaims, wanted);
        events.event(set, 'Normal', 'SuccessfulCreate', `${what} success`);
      } catch (error) {
        if (isAlreadyExists(error)) continue;
        events.event(set, 'Warning', 'FailedCreate', `${what} failed error: ${messageOf(error)}`);
        throw error;
      }
    }
    const what = `create Pod ${name} in StatefulSet ${set.metadata.name}`;
    try {
      await client.create(pods, podFor(set, revision, ordinal));
      events.event(set, 'Normal', 'SuccessfulCreate', `${what} successful`);
    } catch (error) {
      // The cache was behind: the pod's own event calls again.
      if (isAlreadyExists(error)) return;
      if (!isNamespaceTerminating(error)) {
        events.event(set, 'Warning', 'FailedCreate', `${what} failed error: ${messageOf(error)}`);
      }
      throw error;
    }
  }

  async #delete(set: StatefulSet, pod: Pod): Promise<void> {
    const { namespace, name = '', uid } = pod.metadata;
    const what = `delete Pod ${name} in StatefulSet ${set.metadata.name}`;
    try {
      await this.context.client.delete(pods, namespace, name, uid === undefined ? {} : { preconditions: { uid } });
    } catch (error) {
      if (isNotFound(error)) return;
      this.context.events.event(set, 'Warning', 'FailedDelete', `${what} failed error: ${messageOf(error)}`);
      throw error;
    }
    this.context.events.event(set, 'Normal', 'SuccessfulDelete', `${what} successful`);
  }

  /** Where scaling down takes the claims along, they get the pod as their owner. */
  async #letClaimsGo(set: StatefulSet, pod: Pod, ordinal: number): Promise<void> {
    if (set.spec?.persistentVolumeClaimRetentionPolicy?.whenScaled !== 'Delete') return;
    for (const { metadata } of claimsFor(set, ordinal)) {
      const present = this.#claims.get(metadata.namespace, metadata.name ?? '');
      if (present === undefined || present.metadata.ownerReferences?.some(({ uid }) => uid === pod.metadata.uid))
        continue;
      const others = (present.metadata.ownerReferences ?? []).filter(({ kind }) => kind !== 'StatefulSet');
      const ownerReferences = [...others, podReference(pod)];
      await this.context.client.update(persistentVolumeClaims, {
        ...present,
        metadata: { ...present.metadata, ownerReferences },
      });
    }
  }
}

/** Which template a new pod gets: below the partition, and where the update has not come yet, the current one. */
function revisionFor(
  set: StatefulSet,
  ordinal: number,
  start: number,
  current: ControllerRevision,
  update: ControllerRevision,
): ControllerRevision {
  const { updateStrategy } = set.spec ?? {};
  if (updateStrategy?.type === 'OnDelete') return update;
  const partition = updateStrategy?.rollingUpdate?.partition ?? 0;
  if (partition === 0) return ordinal < start + (set.status?.currentReplicas ?? 0) ? current : update;
  return ordinal < start + partition ? current : update;
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
