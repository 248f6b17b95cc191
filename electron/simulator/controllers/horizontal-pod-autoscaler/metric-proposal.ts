import type { HorizontalPodAutoscaler, Pod } from '../../../../shared/kubernetes/objects';
import { canonicalQuantity, parseQuantity } from '../../../../shared/kubernetes/quantities';
import type { ApiClient } from '../../client';
import { MetricError } from './metric-error';
import { inThousandths, resourceMetric } from './pod-metrics';
import { type Proposal, type Tolerances, usageReplicas, utilizationReplicas } from './replica-calculator';

type Spec = NonNullable<HorizontalPodAutoscaler['spec']>;
export type MetricSpec = NonNullable<Spec['metrics']>[number];
export type MetricStatus = NonNullable<NonNullable<HorizontalPodAutoscaler['status']>['currentMetrics']>[number];
type Target = NonNullable<MetricSpec['resource']>['target'];
type Selector = NonNullable<MetricSpec['external']>['metric']['selector'];

/** kube-controller-manager's `--horizontal-pod-autoscaler-tolerance`. */
const TOLERANCE = 0.1;
const NO_CUSTOM_METRICS =
  'unable to fetch metrics from custom metrics API: no custom metrics API (custom.metrics.k8s.io) registered';

/** Whom a metric is measured of. */
export interface Measured {
  readonly client: ApiClient;
  readonly namespace: string;
  /** In the query's grammar. */
  readonly selector: string;
  readonly pods: readonly Pod[];
  readonly currentReplicas: number;
  readonly tolerances: Tolerances;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** What one metric says. */
export interface MetricProposal {
  readonly replicas: number;
  /** As events and conditions call it. */
  readonly name: string;
  readonly status: MetricStatus;
}

/** A metric that says nothing. */
export class MetricFailure extends Error {
  /** The reason of the condition and of the event. */
  readonly reason: string;
  /** What these say; the error's own message says of which metric, too. */
  readonly why: string;

  constructor(reason: string, why: string, message: string) {
    super(message);
    this.reason = reason;
    this.why = why;
  }
}

/** By how much usage may miss the target: its behavior may say so itself (HPAConfigurableTolerance). */
export function tolerancesOf({ behavior }: Spec): Tolerances {
  const of = (text: string | undefined) => (text === undefined ? TOLERANCE : parseQuantity(text));
  return { down: of(behavior?.scaleDown?.tolerance), up: of(behavior?.scaleUp?.tolerance) };
}

/**
 * How many replicas one metric asks for (computeReplicasForMetric of pkg/controller/podautoscaler/horizontal.go). Nobody serves
 * custom or external metrics here: what asks for them is told so as in a cluster without an adapter.
 * @throws MetricFailure when it says nothing.
 */
export async function proposalOf(spec: MetricSpec, measured: Measured): Promise<MetricProposal> {
  const { resource, containerResource } = spec;
  if (spec.type === 'Resource' && resource !== undefined) {
    const { name, target } = resource;
    const fail = failing('FailedGetResourceMetric', `failed to get ${name} resource metric value`);
    const proposal = await ofResource(name, '', target, measured).catch(fail);
    return {
      replicas: proposal.replicas,
      name: nameOf(name, 'resource', target),
      status: { type: 'Resource', resource: { name, current: currentOf(name, proposal) } },
    };
  }
  if (spec.type === 'ContainerResource' && containerResource !== undefined) {
    const { name, container, target } = containerResource;
    const fail = failing('FailedGetContainerResourceMetric', `failed to get ${container} container metric value`);
    const proposal = await ofResource(name, container, target, measured).catch(fail);
    return {
      replicas: proposal.replicas,
      name: nameOf(name, 'container resource', target),
      status: { type: 'ContainerResource', containerResource: { name, container, current: currentOf(name, proposal) } },
    };
  }
  throw withoutAdapter(spec, measured.namespace);
}

/** Turns what a metric lacks into its failure; lets mistakes of the program through. */
function failing(reason: string, prefix: string): (error: unknown) => never {
  return (error) => {
    if (!(error instanceof MetricError)) throw error;
    throw new MetricFailure(reason, error.message, `${prefix}: ${error.message}`);
  };
}

/** @throws MetricError */
async function ofResource(resource: string, container: string, target: Target, measured: Measured): Promise<Proposal> {
  const { client, namespace, selector, pods, currentReplicas, tolerances, now } = measured;
  const { averageValue, averageUtilization } = target;
  if (averageValue === undefined && averageUtilization === undefined) {
    throw new MetricError(
      'invalid resource metric source: neither an average utilization target nor an average value target was set',
    );
  }
  const what = averageValue === undefined ? 'utilization' : 'usage';
  try {
    const metrics = await metricsOf();
    const situation = { currentReplicas, tolerances, pods, metrics, resource, now };
    if (averageValue !== undefined) return usageReplicas(situation, inThousandths(averageValue));
    return utilizationReplicas(situation, averageUtilization ?? 0, container);
  } catch (error) {
    if (!(error instanceof MetricError)) throw error;
    throw new MetricError(`failed to get ${resource} ${what}: ${error.message}`);
  }

  async function metricsOf() {
    try {
      return await resourceMetric(client, resource, { namespace, selector, container });
    } catch (error) {
      if (!(error instanceof MetricError)) throw error;
      throw new MetricError(`unable to get metrics for resource ${resource}: ${error.message}`);
    }
  }
}

/** An average value is called the same for a container as for a pod. */
function nameOf(resource: string, source: string, { averageValue }: Target): string {
  return averageValue === undefined
    ? `${resource} ${source} utilization (percentage of request)`
    : `${resource} resource`;
}

function currentOf(resource: string, { utilization, usage }: Proposal) {
  const averageValue = quantityOf(resource, usage);
  return { ...(utilization === undefined ? {} : { averageUtilization: utilization }), averageValue };
}

/** Memory in powers of two where it comes to whole ones, anything else in thousandths (buildQuantity). */
function quantityOf(resource: string, thousandths: number): string {
  if (resource !== 'memory' || thousandths % 1000 !== 0) return canonicalQuantity(`${thousandths}m`);
  let value = thousandths / 1000;
  let power = 0;
  for (; value !== 0 && value % 1024 === 0 && power < UNITS.length - 1; power++) value /= 1024;
  return `${value}${UNITS[power]}`;
}

const UNITS = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'];

function withoutAdapter(spec: MetricSpec, namespace: string): MetricFailure {
  if (spec.type === 'Pods') {
    const why = `unable to get metric ${spec.pods?.metric.name}: ${NO_CUSTOM_METRICS}`;
    return new MetricFailure('FailedGetPodsMetric', why, `failed to get pods metric value: ${why}`);
  }
  if (spec.type === 'Object') {
    const { metric, describedObject: object, target } = spec.object ?? {};
    const of = `${object?.kind} ${namespace}/${object?.name}`;
    const why = `unable to get metric ${metric?.name}: ${NO_CUSTOM_METRICS} on ${of}`;
    const more = target?.averageValue === undefined ? why : `failed to get ${metric?.name} object metric: ${why}`;
    return new MetricFailure('FailedGetObjectMetric', why, `failed to get object metric value: ${more}`);
  }
  const { metric, target } = spec.external ?? {};
  const name = metric?.name;
  const refused = `the server could not find the requested resource (get ${name}.external.metrics.k8s.io)`;
  const fetched = `unable to fetch metrics from external metrics API: ${refused}`;
  const why = `unable to get external metric ${namespace}/${name}/${selectorText(metric?.selector)}: ${fetched}`;
  const which = target?.averageValue === undefined ? `external metric ${name}` : `${name} external metric`;
  const message = `failed to get ${name} external metric value: failed to get ${which}: ${why}`;
  return new MetricFailure('FailedGetExternalMetric', why, message);
}

/** As Go prints a pointer to a LabelSelector. */
function selectorText(selector: Selector): string {
  if (selector === undefined) return 'nil';
  const labels = Object.entries(selector.matchLabels ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
  const text = labels.map(([key, value]) => `${key}: ${value},`).join('');
  const expressions = (selector.matchExpressions ?? []).map(
    ({ key, operator, values = [] }) =>
      `LabelSelectorRequirement{Key:${key},Operator:${operator},Values:[${values.join(' ')}],},`,
  );
  return `&LabelSelector{MatchLabels:map[string]string{${text}},MatchExpressions:[]LabelSelectorRequirement{${expressions.join('')}},}`;
}
