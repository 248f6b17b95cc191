import { isPodReady, withCondition } from '../../../shared/kubernetes/conditions';
import { resolveIntOrPercent } from '../../../shared/kubernetes/int-or-string';
import type { KubeObject, Pod, PodDisruptionBudget } from '../../../shared/kubernetes/objects';
import { controllerOf } from '../../../shared/kubernetes/owners';
import {
  deployments,
  podDisruptionBudgets,
  pods,
  replicaSets,
  replicationControllers,
  statefulSets,
} from '../../../shared/kubernetes/resources';
import { selectorFromLabelSelector } from '../../../shared/kubernetes/selectors';
import { timestamp } from '../clock';
import type { ComponentContext, ComponentDefinition } from '../component';
import { type Informer, keyOf } from '../informer';
import { Controller, updateStatus } from './controller';
import { equivalent } from './equality';

type Status = NonNullable<PodDisruptionBudget['status']>;

/** An eviction that has not led to a deletion within this time is taken back (milliseconds). */
const EVICTION_TIMEOUT = 120_000;

interface Scaled extends KubeObject {
  spec?: { replicas?: number };
}

/** Counts how many pods each budget allows to be evicted (pkg/controller/disruption). */
class DisruptionController extends Controller {
  readonly #budgets: Informer<PodDisruptionBudget>;
  readonly #pods: Informer<Pod>;
  readonly #scaled: Readonly<Record<string, Pick<Informer<Scaled>, 'get'>>>;

  constructor(context: ComponentContext) {
    super('disruption-controller', context);
    const { informers } = context;
    this.#scaled = {
      ReplicaSet: informers.for(replicaSets),
      ReplicationController: informers.for(replicationControllers),
      Deployment: informers.for(deployments),
      StatefulSet: informers.for(statefulSets),
    };
    this.#budgets = this.primary(podDisruptionBudgets);
    this.#pods = this.watch(pods, (pod, previous) => {
      for (const budget of this.#budgets.list(pod.metadata.namespace)) {
        const selector = selectorOf(budget);
        const concerned = [pod, previous].some((each) => each !== undefined && selector.matches(each.metadata.labels));
        if (concerned) this.enqueue(keyOf(budget));
      }
    });
  }

  protected async reconcile(key: string): Promise<void> {
    const budget = this.#budgets.getByKey(key);
    if (budget === undefined) return;
    const selector = selectorOf(budget);
    const chosen = this.#pods.list(budget.metadata.namespace).filter((pod) => selector.matches(pod.metadata.labels));
    const disruptedPods = this.#stillDisrupted(key, budget, chosen);
    const { expected, desired } = this.#count(budget, chosen);
    const healthy = chosen.filter(
      (pod) =>
        pod.metadata.deletionTimestamp === undefined &&
        disruptedPods[pod.metadata.name ?? ''] === undefined &&
        isPodReady(pod),
    ).length;
    const allowed = expected <= 0 ? 0 : Math.max(0, healthy - desired);
    const observedGeneration = budget.metadata.generation ?? 0;
    const status: Status = {
      observedGeneration,
      ...(Object.keys(disruptedPods).length === 0 ? {} : { disruptedPods }),
      disruptionsAllowed: allowed,
      currentHealthy: healthy,
      desiredHealthy: desired,
      expectedPods: expected,
      conditions: [
        ...withCondition(budget.status?.conditions, {
          type: 'DisruptionAllowed',
          status: allowed > 0 ? 'True' : 'False',
          reason: allowed > 0 ? 'SufficientPods' : 'InsufficientPods',
          message: '',
          observedGeneration,
          lastTransitionTime: timestamp(this.context.clock),
        }),
      ],
    };
    if (!equivalent(status, budget.status)) await updateStatus(this.context, podDisruptionBudgets, budget, status);
  }

  /** Evictions that were granted and whose deletion has not shown yet. */
  #stillDisrupted(key: string, budget: PodDisruptionBudget, chosen: readonly Pod[]): Record<string, string> {
    const still: Record<string, string> = {};
    for (const [name, since] of Object.entries(budget.status?.disruptedPods ?? {})) {
      const pod = chosen.find(({ metadata }) => metadata.name === name);
      const wait = Date.parse(since) + EVICTION_TIMEOUT - this.now;
      if (pod === undefined || pod.metadata.deletionTimestamp !== undefined || wait <= 0) continue;
      still[name] = since;
      this.enqueueAfter(key, wait);
    }
    return still;
  }

  /** How many pods there should be, and how many of them must stay healthy (`getExpectedPodCount`). */
  #count(budget: PodDisruptionBudget, chosen: readonly Pod[]): { expected: number; desired: number } {
    const { minAvailable, maxUnavailable } = budget.spec ?? {};
    if (maxUnavailable !== undefined) {
      const expected = this.#expectedScale(chosen);
      return { expected, desired: Math.max(0, expected - resolveIntOrPercent(maxUnavailable, expected, true)) };
    }
    if (typeof minAvailable === 'string') {
      const expected = this.#expectedScale(chosen);
      return { expected, desired: resolveIntOrPercent(minAvailable, expected, true) };
    }
    return { expected: chosen.length, desired: minAvailable ?? 0 };
  }

  /** What the pods' controllers are scaled to, each counted once. */
  #expectedScale(chosen: readonly Pod[]): number {
    const scales = new Map<string, number>();
    for (const pod of chosen) {
      const owner = this.#topOwner(pod);
      if (owner?.metadata.uid !== undefined) scales.set(owner.metadata.uid, owner.spec?.replicas ?? 1);
    }
    return [...scales.values()].reduce((sum, replicas) => sum + replicas, 0);
  }

  #topOwner(object: KubeObject): Scaled | undefined {
    const reference = controllerOf(object);
    const owner = reference && this.#scaled[reference.kind]?.get(object.metadata.namespace, reference.name);
    if (owner === undefined || owner.metadata.uid !== reference?.uid) return undefined;
    return this.#topOwner(owner) ?? owner;
  }
}

function selectorOf(budget: PodDisruptionBudget) {
  return selectorFromLabelSelector(budget.spec?.selector);
}

export const disruptionController: ComponentDefinition = {
  name: 'disruption-controller',
  user: 'system:serviceaccount:kube-system:disruption-controller',
  eventSource: { component: 'controllermanager' },
  create: (context) => new DisruptionController(context),
};
