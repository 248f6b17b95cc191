import type { PodDisruptionBudget } from '../../../../shared/kubernetes/objects';
import { validateConditions } from './conditions';
import { type FieldError, invalid } from './field-error';
import { countOrPercent } from './int-or-percent';
import { internalText } from './internal-text';
import { validateLabelSelector } from './labels';
import { nonNegative, oneOf } from './values';

const EVICTION_POLICIES = ['AlwaysAllow', 'IfHealthyBudget'];

/** pkg/apis/policy/validation, `ValidatePodDisruptionBudgetSpec`. */
export function validatePodDisruptionBudget({ spec = {} }: PodDisruptionBudget): FieldError[] {
  const { minAvailable, maxUnavailable, selector, unhealthyPodEvictionPolicy } = spec;
  const errors: FieldError[] = [];
  if (minAvailable !== undefined && maxUnavailable !== undefined) {
    const text = internalText('PodDisruptionBudgetSpec', spec);
    errors.push(invalid('spec', text, 'minAvailable and maxUnavailable cannot be both set'));
  }
  return [
    ...errors,
    ...countOrPercent(minAvailable, 'spec.minAvailable'),
    ...countOrPercent(maxUnavailable, 'spec.maxUnavailable'),
    ...validateLabelSelector(selector, 'spec.selector'),
    ...oneOf(unhealthyPodEvictionPolicy, EVICTION_POLICIES, 'spec.unhealthyPodEvictionPolicy'),
  ];
}

/** `ValidatePodDisruptionBudgetStatusUpdate`. */
export function validatePodDisruptionBudgetStatus({ status }: PodDisruptionBudget): FieldError[] {
  const counts = ['disruptionsAllowed', 'currentHealthy', 'desiredHealthy', 'expectedPods'] as const;
  return [
    ...validateConditions(status?.conditions, 'status.conditions'),
    ...counts.flatMap((field) => nonNegative(status?.[field], `status.${field}`)),
  ];
}
