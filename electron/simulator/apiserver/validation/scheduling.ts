import { percentOf } from '../../../../shared/kubernetes/int-or-string';
import type {
  HorizontalPodAutoscaler,
  PodDisruptionBudget,
  PriorityClass,
} from '../../../../shared/kubernetes/objects';
import { type FieldError, forbidden, invalid, required } from './field-error';
import { validateLabelSelector } from './labels';
import { inRange, nonNegative, oneOf } from './values';

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
