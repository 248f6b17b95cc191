import { dns1123LabelProblems, pathSegmentProblems } from '../../../../shared/kubernetes/label-syntax';
import type { HorizontalPodAutoscaler } from '../../../../shared/kubernetes/objects';
import { quantityInNano } from '../../../../shared/kubernetes/quantities';
import { type FieldError, forbidden, invalid, notSupported, required } from './field-error';
import { validateContainerResourceName } from './pod-spec/resources';
import { invalidFor, nonNegative } from './values';

type Spec = NonNullable<HorizontalPodAutoscaler['spec']>;
type Reference = Spec['scaleTargetRef'];
type Metric = NonNullable<Spec['metrics']>[number];
type Target = NonNullable<Metric['resource']>['target'];
type Identifier = NonNullable<Metric['pods']>['metric'];
type Rules = NonNullable<NonNullable<Spec['behavior']>['scaleUp']>;

const LONGEST_WINDOW = 3600;
const LONGEST_PERIOD = 1800;

/** What a metric may be measured of, with the field that says so. */
const SOURCES = {
  ContainerResource: 'containerResource',
  External: 'external',
  Object: 'object',
  Pods: 'pods',
  Resource: 'resource',
} as const;
/** In the order in which upstream looks at them. */
const FIELDS = ['object', 'external', 'pods', 'resource', 'containerResource'] as const;
const SELECT_POLICIES = ['Disabled', 'Max', 'Min'];
const POLICIES = ['Percent', 'Pods'];

/** How strictly the `apiVersion` of a reference is read. */
type VersionCheck = 'none' | 'readable' | 'with group';

/** pkg/apis/autoscaling/validation, `ValidateHorizontalPodAutoscaler`. */
export function validateHorizontalPodAutoscaler({ spec }: HorizontalPodAutoscaler): FieldError[] {
  // The only scalable kind without a group.
  const isCore = spec?.scaleTargetRef?.kind === 'ReplicationController';
  return validateSpec(spec, isCore ? 'readable' : 'with group', 'readable');
}

/** The same for one that is changed: what it scales may go on being written as it was. */
export function validateHorizontalPodAutoscalerUpdate(
  { spec }: HorizontalPodAutoscaler,
  old: HorizontalPodAutoscaler,
): FieldError[] {
  const { scaleTargetRef: before, metrics = [] } = old.spec ?? {};
  const { apiVersion, kind } = spec?.scaleTargetRef ?? {};
  const isSame = before?.apiVersion === apiVersion && before?.kind === kind;
  const isCore = kind === 'ReplicationController';
  const wasUnreadable = metrics.some(
    ({ type, object }) => type === 'Object' && object !== undefined && versionFault(object.describedObject, 'readable'),
  );
  return validateSpec(spec, isSame ? 'none' : isCore ? 'readable' : 'with group', wasUnreadable ? 'none' : 'readable');
}

/** `ValidateHorizontalPodAutoscalerStatusUpdate`. */
export function validateHorizontalPodAutoscalerStatus({ status }: HorizontalPodAutoscaler): FieldError[] {
  return [
    ...nonNegative(status?.currentReplicas ?? 0, 'status.currentReplicas'),
    ...nonNegative(status?.desiredReplicas ?? 0, 'status.desiredReplicas'),
  ];
}

function validateSpec(
  spec: HorizontalPodAutoscaler['spec'],
  target: VersionCheck,
  objects: VersionCheck,
): FieldError[] {
  const { minReplicas: least, maxReplicas: most = 0, scaleTargetRef, metrics = [], behavior } = spec ?? {};
  const errors: FieldError[] = [];
  if (least !== undefined && least < 1) {
    errors.push(invalid('spec.minReplicas', least, 'must be greater than or equal to 1'));
  }
  if (most < 1) errors.push(invalid('spec.maxReplicas', most, 'must be greater than 0'));
  if (least !== undefined && most < least) {
    errors.push(invalid('spec.maxReplicas', most, 'must be greater than or equal to `minReplicas`'));
  }
  errors.push(...validateReference(scaleTargetRef, 'spec.scaleTargetRef', target));
  for (const [index, metric] of metrics.entries()) {
    errors.push(...validateMetric(metric, `spec.metrics[${index}]`, objects));
  }
  if (least === 0 && !metrics.some(({ type }) => type === 'Object' || type === 'External')) {
    const detail = 'must specify at least one Object or External metric to support scaling to zero replicas';
    errors.push(forbidden('spec.metrics', detail));
  }
  return [
    ...errors,
    ...validateRules(behavior?.scaleUp, 'spec.behavior.scaleUp'),
    ...validateRules(behavior?.scaleDown, 'spec.behavior.scaleDown'),
  ];
}

function validateReference(reference: Reference | undefined, path: string, check: VersionCheck): FieldError[] {
  const { kind = '', name = '', apiVersion = '' } = reference ?? {};
  const word = (field: string, text: string) =>
    text === '' ? [required(`${path}.${field}`)] : invalidFor(`${path}.${field}`, text, segmentProblems);
  const fault = versionFault({ kind, name, apiVersion }, check);
  return [
    ...word('kind', kind),
    ...word('name', name),
    ...(fault === undefined ? [] : [invalid(`${path}.apiVersion`, apiVersion, fault)]),
  ];
}

const segmentProblems = (text: string) => pathSegmentProblems(text);

function versionFault({ apiVersion = '' }: Reference, check: VersionCheck): string | undefined {
  if (check === 'none') return undefined;
  const parts = apiVersion.split('/');
  if (parts.length > 2) return `unexpected GroupVersion string: ${apiVersion}`;
  const hasGroup = parts.length === 2 && parts[0] !== '';
  return check === 'with group' && !hasGroup ? 'apiVersion must specify API group' : undefined;
}

function validateMetric(metric: Metric, path: string, objects: VersionCheck): FieldError[] {
  const errors: FieldError[] = [];
  const type = metric.type ?? '';
  const types = Object.keys(SOURCES);
  if (type === '') errors.push(required(`${path}.type`, 'must specify a metric source type'));
  if (!types.includes(type)) errors.push(notSupported(`${path}.type`, type, types));
  const present = FIELDS.filter((field) => metric[field] !== undefined);
  const [first] = present;
  if (first !== undefined) errors.push(...validateSource(metric, first, `${path}.${first}`, objects));
  const expected = Object.entries(SOURCES).find(([name]) => name === type)?.[1];
  if (expected === undefined) errors.push(notSupported(`${path}.type`, type, types));
  else if (metric[expected] === undefined) {
    errors.push(required(`${path}.${expected}`, 'must populate information for the given metric source'));
  }
  if (present.length !== 1) {
    for (const field of present) {
      if (field === expected) continue;
      errors.push(forbidden(`${path}.${field}`, 'must populate the given metric source only'));
    }
  }
  return errors;
}

function validateSource(
  { object, external, pods, resource, containerResource }: Metric,
  field: (typeof FIELDS)[number],
  path: string,
  objects: VersionCheck,
): FieldError[] {
  const value = `${path}.target.averageValue`;
  switch (field) {
    case 'object': {
      const { target } = object ?? {};
      const isSet = target?.value !== undefined || target?.averageValue !== undefined;
      return [
        ...validateReference(object?.describedObject, `${path}.describedObject`, objects),
        ...validateIdentifier(object?.metric, `${path}.metric`),
        ...validateTarget(target, `${path}.target`),
        ...(isSet ? [] : [required(value, 'must set either a target value or averageValue')]),
      ];
    }
    case 'external': {
      const { target } = external ?? {};
      const given = [target?.value, target?.averageValue].filter((each) => each !== undefined).length;
      const both = 'may not set both a target value for metric and a per-pod target';
      return [
        ...validateIdentifier(external?.metric, `${path}.metric`),
        ...validateTarget(target, `${path}.target`),
        ...(given === 0 ? [required(value, 'must set either a target value for metric or a per-pod target')] : []),
        ...(given === 2 ? [forbidden(`${path}.target.value`, both)] : []),
      ];
    }
    case 'pods': {
      const isSet = pods?.target?.averageValue !== undefined;
      return [
        ...validateIdentifier(pods?.metric, `${path}.metric`),
        ...validateTarget(pods?.target, `${path}.target`),
        ...(isSet ? [] : [required(value, 'must specify a positive target averageValue')]),
      ];
    }
    case 'resource':
      return [
        ...(resource?.name ? [] : [required(`${path}.name`, 'must specify a resource name')]),
        ...validateUsage(resource?.target, path),
      ];
    case 'containerResource': {
      const container = containerResource?.container ?? '';
      return [
        ...(containerResource?.name
          ? validateContainerResourceName(containerResource.name, `${path}.name`)
          : [required(`${path}.name`, 'must specify a resource name')]),
        ...(container === ''
          ? [required(`${path}.container`, 'must specify a container')]
          : invalidFor(`${path}.container`, container, dns1123LabelProblems)),
        ...validateUsage(containerResource?.target, path),
      ];
    }
  }
}

function validateUsage(target: Target | undefined, path: string): FieldError[] {
  const { averageUtilization: utilization, averageValue: value } = target ?? {};
  const errors = validateTarget(target, `${path}.target`);
  if (utilization === undefined && value === undefined) {
    const detail = 'must set either a target raw value or a target utilization';
    errors.push(required(`${path}.target.averageUtilization`, detail));
  }
  if (utilization !== undefined && value !== undefined) {
    const detail = 'may not set both a target raw value and a target utilization';
    errors.push(forbidden(`${path}.target.averageValue`, detail));
  }
  return errors;
}

function validateTarget(target: Target | undefined, path: string): FieldError[] {
  const { type = '', value, averageValue, averageUtilization: utilization } = target ?? {};
  const errors: FieldError[] = [];
  if (type === '') errors.push(required(`${path}.type`, 'must specify a metric target type'));
  if (!['Utilization', 'Value', 'AverageValue'].includes(type)) {
    errors.push(invalid(`${path}.type`, type, 'must be either Utilization, Value, or AverageValue'));
  }
  for (const [field, amount] of Object.entries({ value, averageValue })) {
    if (amount !== undefined && quantityInNano(amount) <= 0n) {
      errors.push(invalid(`${path}.${field}`, amount, 'must be positive'));
    }
  }
  if (utilization !== undefined && utilization < 1) {
    errors.push(invalid(`${path}.averageUtilization`, utilization, 'must be greater than 0'));
  }
  return errors;
}

function validateIdentifier(metric: Identifier | undefined, path: string): FieldError[] {
  const name = metric?.name ?? '';
  if (name === '') return [required(`${path}.name`, 'must specify a metric name')];
  return invalidFor(`${path}.name`, name, segmentProblems);
}

function validateRules(rules: Rules | undefined, path: string): FieldError[] {
  if (rules === undefined) return [];
  const { stabilizationWindowSeconds: window, selectPolicy, policies = [], tolerance } = rules;
  const errors: FieldError[] = [];
  const about = (detail: string) => invalid(`${path}.stabilizationWindowSeconds`, window, detail);
  if (window !== undefined && window < 0) errors.push(about('must be greater than or equal to zero'));
  if (window !== undefined && window > LONGEST_WINDOW) {
    errors.push(about(`must be less than or equal to ${LONGEST_WINDOW}`));
  }
  if (selectPolicy !== undefined && !SELECT_POLICIES.includes(selectPolicy)) {
    errors.push(notSupported(`${path}.selectPolicy`, selectPolicy, SELECT_POLICIES));
  }
  if (policies.length === 0) errors.push(required(`${path}.policies`, 'must specify at least one Policy'));
  for (const [index, { type, value, periodSeconds }] of policies.entries()) {
    const at = `${path}.policies[${index}]`;
    if (!POLICIES.includes(type)) errors.push(notSupported(`${at}.type`, type, POLICIES));
    if (value <= 0) errors.push(invalid(`${at}.value`, value, 'must be greater than zero'));
    if (periodSeconds <= 0) errors.push(invalid(`${at}.periodSeconds`, periodSeconds, 'must be greater than zero'));
    if (periodSeconds > LONGEST_PERIOD) {
      errors.push(invalid(`${at}.periodSeconds`, periodSeconds, `must be less than or equal to ${LONGEST_PERIOD}`));
    }
  }
  if (tolerance !== undefined && quantityInNano(tolerance) < 0n) {
    errors.push(invalid(`${path}.tolerance`, tolerance, 'must be greater than or equal to 0'));
  }
  return errors;
}
