import { findCondition } from '../../../../shared/kubernetes/conditions';
import type { Pod } from '../../../../shared/kubernetes/objects';
import { MetricError } from './metric-error';
import { inThousandths, type PodMetric, type PodMetricsInfo } from './pod-metrics';

// pkg/controller/podautoscaler/replica_calculator.go and metrics/utilization.go; the algorithm is described under
// https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/#algorithm-details

/** kube-controller-manager's `--horizontal-pod-autoscaler-cpu-initialization-period`, in milliseconds. */
const CPU_INITIALIZATION_PERIOD = 5 * 60_000;
/** Its `--horizontal-pod-autoscaler-initial-readiness-delay`, in milliseconds. */
const INITIAL_READINESS_DELAY = 30_000;

/** By how much the usage may miss the target before anything is done: parts of 1. */
export interface Tolerances {
  readonly down: number;
  readonly up: number;
}

/** What a calculation starts from. */
export interface Situation {
  readonly currentReplicas: number;
  readonly tolerances: Tolerances;
  /** Those that the target's selector chooses. */
  readonly pods: readonly Pod[];
  readonly metrics: PodMetricsInfo;
  /** `cpu` and `memory` differ in which pods count. */
  readonly resource: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

export interface Proposal {
  readonly replicas: number;
  /** Percent of the requests; absent where usage is not measured by them. */
  readonly utilization?: number;
  /** Of the average pod, in thousandths. */
  readonly usage: number;
}

/**
 * For a target in percent of what the pods request (GetResourceReplicas).
 * @param container the one whose request counts; empty: all of a pod.
 * @throws MetricError
 */
export function utilizationReplicas(situation: Situation, targetUtilization: number, container: string): Proposal {
  const { pods, resource } = situation;
  let requests: ReadonlyMap<string, number> = new Map();
  return proposal(situation, {
    prepare: () => {
      requests = requestsOf(pods, container, resource);
    },
    measure: (metrics) => {
      const counted = [...metrics].filter(([pod]) => requests.has(pod));
      const total = counted.reduce((sum, [, { value }]) => sum + value, 0);
      const requested = counted.reduce((sum, [pod]) => sum + (requests.get(pod) ?? 0), 0);
      if (requested === 0) throw new MetricError('no metrics returned matched known pods');
      const utilization = Math.trunc((total * 100) / requested);
      return { ratio: utilization / targetUtilization, utilization, usage: Math.trunc(total / counted.length) };
    },
    // All of the request, or the target where that is more.
    assumed: (pod) => Math.trunc(((requests.get(pod) ?? 0) * Math.max(100, targetUtilization)) / 100),
  });
}

/**
 * For a target of the average pod's usage (calcPlainMetricReplicas).
 * @param targetUsage in thousandths.
 * @throws MetricError
 */
export function usageReplicas(situation: Situation, targetUsage: number): Proposal {
  return proposal(situation, {
    prepare: () => {},
    measure: (metrics) => {
      const total = [...metrics.values()].reduce((sum, { value }) => sum + value, 0);
      const usage = Math.trunc(total / metrics.size);
      return { ratio: usage / targetUsage, usage };
    },
    assumed: () => targetUsage,
  });
}

interface Measure {
  /** Called once it is clear that there is something to measure. */
  prepare(): void;
  measure(metrics: PodMetricsInfo): { ratio: number; utilization?: number; usage: number };
  /** What a pod without metrics is taken to use when replicas are to be taken away. */
  assumed(pod: string): number;
}

function proposal(situation: Situation, { prepare, measure, assumed }: Measure): Proposal {
  const { currentReplicas, tolerances, pods } = situation;
  if (pods.length === 0) throw new MetricError('no pods returned by selector while calculating replica count');
  const { ready, unready, missing, ignored } = groupPods(situation);
  const metrics = new Map(situation.metrics);
  for (const pod of [...ignored, ...unready]) metrics.delete(pod);
  if (metrics.size === 0) {
    throw new MetricError('did not receive metrics for targeted pods (pods might be unready)');
  }
  prepare();
  const { ratio, ...measured } = measure(metrics);
  const stay = { replicas: currentReplicas, ...measured };
  const isWithin = (value: number) => 1 - tolerances.down <= value && value <= 1 + tolerances.up;

  const isUpWithUnready = unready.length > 0 && ratio > 1;
  if (!isUpWithUnready && missing.length === 0) {
    return isWithin(ratio) ? stay : { ...measured, replicas: Math.ceil(ratio * ready) };
  }
  // What is not known is assumed so that it damps the change.
  const assume = (pod: string, value: number) => metrics.set(pod, { timestamp: 0, window: 0, value });
  for (const pod of missing) {
    if (ratio < 1) assume(pod, assumed(pod));
    else if (ratio > 1) assume(pod, 0);
  }
  if (isUpWithUnready) for (const pod of unready) assume(pod, 0);
  const { ratio: next } = measure(metrics);
  if (isWithin(next) || (ratio < 1 && next > 1) || (ratio > 1 && next < 1)) return stay;
  const replicas = Math.ceil(next * metrics.size);
  const turns = (next < 1 && replicas > currentReplicas) || (next > 1 && replicas < currentReplicas);
  return turns ? stay : { ...measured, replicas };
}

/** Which pods count, and which do not yet or no longer (groupPods). */
function groupPods({ pods, metrics, resource, now }: Situation) {
  const groups = { ready: 0, unready: [] as string[], missing: [] as string[], ignored: [] as string[] };
  for (const pod of pods) {
    const { name = '', deletionTimestamp } = pod.metadata;
    const phase = pod.status?.phase;
    const metric = metrics.get(name);
    if (deletionTimestamp !== undefined || phase === 'Failed') groups.ignored.push(name);
    else if (phase === 'Pending') groups.unready.push(name);
    else if (metric === undefined) groups.missing.push(name);
    else if (resource === 'cpu' && isStillUnready(pod, metric, now)) groups.unready.push(name);
    else groups.ready++;
  }
  return groups;
}

/** Programs work hard as they start: that says nothing of their load. */
function isStillUnready({ status }: Pod, metric: PodMetric, now: number): boolean {
  const condition = findCondition(status?.conditions, 'Ready');
  if (condition === undefined || status?.startTime === undefined) return true;
  const started = Date.parse(status.startTime);
  const changed = Date.parse(condition.lastTransitionTime ?? '');
  const isUnready = condition.status === 'False';
  return started + CPU_INITIALIZATION_PERIOD > now
    ? isUnready || metric.timestamp < changed + metric.window
    : isUnready && started + INITIAL_READINESS_DELAY > changed;
}

/** Of each pod, in thousandths (calculateRequests). */
function requestsOf(pods: readonly Pod[], container: string, resource: string): Map<string, number> {
  return new Map(pods.map((pod) => [pod.metadata.name ?? '', requestOf(pod, container, resource)]));
}

function requestOf({ metadata, spec }: Pod, container: string, resource: string): number {
  const { name: pod } = metadata;
  const ofPod = spec?.resources?.requests;
  if (container === '' && ofPod !== undefined && Object.keys(ofPod).length > 0) {
    const request = ofPod[resource];
    if (request !== undefined) return inThousandths(request);
  }
  const sidecars = (spec?.initContainers ?? []).filter(({ restartPolicy }) => restartPolicy === 'Always');
  const all = [...(spec?.containers ?? []), ...sidecars];
  const counted = container === '' ? all : all.filter(({ name }) => name === container);
  if (container !== '' && counted.length === 0) throw new MetricError(`container ${container} not found in Pod ${pod}`);
  return counted.reduce((sum, { name, resources }) => {
    const request = resources?.requests?.[resource];
    if (request === undefined) {
      throw new MetricError(`missing request for ${resource} in container ${name} of Pod ${pod}`);
    }
    return sum + inThousandths(request);
  }, 0);
}
