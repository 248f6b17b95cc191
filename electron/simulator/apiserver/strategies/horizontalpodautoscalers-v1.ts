import type { HorizontalPodAutoscaler, HorizontalPodAutoscalerV1 } from '../../../../shared/kubernetes/objects';
import { horizontalPodAutoscalers, horizontalPodAutoscalersV1 } from '../../../../shared/kubernetes/resources';
import { convertedPrinter } from '../printers/converted';
import { convertedStrategy } from '../registry/converted-strategy';
import type { ResourceDefinition, StorageConversion } from '../registry/definition';
import {
  behaviorFromText,
  behaviorText,
  metricFromV1,
  metricStatusFromV1,
  metricStatusToV1,
  metricToV1,
} from './autoscaling-v1-metrics';
import { horizontalPodAutoscalerDefinition } from './horizontalpodautoscalers';
import { specOf } from './pod-defaults';

type Spec = NonNullable<HorizontalPodAutoscaler['spec']>;
type Metric = NonNullable<Spec['metrics']>[number];

/** What the first version has no fields for goes into annotations (pkg/apis/autoscaling/annotations.go). */
const METRICS = 'autoscaling.alpha.kubernetes.io/metrics';
const STATUSES = 'autoscaling.alpha.kubernetes.io/current-metrics';
const CONDITIONS = 'autoscaling.alpha.kubernetes.io/conditions';
const BEHAVIOR = 'autoscaling.alpha.kubernetes.io/behavior';
const ROUND_TRIP = [METRICS, STATUSES, CONDITIONS, BEHAVIOR];

/** Where nobody says what to scale by: percent of the CPU asked for. */
const DEFAULT_UTILIZATION = 80;

const cpu = (averageUtilization: number): Metric => ({
  type: 'Resource',
  resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization } },
});

const isCpu = ({ type, resource }: Metric) =>
  type === 'Resource' && resource?.name === 'cpu' && resource.target.averageUtilization !== undefined;

/** pkg/apis/autoscaling/v1/conversion.go: an autoscaler that knows of one metric, the use of the CPU. */
const storage: StorageConversion<HorizontalPodAutoscalerV1> = {
  resource: horizontalPodAutoscalers,
  fromStorage(stored: HorizontalPodAutoscaler) {
    const { spec, status, metadata, ...rest } = stored;
    const { metrics = [], behavior, ...plain } = spec ?? { maxReplicas: 0, scaleTargetRef: { kind: '', name: '' } };
    const { currentMetrics = [], conditions = [], ...counts } = status ?? { desiredReplicas: 0 };
    const others = metrics.filter((metric) => !isCpu(metric));
    const target = metrics.find(isCpu)?.resource?.target.averageUtilization;
    const used = currentMetrics.find(({ type, resource }) => type === 'Resource' && resource?.name === 'cpu');
    const current = used?.resource?.current.averageUtilization;
    const annotations = {
      ...withoutRoundTrip(metadata.annotations),
      ...(others.length > 0 && { [METRICS]: JSON.stringify(others.map(metricToV1)) }),
      ...(currentMetrics.length > 0 && { [STATUSES]: JSON.stringify(currentMetrics.map(metricStatusToV1)) }),
      ...(behavior !== undefined && { [BEHAVIOR]: behaviorText(behavior) }),
      ...(conditions.length > 0 && { [CONDITIONS]: JSON.stringify(conditions.map(withTime)) }),
    };
    return {
      ...rest,
      apiVersion: 'autoscaling/v1',
      metadata: withAnnotations(metadata, annotations),
      spec: { ...plain, ...(target !== undefined && { targetCPUUtilizationPercentage: target }) },
      status: {
        ...counts,
        currentReplicas: counts.currentReplicas ?? 0,
        ...(current !== undefined && { currentCPUUtilizationPercentage: current }),
      },
    };
  },
  toStorage(object) {
    const { spec, status, metadata, ...rest } = object;
    const { targetCPUUtilizationPercentage: target, ...plain } = spec ?? {
      maxReplicas: 0,
      scaleTargetRef: { kind: '', name: '' },
    };
    const { currentCPUUtilizationPercentage: current, ...counts } = status ?? {
      currentReplicas: 0,
      desiredReplicas: 0,
    };
    const annotations = metadata.annotations ?? {};
    const metrics = [
      ...(listFrom(annotations[METRICS])?.map(metricFromV1) ?? []),
      ...(target === undefined ? [] : [cpu(target)]),
    ];
    const behavior = behaviorFromText(annotations[BEHAVIOR]);
    const statuses =
      listFrom(annotations[STATUSES])?.map(metricStatusFromV1) ??
      (current === undefined
        ? undefined
        : [{ type: 'Resource', resource: { name: 'cpu', current: { averageUtilization: current } } }]);
    const conditions = listFrom(annotations[CONDITIONS])?.map(withoutNullTime);
    const stored = {
      ...rest,
      apiVersion: 'autoscaling/v2',
      metadata: withAnnotations(metadata, withoutRoundTrip(annotations)),
      spec: {
        ...plain,
        metrics: metrics.length > 0 ? metrics : [cpu(DEFAULT_UTILIZATION)],
        ...(behavior !== undefined && { behavior }),
      },
      status: {
        ...counts,
        ...(statuses !== undefined && { currentMetrics: statuses }),
        ...(conditions !== undefined && { conditions }),
      },
    };
    return stored;
  },
};

function withoutRoundTrip(annotations: Readonly<Record<string, string>> = {}): Record<string, string> {
  return Object.fromEntries(Object.entries(annotations).filter(([name]) => !ROUND_TRIP.includes(name)));
}

function withAnnotations<T extends { annotations?: Record<string, string> }>(
  { annotations: _, ...metadata }: T,
  annotations: Record<string, string>,
) {
  return Object.keys(annotations).length === 0 ? metadata : { ...metadata, annotations };
}

/** Go writes a moment that nobody gave as null. */
function withTime<T extends { readonly lastTransitionTime?: unknown }>(condition: T) {
  return { ...condition, lastTransitionTime: condition.lastTransitionTime ?? null };
}

function withoutNullTime({ lastTransitionTime, ...condition }: Record<string, unknown>): Record<string, unknown> {
  return typeof lastTransitionTime === 'string' ? { ...condition, lastTransitionTime } : condition;
}

/** A list in an annotation; `undefined` when there is none that can be read. */
function listFrom(text: string | undefined): Record<string, unknown>[] | undefined {
  try {
    const value: unknown = text === undefined ? undefined : JSON.parse(text);
    return Array.isArray(value) ? value : undefined;
  } catch {
    // Upstream ignores what it cannot read.
    return undefined;
  }
}

export const horizontalPodAutoscalerV1Definition: ResourceDefinition<HorizontalPodAutoscalerV1> = {
  ...horizontalPodAutoscalerDefinition,
  resource: horizontalPodAutoscalersV1,
  storage,
  printer: convertedPrinter(horizontalPodAutoscalerDefinition.printer, storage),
  strategy: convertedStrategy(horizontalPodAutoscalerDefinition.strategy, storage, (autoscaler) => {
    specOf(autoscaler).minReplicas ??= 1;
  }),
};
