import { isPodActive, isPodFinished } from '../../../../shared/kubernetes/conditions';
import type { Pod, ReplicaSet, ReplicationController } from '../../../../shared/kubernetes/objects';
import { controllerOf } from '../../../../shared/kubernetes/owners';
import { pods, type Resource, replicaSets, replicationControllers } from '../../../../shared/kubernetes/resources';
import { type LabelSelector, selectorFromLabelSelector } from '../../../../shared/kubernetes/selectors';
import { isNamespaceTerminating } from '../../../../shared/kubernetes/status-error';
import { timestamp } from '../../clock';
import type { ComponentContext, ComponentDefinition } from '../../component';
import type { Informer } from '../../informer';
import { claim, dependentsOf, indexByController } from '../adoption';
import { Controller, updateStatus } from '../controller';
import { equivalent } from '../equality';
import { Expectations } from '../expectations';
import { watchOwnedPods } from '../owned-pods';
import { PodControl, slowStart } from '../pod-control';
import { rankVictims } from './ranking';
import { type Outcome, type Replicated, replicaSetStatus } from './status';

/** The most pods made or removed in one round. */
const BURST = 500;

/** What ReplicaSets and ReplicationControllers, their predecessors, do not have in common. */
interface ReplicaKind<T extends Replicated> {
  readonly controller: string;
  readonly resource: Resource<T>;
  selectorOf(set: T): LabelSelector;
  /** Whether the status has a count of pods that are on their way out. */
  readonly countsTerminating: boolean;
}

/**
 * Keeps as many pods as each ReplicaSet wants (pkg/controller/replicaset/replica_set.go), or each ReplicationController
 * (pkg/controller/replication, which wraps it).
 */
class ReplicaSetController<T extends Replicated> extends Controller {
  readonly #kind: ReplicaKind<T>;
  readonly #sets: Informer<T>;
  readonly #pods: Informer<Pod>;
  readonly #expectations: Expectations;
  readonly #control: PodControl<T>;

  constructor(context: ComponentContext, kind: ReplicaKind<T>) {
    super(kind.controller, context);
    const { resource, selectorOf } = kind;
    this.#kind = kind;
    this.#expectations = new Expectations(context.clock);
    this.#control = new PodControl(context, resource);
    this.#sets = this.primary(resource);
    indexByController(this.#sets);
    this.#pods = watchOwnedPods(context.informers, {
      resource,
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
    const trusted = this.#expectations.satisfied(key);
    const { resource, selectorOf } = this.#kind;
    const owned = await claim(this.context.client, resource, set, pods, this.#pods, selectorOf(set), {
      adoptable: isPodActive,
    });
    const active = owned.filter(isPodActive);
    const outcome: Outcome =
      trusted && set.metadata.deletionTimestamp === undefined ? await this.#scale(key, set, active) : { missing: 0 };
    const leaving = (pod: Pod) => pod.metadata.deletionTimestamp !== undefined && !isPodFinished(pod);
    const terminating = this.#kind.countsTerminating ? owned.filter(leaving).length : undefined;
    const status = replicaSetStatus(set, active, terminating, outcome, {
      time: this.now,
      text: timestamp(this.context.clock),
    });
    if (!equivalent(status, set.status)) await updateStatus<T>(this.context, resource, set, status);
    if (outcome.error !== undefined) throw outcome.error;
    const minReadySeconds = set.spec?.minReadySeconds ?? 0;
    if (
      minReadySeconds > 0 &&
      status.readyReplicas === set.spec?.replicas &&
      status.availableReplicas !== status.readyReplicas
    ) {
      this.enqueueAfter(key, (minReadySeconds + 1) * 1000);
    }
  }

  async #scale(key: string, set: T, active: readonly Pod[]): Promise<Outcome> {
    const missing = (set.spec?.replicas ?? 1) - active.length;
    if (missing > 0) return this.#create(key, set, Math.min(missing, BURST));
    if (missing < 0) return this.#delete(key, set, active, Math.min(-missing, BURST));
    return { missing };
  }

  async #create(key: string, set: T, count: number): Promise<Outcome> {
    const template = set.spec?.template;
    if (template === undefined) return { missing: 0 };
    this.#expectations.expectCreations(key, count);
    const { done, error } = await slowStart(count, async () => {
      await this.#control.create(set, template);
    });
    this.#expectations.creationObserved(key, count - done);
    return isNamespaceTerminating(error) ? { missing: 0 } : { missing: count, error };
  }

  async #delete(key: string, set: T, active: readonly Pod[], count: number): Promise<Outcome> {
    const victims = rankVictims(active, this.#related(set), this.now).slice(0, count);
    this.#expectations.expectDeletions(
      key,
      victims.map(({ metadata }) => metadata.uid ?? ''),
    );
    const results = await Promise.allSettled(
      victims.map(async (pod) => {
        try {
          await this.#control.delete(set, pod);
        } catch (error) {
          this.#expectations.deletionObserved(key, pod.metadata.uid ?? '');
          throw error;
        }
      }),
    );
    const failed = results.find((result) => result.status === 'rejected');
    return { missing: -count, error: failed?.reason };
  }

  /** The active pods of all replica sets of the same owner. */
  #related(set: T): Pod[] {
    const owner = controllerOf(set);
    const sets = owner === undefined ? [set] : this.#sets.byIndex('controller', owner.uid);
    return sets.flatMap((each) => dependentsOf(this.#pods, each)).filter(isPodActive);
  }
}

const replicaSetKind: ReplicaKind<ReplicaSet> = {
  controller: 'replicaset-controller',
  resource: replicaSets,
  selectorOf: ({ spec }) => selectorFromLabelSelector(spec?.selector),
  countsTerminating: true,
};

const replicationControllerKind: ReplicaKind<ReplicationController> = {
  controller: 'replicationcontroller-controller',
  resource: replicationControllers,
  selectorOf: ({ spec }) => selectorFromLabelSelector({ matchLabels: spec?.selector ?? {} }),
  countsTerminating: false,
};

export const replicaSetController: ComponentDefinition = {
  name: 'replicaset-controller',
  user: 'system:serviceaccount:kube-system:replicaset-controller',
  create: (context) => new ReplicaSetController(context, replicaSetKind),
};

export const replicationControllerController: ComponentDefinition = {
  name: 'replicationcontroller-controller',
  user: 'system:serviceaccount:kube-system:replication-controller',
  eventSource: { component: 'replication-controller' },
  create: (context) => new ReplicaSetController(context, replicationControllerKind),
};
