import type { HorizontalPodAutoscaler } from '../../../../shared/kubernetes/objects';

type Spec = NonNullable<HorizontalPodAutoscaler['spec']>;
type Metric = NonNullable<Spec['metrics']>[number];
type MetricStatus = NonNullable<NonNullable<HorizontalPodAutoscaler['status']>['currentMetrics']>[number];
type Behavior = NonNullable<Spec['behavior']>;
type Rules = NonNullable<Behavior['scaleUp']>;

/** Anything of JSON, as it stands in an annotation. */
type Json = Record<string, unknown>;

/** The members that are there. */
function given(members: Json): Json {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
}

/** A metric as `autoscaling/v1` writes it into an annotation (MetricSpec). */
export function metricToV1({ type, resource, containerResource, pods, object, external }: Metric): Json {
  return given({
    type,
    object: object && {
      target: referenceToV1(object.describedObject),
      metricName: object.metric.name,
      // A quantity that is not there is zero.
      targetValue: object.target.value ?? '0',
      ...given({ selector: object.metric.selector, averageValue: object.target.averageValue }),
    },
    pods: pods && {
      metricName: pods.metric.name,
      targetAverageValue: pods.target.averageValue ?? '0',
      ...given({ selector: pods.metric.selector }),
    },
    resource: resource && { name: resource.name, ...usageToV1(resource.target) },
    containerResource: containerResource && {
      name: containerResource.name,
      ...usageToV1(containerResource.target),
      container: containerResource.container,
    },
    external: external && {
      metricName: external.metric.name,
      ...given({
        metricSelector: external.metric.selector,
        targetValue: external.target.value,
        targetAverageValue: external.target.averageValue,
      }),
    },
  });
}

function usageToV1({ averageUtilization, averageValue }: { averageUtilization?: number; averageValue?: string }): Json {
  return given({ targetAverageUtilization: averageUtilization, targetAverageValue: averageValue });
}

/** The same read back. What an annotation holds is validated as a metric, whatever it is. */
export function metricFromV1(metric: Json): Metric {
  const { type, object, pods, resource, containerResource, external } = metric as Record<string, Json | undefined>;
  return given({
    type,
    object: object && {
      describedObject: object.target,
      metric: given({ name: object.metricName, selector: object.selector }),
      target: given({
        type: object.averageValue === undefined ? 'Value' : 'AverageValue',
        value: object.targetValue,
        averageValue: object.averageValue,
      }),
    },
    pods: pods && {
      metric: given({ name: pods.metricName, selector: pods.selector }),
      target: { type: 'AverageValue', averageValue: pods.targetAverageValue },
    },
    resource: resource && { name: resource.name, target: usageFromV1(resource) },
    containerResource: containerResource && {
      name: containerResource.name,
      container: containerResource.container,
      target: usageFromV1(containerResource),
    },
    external: external && {
      metric: given({ name: external.metricName, selector: external.metricSelector }),
      target: given({
        type: external.targetValue === undefined ? 'AverageValue' : 'Value',
        value: external.targetValue,
        averageValue: external.targetAverageValue,
      }),
    },
  }) as unknown as Metric;
}

function usageFromV1({ targetAverageUtilization: utilization, targetAverageValue: value }: Json): Json {
  const type = utilization === undefined ? 'AverageValue' : 'Utilization';
  return given({ type, averageUtilization: utilization, averageValue: value });
}

/** In the order of Go's fields, which is what the text shows. */
function referenceToV1({ kind, name, apiVersion }: { kind: string; name: string; apiVersion?: string }): Json {
  return given({ kind, name, apiVersion });
}

/** What a metric is now, as `autoscaling/v1` writes it into an annotation (MetricStatus). */
export function metricStatusToV1(status: MetricStatus): Json {
  const { type, resource, containerResource, pods, object, external } = status;
  return given({
    type,
    object: object && {
      target: referenceToV1(object.describedObject),
      metricName: object.metric.name,
      currentValue: object.current.value ?? '0',
      ...given({ selector: object.metric.selector, averageValue: object.current.averageValue }),
    },
    pods: pods && {
      metricName: pods.metric.name,
      currentAverageValue: pods.current.averageValue ?? '0',
      ...given({ selector: pods.metric.selector }),
    },
    resource: resource && { name: resource.name, ...currentToV1(resource.current) },
    containerResource: containerResource && {
      name: containerResource.name,
      ...currentToV1(containerResource.current),
      container: containerResource.container,
    },
    external: external && {
      metricName: external.metric.name,
      ...given({ metricSelector: external.metric.selector }),
      currentValue: external.current.value ?? '0',
      ...given({ currentAverageValue: external.current.averageValue }),
    },
  });
}

function currentToV1({
  averageUtilization,
  averageValue = '0',
}: {
  averageUtilization?: number;
  averageValue?: string;
}) {
  return { ...given({ currentAverageUtilization: averageUtilization }), currentAverageValue: averageValue };
}

/** The same read back. */
export function metricStatusFromV1(status: Json): MetricStatus {
  const { type, object, pods, resource, containerResource, external } = status as Record<string, Json | undefined>;
  return given({
    type,
    object: object && {
      describedObject: object.target,
      metric: given({ name: object.metricName, selector: object.selector }),
      current: given({ value: object.currentValue, averageValue: object.averageValue }),
    },
    pods: pods && {
      metric: given({ name: pods.metricName, selector: pods.selector }),
      current: { averageValue: pods.currentAverageValue },
    },
    resource: resource && { name: resource.name, current: currentFromV1(resource) },
    containerResource: containerResource && {
      name: containerResource.name,
      container: containerResource.container,
      current: currentFromV1(containerResource),
    },
    external: external && {
      metric: given({ name: external.metricName, selector: external.metricSelector }),
      current: given({ value: external.currentValue, averageValue: external.currentAverageValue }),
    },
  }) as unknown as MetricStatus;
}

function currentFromV1({ currentAverageUtilization: utilization, currentAverageValue: value }: Json): Json {
  return given({ averageUtilization: utilization, averageValue: value });
}

/** How fast to scale, as the annotation has it: by the names of Go's fields. */
export function behaviorText({ scaleUp, scaleDown }: Behavior): string {
  return JSON.stringify({ ScaleUp: rulesToGo(scaleUp), ScaleDown: rulesToGo(scaleDown) });
}

function rulesToGo(rules: Rules | undefined): Json | null {
  if (rules === undefined) return null;
  const { stabilizationWindowSeconds = null, selectPolicy = null, policies, tolerance = null } = rules;
  return {
    StabilizationWindowSeconds: stabilizationWindowSeconds,
    SelectPolicy: selectPolicy,
    Policies:
      policies?.map(({ type, value, periodSeconds }) => ({ Type: type, Value: value, PeriodSeconds: periodSeconds })) ??
      null,
    Tolerance: tolerance,
  };
}

/** The same read back; `undefined` when there is nothing that can be read. */
export function behaviorFromText(text: string | undefined): Behavior | undefined {
  let value: unknown;
  try {
    value = text === undefined ? undefined : JSON.parse(text);
  } catch {
    // Upstream ignores what it cannot read.
    return undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const { ScaleUp, ScaleDown } = value as { ScaleUp?: Json | null; ScaleDown?: Json | null };
  const behavior = given({ scaleUp: rulesFromGo(ScaleUp), scaleDown: rulesFromGo(ScaleDown) });
  return Object.keys(behavior).length === 0 ? undefined : (behavior as Behavior);
}

function rulesFromGo(rules: Json | null | undefined): Json | undefined {
  if (!rules) return undefined;
  const { StabilizationWindowSeconds, SelectPolicy, Policies, Tolerance } = rules;
  const policies = Array.isArray(Policies) ? (Policies as Json[]) : undefined;
  return given({
    stabilizationWindowSeconds: StabilizationWindowSeconds ?? undefined,
    selectPolicy: SelectPolicy ?? undefined,
    policies: policies?.map(({ Type, Value, PeriodSeconds }) => ({
      type: Type,
      value: Value,
      periodSeconds: PeriodSeconds,
    })),
    tolerance: Tolerance ?? undefined,
  });
}
