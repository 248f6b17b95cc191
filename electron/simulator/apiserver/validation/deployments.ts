import type { Deployment, ReplicaSet } from '../../../../shared/kubernetes/objects';
import { type FieldError, forbidden, invalid, notSupported, required } from './field-error';
import { atMostAll, intOrPercentValue, positiveIntOrPercent } from './int-or-percent';
import { nonNegative } from './values';
import { validateSelectorAndTemplate } from './workload-template';

type Strategy = NonNullable<NonNullable<Deployment['spec']>['strategy']>;
type RollingUpdate = NonNullable<Strategy['rollingUpdate']>;

/** pkg/apis/apps/validation, `ValidateDeploymentSpec`. */
export function validateDeployment({ spec }: Deployment): FieldError[] {
  const { progressDeadlineSeconds: deadline, minReadySeconds } = spec ?? {};
  const errors = [
    ...nonNegative(spec?.replicas, 'spec.replicas'),
    ...validateSelectorAndTemplate(spec?.selector, spec?.template),
    ...validateStrategy(spec?.strategy ?? {}),
    ...nonNegative(minReadySeconds, 'spec.minReadySeconds'),
    ...nonNegative(spec?.revisionHistoryLimit, 'spec.revisionHistoryLimit'),
    ...nonNegative(deadline, 'spec.progressDeadlineSeconds'),
  ];
  if (deadline !== undefined && deadline <= (minReadySeconds ?? 0)) {
    errors.push(invalid('spec.progressDeadlineSeconds', deadline, 'must be greater than minReadySeconds'));
  }
  return errors;
}

function validateStrategy({ type = '', rollingUpdate }: Strategy): FieldError[] {
  const path = 'spec.strategy.rollingUpdate';
  if (type === 'Recreate') {
    if (rollingUpdate === undefined) return [];
    return [forbidden(path, "may not be specified when strategy `type` is 'Recreate'")];
  }
  if (type === 'RollingUpdate') {
    if (rollingUpdate === undefined) return [required(path, 'this should be defaulted and never be nil')];
    return validateRollingUpdate(rollingUpdate, path);
  }
  // As Go shows upstream's internal type.
  const { maxUnavailable = 0, maxSurge = 0 } = rollingUpdate ?? {};
  const shown = rollingUpdate === undefined ? null : { MaxUnavailable: maxUnavailable, MaxSurge: maxSurge };
  return [notSupported('spec.strategy', { Type: type, RollingUpdate: shown }, ['Recreate', 'RollingUpdate'])];
}

/** Both limits, of which one must leave room to move. */
function validateRollingUpdate({ maxUnavailable, maxSurge }: RollingUpdate, path: string): FieldError[] {
  const errors = [
    ...positiveIntOrPercent(maxUnavailable, `${path}.maxUnavailable`),
    ...positiveIntOrPercent(maxSurge, `${path}.maxSurge`),
  ];
  if (intOrPercentValue(maxUnavailable) === 0 && intOrPercentValue(maxSurge) === 0) {
    errors.push(invalid(`${path}.maxUnavailable`, maxUnavailable, 'may not be 0 when `maxSurge` is 0'));
  }
  return [...errors, ...atMostAll(maxUnavailable, `${path}.maxUnavailable`)];
}

/** pkg/apis/apps/validation, `ValidateReplicaSetSpec`. */
export function validateReplicaSet({ spec }: ReplicaSet): FieldError[] {
  return [
    ...nonNegative(spec?.replicas, 'spec.replicas'),
    ...nonNegative(spec?.minReadySeconds, 'spec.minReadySeconds'),
    ...validateSelectorAndTemplate(spec?.selector, spec?.template),
  ];
}
