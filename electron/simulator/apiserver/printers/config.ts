import type {
  ConfigMap,
  ControllerRevision,
  HorizontalPodAutoscaler,
  Lease,
  Namespace,
  PodDisruptionBudget,
  PodTemplate,
  PriorityClass,
  ResourceQuota,
  RuntimeClass,
  Secret,
} from '../../../../shared/kubernetes/objects';
import { groupVersionOf } from '../../../../shared/kubernetes/resources';
import type { TablePrinter } from '../registry/definition';
import { age, ageColumn, column, containersAndImages, labelsText, nameColumn, nameOf, simplePrinter } from './columns';

export const namespacePrinter = simplePrinter<Namespace>(
  [column('Status', 'The status of the namespace')],
  (namespace) => [namespace.status?.phase ?? ''],
);

export const configMapPrinter = simplePrinter<ConfigMap>(
  [column('Data', 'The number of entries.')],
  ({ data = {}, binaryData = {} }) => [Object.keys(data).length + Object.keys(binaryData).length],
);

export const secretPrinter = simplePrinter<Secret>(
  [column('Type', 'What the secret is for.'), column('Data', 'The number of entries.')],
  ({ type = '', data = {} }) => [type, Object.keys(data).length],
);

export const podTemplatePrinter: TablePrinter<PodTemplate> = {
  columns: [
    nameColumn,
    column('Containers', 'Names of each container in the template.'),
    column('Images', 'Images referenced by each container in the template.'),
    column('Pod Labels', 'The labels for the pod template.'),
  ],
  cells: (object) => [
    nameOf(object),
    ...containersAndImages(object.template?.spec?.containers),
    labelsText(object.template?.metadata?.labels),
  ],
};

export const resourceQuotaPrinter: TablePrinter<ResourceQuota> = {
  columns: [
    nameColumn,
    column('Request', 'Request represents a minimum amount of cpu/memory that a container may consume.'),
    column(
      'Limit',
      'Limits control the maximum amount of cpu/memory that a container may use independent of contention on the node.',
    ),
    ageColumn,
  ],
  cells(quota, now) {
    const { hard = {}, used = {} } = quota.status ?? {};
    const keys = Object.keys(hard).sort();
    const text = (chosen: string[]) => chosen.map((key) => `${key}: ${used[key] ?? '0'}/${hard[key]}`).join(', ');
    return [
      nameOf(quota),
      text(keys.filter((key) => !key.startsWith('limits'))),
      text(keys.filter((key) => key.startsWith('limits'))),
      age(quota, now),
    ];
  },
};

export const controllerRevisionPrinter = simplePrinter<ControllerRevision>(
  [column('Controller', 'Controller of the object'), column('Revision', 'The revision of the state.')],
  (revision) => [controllerText(revision), revision.revision ?? 0],
);

function controllerText(revision: ControllerRevision): string {
  const owner = revision.metadata.ownerReferences?.find((reference) => reference.controller === true);
  if (owner === undefined) return '<none>';
  const { group } = groupVersionOf(owner.apiVersion);
  return `${owner.kind.toLowerCase()}${group ? `.${group}` : ''}/${owner.name}`;
}

export const leasePrinter = simplePrinter<Lease>([column('Holder', 'Who holds the lease.')], (lease) => [
  lease.spec?.holderIdentity ?? '',
]);

export const priorityClassPrinter: TablePrinter<PriorityClass> = {
  columns: [
    nameColumn,
    column('Value', 'The priority of pods of this class.', 'integer'),
    column('Global-Default', 'Whether pods without a class have this one.', 'boolean'),
    ageColumn,
    column('PreemptionPolicy', 'Whether pods of this class push others away.'),
  ],
  cells: (priorityClass, now) => [
    nameOf(priorityClass),
    priorityClass.value ?? 0,
    priorityClass.globalDefault ?? false,
    age(priorityClass, now),
    priorityClass.preemptionPolicy ?? '',
  ],
};

export const runtimeClassPrinter = simplePrinter<RuntimeClass>(
  [column('Handler', 'The configuration of the container runtime.')],
  (runtimeClass) => [runtimeClass.handler],
);

export const podDisruptionBudgetPrinter = simplePrinter<PodDisruptionBudget>(
  [
    column('Min Available', 'The minimum number of pods that must be available.'),
    column('Max Unavailable', 'The maximum number of pods that may be unavailable.'),
    column('Allowed Disruptions', 'Calculated number of pods that may be disrupted at this time.', 'integer'),
  ],
  ({ spec, status }) => [
    String(spec?.minAvailable ?? 'N/A'),
    String(spec?.maxUnavailable ?? 'N/A'),
    status?.disruptionsAllowed ?? 0,
  ],
);

export const horizontalPodAutoscalerPrinter = simplePrinter<HorizontalPodAutoscaler>(
  [
    column('Reference', 'What is scaled.'),
    column('Targets', 'The metrics: current and wanted.'),
    column('MinPods', 'The lower limit of replicas.'),
    column('MaxPods', 'The upper limit of replicas.'),
    column('Replicas', 'The number of replicas now.'),
  ],
  ({ spec, status }) => [
    `${spec?.scaleTargetRef.kind ?? ''}/${spec?.scaleTargetRef.name ?? ''}`,
    metricsText(spec?.metrics ?? [], status?.currentMetrics ?? []),
    spec?.minReplicas === undefined ? '<unset>' : String(spec.minReplicas),
    spec?.maxReplicas ?? 0,
    status?.currentReplicas ?? 0,
  ],
);

type Metric = NonNullable<NonNullable<HorizontalPodAutoscaler['spec']>['metrics']>[number];
type MetricStatus = NonNullable<NonNullable<HorizontalPodAutoscaler['status']>['currentMetrics']>[number];

const MOST_METRICS = 2;

/** Each metric as `name: current/target`, the first two in full. */
function metricsText(metrics: readonly Metric[], current: readonly MetricStatus[]): string {
  if (metrics.length === 0) return '<none>';
  const texts = metrics.map((metric, index) => metricText(metric, current[index]));
  const shown = texts.slice(0, MOST_METRICS).join(', ');
  return texts.length > MOST_METRICS ? `${shown} + ${texts.length - MOST_METRICS} more...` : shown;
}

function metricText(metric: Metric, status: MetricStatus | undefined): string {
  const source = metric.resource ?? metric.containerResource ?? metric.pods ?? metric.object ?? metric.external;
  const value =
    status?.resource?.current ??
    status?.containerResource?.current ??
    status?.pods?.current ??
    status?.object?.current ??
    status?.external?.current;
  if (source === undefined) return '<unknown type>';
  const { target } = source;
  if (target.averageUtilization !== undefined) {
    const name = metric.resource?.name ?? metric.containerResource?.name ?? '';
    const now = value?.averageUtilization === undefined ? '<unknown>' : `${value.averageUtilization}%`;
    return `${name}: ${now}/${target.averageUtilization}%`;
  }
  const prefix = metric.resource?.name ?? metric.containerResource?.name;
  const text =
    target.averageValue === undefined
      ? `${value?.value ?? '<unknown>'}/${target.value ?? ''}`
      : `${value?.averageValue ?? '<unknown>'}/${target.averageValue}`;
  if (prefix !== undefined) return `${prefix}: ${text}`;
  // Of what belongs to no pod, an average has to be called one.
  return target.averageValue === undefined || metric.pods !== undefined ? text : `${text} (avg)`;
}
