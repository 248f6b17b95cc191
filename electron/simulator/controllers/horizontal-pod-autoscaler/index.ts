import { messageOf } from '../../../../shared/error-message';
import { withCondition } from '../../../../shared/kubernetes/conditions';
import type { HorizontalPodAutoscaler, Pod, Scale } from '../../../../shared/kubernetes/objects';
import { horizontalPodAutoscalers, pods } from '../../../../shared/kubernetes/resources';
import { type LabelSelector, parseLabelSelector } from '../../../../shared/kubernetes/selectors';
import { timestamp } from '../../clock';
import type { ComponentContext, ComponentDefinition } from '../../component';
import { type Informer, keyOf, splitKey } from '../../informer';
import { Controller, updateStatus } from '../controller';
import { CustomResources } from '../custom-resources';
import { equivalent } from '../equality';
import { MetricFailure, type MetricProposal, type MetricStatus, proposalOf, tolerancesOf } from './metric-proposal';
import { ScaleTarget } from './scale-target';
import { ScalingHistory } from './scaling-history';
import { limited, limitedBy } from './scaling-limits';

type Spec = NonNullable<HorizontalPodAutoscaler['spec']>;
type Status = NonNullable<HorizontalPodAutoscaler['status']>;
type ConditionType = 'AbleToScale' | 'ScalingActive' | 'ScalingLimited';

/** kube-controller-manager's `--horizontal-pod-autoscaler-sync-period`, in milliseconds. */
const SYNC_PERIOD = 15_000;

/** Scales what autoscalers name after what its pods use (pkg/controller/podautoscaler/horizontal.go). */
class HorizontalController extends Controller {
  readonly #autoscalers: Informer<HorizontalPodAutoscaler>;
  readonly #pods: Informer<Pod>;
  readonly #customResources: CustomResources;
  readonly #histories = new Map<string, ScalingHistory>();
  /** By the autoscaler: which pods it was found to be about. */
  readonly #selectors = new Map<string, LabelSelector>();

  constructor(context: ComponentContext) {
    super('horizontal-pod-autoscaler', context);
    this.#customResources = new CustomResources(context);
    this.#pods = this.watch(pods);
    // Not even a new one is looked at before its time.
    this.#autoscalers = this.watch(horizontalPodAutoscalers, (autoscaler) =>
      this.enqueueAfter(keyOf(autoscaler), SYNC_PERIOD),
    );
  }

  protected async reconcile(key: string): Promise<void> {
    const autoscaler = this.#autoscalers.getByKey(key);
    if (autoscaler === undefined) {
      this.#histories.delete(key);
      this.#selectors.delete(key);
      return;
    }
    this.enqueueAfter(key, SYNC_PERIOD);
    const found = new Outcome(autoscaler, this.context);
    await this.#scale(key, autoscaler.spec ?? noSpec, found);
    const { status } = found;
    if (!equivalent(status, autoscaler.status)) {
      await updateStatus(this.context, horizontalPodAutoscalers, autoscaler, status);
    }
  }

  /** reconcileAutoscaler. */
  async #scale(key: string, spec: Spec, found: Outcome): Promise<void> {
    const { namespace = '' } = splitKey(key);
    let target: ScaleTarget;
    let scale: Scale;
    try {
      target = new ScaleTarget(this.context.client, this.#customResources, namespace, spec.scaleTargetRef);
      scale = await target.read();
    } catch (error) {
      const why = messageOf(error);
      found.warn('FailedGetScale', why);
      const message = `the HPA controller was unable to get the target's current scale: ${why}`;
      return found.condition('AbleToScale', false, 'FailedGetScale', message);
    }
    const got = "the HPA controller was able to get the target's current scale";
    found.condition('AbleToScale', true, 'SucceededGetScale', got);
    const current = scale.spec?.replicas ?? 0;
    const history = this.#histories.get(key) ?? new ScalingHistory();
    this.#histories.set(key, history);
    history.begin(current, this.now);

    const wanted = await this.#wanted(key, spec, scale, history, found);
    if (wanted === undefined) return found.counted(current, undefined);
    const { replicas, reason } = wanted;
    if (reason === undefined || replicas === current) return found.counted(current, current);
    try {
      await target.write(scale, replicas);
    } catch (error) {
      const why = messageOf(error);
      found.warn('FailedRescale', `New size: ${replicas}; reason: ${reason}; error: ${why}`);
      const message = `the HPA controller was unable to update the target scale: ${why}`;
      found.condition('AbleToScale', false, 'FailedUpdateScale', message);
      return found.counted(current, undefined);
    }
    const done = `the HPA controller was able to update the target scale to ${replicas}`;
    found.condition('AbleToScale', true, 'SucceededRescale', done);
    found.event('SuccessfulRescale', `New size: ${replicas}; reason: ${reason}`);
    history.scaled(spec.behavior, current, replicas, this.now);
    found.counted(current, replicas);
    found.rescaled(timestamp(this.context.clock));
  }

  /** @returns how many there shall be, and why others than now; `undefined` when nothing tells. */
  async #wanted(
    key: string,
    spec: Spec,
    scale: Scale,
    history: ScalingHistory,
    found: Outcome,
  ): Promise<{ replicas: number; reason?: string } | undefined> {
    const current = scale.spec?.replicas ?? 0;
    const { minReplicas: min = 1, maxReplicas: max, behavior } = spec;
    if (current === 0 && min !== 0) {
      const message = 'scaling is disabled since the replica count of the target is zero';
      found.condition('ScalingActive', false, 'ScalingDisabled', message);
      return { replicas: 0 };
    }
    if (current > max) return { replicas: max, reason: 'Current number of replicas above Spec.MaxReplicas' };
    if (current < min) return { replicas: min, reason: 'Current number of replicas below Spec.MinReplicas' };
    const measured = await this.#measure(key, spec, scale, found);
    if (measured === undefined) return undefined;
    const desired = Math.max(0, measured.replicas);
    const bounds = { min, max, current };
    const stable =
      behavior === undefined
        ? history.stabilize(desired, this.now)
        : history.stabilizeWith(behavior, current, desired, this.now);
    if (stable.replicas !== desired) found.condition('AbleToScale', true, stable.reason, stable.message);
    else found.condition('AbleToScale', true, 'ReadyForNewScale', 'recommended size matches current size');
    const { replicas, reason, message } =
      behavior === undefined
        ? limited(bounds, stable.replicas)
        : limitedBy(behavior, bounds, stable.replicas, history, this.now);
    found.condition('ScalingLimited', replicas !== stable.replicas, reason, message);
    const why =
      desired > current ? `${measured.name} above target` : desired < current ? 'All metrics below target' : '';
    return { replicas, reason: why };
  }

  /** The most that any metric asks for (computeReplicasForMetrics). */
  async #measure(key: string, spec: Spec, scale: Scale, found: Outcome): Promise<MetricProposal | undefined> {
    const { namespace = '' } = splitKey(key);
    const selector = this.#selectorOf(key, scale.status?.selector ?? '', found);
    if (selector === undefined) return undefined;
    const currentReplicas = scale.spec?.replicas ?? 0;
    const measured = {
      ...{ client: this.context.client, namespace, currentReplicas, now: this.now },
      selector: scale.status?.selector ?? '',
      pods: this.#podsOf(namespace, selector),
      tolerances: tolerancesOf(spec),
    };
    const metrics = spec.metrics ?? [];
    const statuses: MetricStatus[] = [];
    const failures: MetricFailure[] = [];
    let most: MetricProposal | undefined;
    for (const metric of metrics) {
      try {
        const proposal = await proposalOf(metric, measured);
        statuses.push(proposal.status);
        if (most === undefined || proposal.replicas > most.replicas) most = proposal;
      } catch (error) {
        if (!(error instanceof MetricFailure)) throw error;
        found.warn(error.reason, error.why);
        failures.push(error);
        // Upstream leaves the place of a metric that failed as it was made: with an empty type.
        statuses.push({ type: '' });
      }
    }
    found.measured(statuses);
    const [first] = failures;
    // One that says nothing must not be outvoted when there would be fewer.
    if (first !== undefined && (most === undefined || most.replicas < currentReplicas)) {
      const message = `the HPA was unable to compute the replica count: ${first.why}`;
      found.condition('ScalingActive', false, first.reason, message);
      const count = `${failures.length} invalid out of ${metrics.length}`;
      found.warn('FailedComputeMetricsReplicas', `invalid metrics (${count}), first error is: ${first.message}`);
      return undefined;
    }
    const message = `the HPA was able to successfully calculate a replica count from ${most?.name ?? ''}`;
    found.condition('ScalingActive', true, 'ValidMetricFound', message);
    return most;
  }

  /** Which pods the target is about, if they are this autoscaler's alone (validateAndParseSelector). */
  #selectorOf(key: string, text: string, found: Outcome): LabelSelector | undefined {
    const fail = (event: string, why: string, reason: string, message: string) => {
      found.warn(event, why);
      found.condition('ScalingActive', false, reason, message);
      found.warn('FailedComputeMetricsReplicas', why);
      return undefined;
    };
    if (text === '') {
      const message = "the HPA target's scale is missing a selector";
      return fail('SelectorRequired', 'selector is required', 'InvalidSelector', message);
    }
    let selector: LabelSelector;
    try {
      selector = parseLabelSelector(text);
    } catch (error) {
      const why = `couldn't convert selector into a corresponding internal selector object: ${messageOf(error)}`;
      return fail('InvalidSelector', why, 'InvalidSelector', why);
    }
    this.#selectors.set(key, selector);
    const { namespace } = splitKey(key);
    const chosen = this.#podsOf(namespace, selector);
    const others = [...this.#selectors]
      .filter(([other, its]) => {
        return splitKey(other).namespace === namespace && chosen.some(({ metadata }) => its.matches(metadata.labels));
      })
      .map(([other]) => other)
      .sort();
    if (others.length <= 1) return selector;
    const named = others.map((other) => `{${splitKey(other).name} ${namespace}}`).join(' ');
    const why = `pods by selector ${text} are controlled by multiple HPAs: [${named}]`;
    return fail('AmbiguousSelector', why, 'AmbiguousSelector', why);
  }

  #podsOf(namespace: string | undefined, selector: LabelSelector): Pod[] {
    return this.#pods.list(namespace).filter(({ metadata }) => selector.matches(metadata.labels));
  }
}

const noSpec: Spec = { maxReplicas: 0, scaleTargetRef: { kind: '', name: '' } };

/** What comes of looking at an autoscaler once: its status, and what is told. */
class Outcome {
  readonly #autoscaler: HorizontalPodAutoscaler;
  readonly #context: ComponentContext;
  status: Status;

  constructor(autoscaler: HorizontalPodAutoscaler, context: ComponentContext) {
    this.#autoscaler = autoscaler;
    this.#context = context;
    this.status = { desiredReplicas: 0, ...autoscaler.status };
  }

  condition(type: ConditionType, holds: boolean, reason: string, message: string): void {
    const lastTransitionTime = timestamp(this.#context.clock);
    const condition = { type, status: holds ? 'True' : 'False', reason, message, lastTransitionTime };
    this.status = { ...this.status, conditions: [...withCondition(this.status.conditions, condition)] };
  }

  /** @param desired absent: as many as before. */
  counted(currentReplicas: number, desired: number | undefined): void {
    const { lastScaleTime, currentMetrics, conditions, desiredReplicas } = this.status;
    this.status = {
      currentReplicas,
      desiredReplicas: desired ?? desiredReplicas,
      ...(lastScaleTime === undefined ? {} : { lastScaleTime }),
      ...(this.#isMeasured && currentMetrics !== undefined ? { currentMetrics } : {}),
      ...(conditions === undefined ? {} : { conditions }),
    };
  }

  rescaled(lastScaleTime: string): void {
    this.status = { ...this.status, lastScaleTime };
  }

  #isMeasured = false;

  measured(currentMetrics: MetricStatus[]): void {
    this.#isMeasured = true;
    this.status = { ...this.status, currentMetrics };
  }

  warn(reason: string, message: string): void {
    this.#context.events.event(this.#autoscaler, 'Warning', reason, message);
  }

  event(reason: string, message: string): void {
    this.#context.events.event(this.#autoscaler, 'Normal', reason, message);
  }
}

export const horizontalController: ComponentDefinition = {
  name: 'horizontal-pod-autoscaler-controller',
  user: 'system:serviceaccount:kube-system:horizontal-pod-autoscaler',
  eventSource: { component: 'horizontal-pod-autoscaler' },
  create: (context) => new HorizontalController(context),
};
