import { percentOf } from '../../../../shared/kubernetes/int-or-string';
import { labelValueProblems, qualifiedNameProblems } from '../../../../shared/kubernetes/label-syntax';
import type {
  HorizontalPodAutoscaler,
  PodDisruptionBudget,
  PriorityClass,
} from '../../../../shared/kubernetes/objects';
import type { PodSpec } from '../strategies/pod-defaults';
import { type FieldError, forbidden, invalid, notSupported, required } from './field-error';
import { validateLabelSelector, validateLabels, valueCountErrors } from './labels';
import { inRange, nonNegative, oneOf } from './values';

type Toleration = NonNullable<PodSpec['tolerations']>[number];
type Affinity = NonNullable<PodSpec['affinity']>;
type NodeSelectorTerm = NonNullable<
  NonNullable<Affinity['nodeAffinity']>['requiredDuringSchedulingIgnoredDuringExecution']
>['nodeSelectorTerms'][number];
type PodAffinityTerm = NonNullable<
  NonNullable<Affinity['podAffinity']>['requiredDuringSchedulingIgnoredDuringExecution']
>[number];

const EFFECTS = ['NoSchedule', 'PreferNoSchedule', 'NoExecute'];

/** Everything in a pod's spec that the scheduler reads. */
export function validateScheduling(spec: PodSpec, path: string): FieldError[] {
  return [
    ...validateLabels(spec.nodeSelector, `${path}.nodeSelector`),
    ...validateAffinity(spec.affinity, `${path}.affinity`),
    ...(spec.tolerations ?? []).flatMap((item, index) => validateToleration(item, `${path}.tolerations[${index}]`)),
    ...(spec.topologySpreadConstraints ?? []).flatMap((constraint, index) => {
      const at = `${path}.topologySpreadConstraints[${index}]`;
      return [
        ...(constraint.maxSkew > 0 ? [] : [invalid(`${at}.maxSkew`, constraint.maxSkew, 'must be greater than zero')]),
        ...(constraint.topologyKey ? [] : [required(`${at}.topologyKey`, 'can not be empty')]),
        ...oneOf(constraint.whenUnsatisfiable, ['DoNotSchedule', 'ScheduleAnyway'], `${at}.whenUnsatisfiable`),
        ...validateLabelSelector(constraint.labelSelector, `${at}.labelSelector`),
      ];
    }),
  ];
}

function validateToleration(toleration: Toleration, path: string): FieldError[] {
  const { key = '', operator = '', value = '', effect = '', tolerationSeconds } = toleration;
  const errors: FieldError[] = [];
  if (key !== '') errors.push(...qualifiedNameProblems(key).map((problem) => invalid(`${path}.key`, key, problem)));
  if (key === '' && operator !== 'Exists') {
    errors.push(
      invalid(
        `${path}.operator`,
        operator,
        'operator must be Exists when `key` is empty, which means "match all values and all keys"',
      ),
    );
  }
  if (tolerationSeconds !== undefined && effect !== 'NoExecute') {
    errors.push(invalid(`${path}.effect`, effect, "effect must be 'NoExecute' when `tolerationSeconds` is set"));
  }
  if (operator === 'Equal' || operator === '') {
    errors.push(...labelValueProblems(value).map((problem) => invalid(`${path}.operator`, value, problem)));
  } else if (operator === 'Exists') {
    if (value !== '') {
      errors.push(invalid(`${path}.operator`, toleration, "value must be empty when `operator` is 'Exists'"));
    }
  } else errors.push(notSupported(`${path}.operator`, operator, ['Equal', 'Exists']));
  if (effect !== '') errors.push(...oneOf(effect, EFFECTS, `${path}.effect`));
  return errors;
}

function validateAffinity(affinity: PodSpec['affinity'], path: string): FieldError[] {
  if (affinity === undefined) return [];
  const errors: FieldError[] = [];
  const { nodeAffinity } = affinity;
  const mustBe = nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  if (mustBe !== undefined) {
    const at = `${path}.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms`;
    const terms = mustBe.nodeSelectorTerms ?? [];
    if (terms.length === 0) errors.push(required(at, 'must have at least one node selector term'));
    errors.push(...terms.flatMap((term, index) => validateNodeSelectorTerm(term, `${at}[${index}]`)));
  }
  const preferred = nodeAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? [];
  for (const [index, { weight, preference }] of preferred.entries()) {
    const at = `${path}.nodeAffinity.preferredDuringSchedulingIgnoredDuringExecution[${index}]`;
    errors.push(...weightErrors(weight, at), ...validateNodeSelectorTerm(preference ?? {}, `${at}.preference`));
  }
  for (const field of ['podAffinity', 'podAntiAffinity'] as const) {
    const mustTerms = affinity[field]?.requiredDuringSchedulingIgnoredDuringExecution ?? [];
    for (const [index, term] of mustTerms.entries()) {
      errors.push(
        ...validatePodTerm(term, `${path}.${field}.requiredDuringSchedulingIgnoredDuringExecution[${index}]`),
      );
    }
    const mayTerms = affinity[field]?.preferredDuringSchedulingIgnoredDuringExecution ?? [];
    for (const [index, { weight, podAffinityTerm }] of mayTerms.entries()) {
      const at = `${path}.${field}.preferredDuringSchedulingIgnoredDuringExecution[${index}]`;
      errors.push(...weightErrors(weight, at), ...validatePodTerm(podAffinityTerm, `${at}.podAffinityTerm`));
    }
  }
  return errors;
}

function weightErrors(weight: number, path: string): FieldError[] {
  return weight >= 1 && weight <= 100 ? [] : [invalid(`${path}.weight`, weight ?? 0, 'must be in the range 1-100')];
}

function validateNodeSelectorTerm(term: NodeSelectorTerm, path: string): FieldError[] {
  const errors: FieldError[] = [];
  for (const [index, { key, operator, values = [] }] of (term.matchExpressions ?? []).entries()) {
    const at = `${path}.matchExpressions[${index}]`;
    const counted = valueCountErrors(operator, values, at);
    if (counted !== undefined) errors.push(...counted);
    else if (operator === 'Gt' || operator === 'Lt') {
      if (values.length !== 1) {
        errors.push(required(`${at}.values`, "must be specified single value when `operator` is 'Lt' or 'Gt'"));
      }
    } else errors.push(invalid(`${at}.operator`, operator ?? '', 'not a valid selector operator'));
    errors.push(...qualifiedNameProblems(key ?? '').map((problem) => invalid(`${at}.key`, key ?? '', problem)));
  }
  return errors;
}

function validatePodTerm(term: PodAffinityTerm, path: string): FieldError[] {
  const key = term.topologyKey ?? '';
  return [
    ...validateLabelSelector(term.labelSelector, `${path}.labelSelector`),
    ...validateLabelSelector(term.namespaceSelector, `${path}.namespaceSelector`),
    ...(key === ''
      ? [required(`${path}.topologyKey`, 'can not be empty')]
      : qualifiedNameProblems(key).map((problem) => invalid(`${path}.topologyKey`, key, problem))),
  ];
}

const HIGHEST_USER_PRIORITY = 1_000_000_000;
const SYSTEM_CLASSES = ['system-node-critical', 'system-cluster-critical'];

export function validatePriorityClass(priorityClass: PriorityClass): FieldError[] {
  const { name = '' } = priorityClass.metadata;
  const errors = oneOf(priorityClass.preemptionPolicy, ['Never', 'PreemptLowerPriority'], 'preemptionPolicy');
  if (SYSTEM_CLASSES.includes(name)) return errors;
  if (name.startsWith('system-')) {
    errors.push(
      forbidden('metadata.name', "priority class names with 'system-' prefix are reserved for system use only"),
    );
  }
  if ((priorityClass.value ?? 0) > HIGHEST_USER_PRIORITY) {
    errors.push(forbidden('value', `maximum allowed value of a user defined priority is ${HIGHEST_USER_PRIORITY}`));
  }
  return errors;
}

export function validatePodDisruptionBudget({ spec }: PodDisruptionBudget): FieldError[] {
  const errors: FieldError[] = [];
  if (spec?.minAvailable !== undefined && spec.maxUnavailable !== undefined) {
    errors.push(invalid('spec', spec, 'minAvailable and maxUnavailable cannot be both set'));
  }
  errors.push(...countOrPercent(spec?.minAvailable, 'spec.minAvailable'));
  errors.push(...countOrPercent(spec?.maxUnavailable, 'spec.maxUnavailable'));
  errors.push(...validateLabelSelector(spec?.selector, 'spec.selector'));
  return errors;
}

/** A number of pods, or a percentage of them. */
export function countOrPercent(value: number | string | undefined, path: string): FieldError[] {
  if (value === undefined) return [];
  if (typeof value === 'number') return nonNegative(value, path);
  const percent = /^\d+%$/.test(value) ? percentOf(value) : undefined;
  if (percent === undefined) {
    return [
      invalid(
        path,
        value,
        "a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')",
      ),
    ];
  }
  return percent > 100 ? [invalid(path, value, 'must not be greater than 100%')] : [];
}

export function validateHorizontalPodAutoscaler({ spec }: HorizontalPodAutoscaler): FieldError[] {
  const errors: FieldError[] = [];
  const least = spec?.minReplicas ?? 1;
  const most = spec?.maxReplicas ?? 0;
  if (least < 1) errors.push(...inRange(least, 1, 2 ** 31 - 1, 'spec.minReplicas'));
  if (most < 1) errors.push(invalid('spec.maxReplicas', most, 'must be greater than 0'));
  if (most < least) errors.push(invalid('spec.maxReplicas', most, 'must be greater than or equal to `minReplicas`'));
  if (!spec?.scaleTargetRef?.kind) errors.push(required('spec.scaleTargetRef.kind'));
  if (!spec?.scaleTargetRef?.name) errors.push(required('spec.scaleTargetRef.name'));
  return errors;
}
