import type { DaemonSet } from '../../../../shared/kubernetes/objects';
import { type FieldError, invalid, notSupported, required } from './field-error';
import { atMostAll, intOrPercentValue, positiveIntOrPercent } from './int-or-percent';
import { validateLabelSelector } from './labels';
import { validatePodTemplate } from './pod';
import { nonNegative } from './values';
import { isReadable, notEmpty, validateLongRunning, validateTemplateMatch } from './workload-template';

type Strategy = NonNullable<NonNullable<DaemonSet['spec']>['updateStrategy']>;
type RollingUpdate = NonNullable<Strategy['rollingUpdate']>;

/** pkg/apis/apps/validation, `ValidateDaemonSetSpec`. */
export function validateDaemonSet({ spec }: DaemonSet): FieldError[] {
  const { selector, template } = spec ?? {};
  return [
    ...validateLabelSelector(selector, 'spec.selector'),
    ...(isReadable(selector) ? validateTemplateMatch(selector, template) : []),
    ...notEmpty(selector, 'daemonset'),
    ...validatePodTemplate(template, 'spec.template'),
    ...validateLongRunning(template, 'DaemonSet'),
    ...nonNegative(spec?.minReadySeconds, 'spec.minReadySeconds'),
    ...validateStrategy(spec?.updateStrategy ?? {}, 'spec.updateStrategy'),
    ...nonNegative(spec?.revisionHistoryLimit, 'spec.revisionHistoryLimit'),
  ];
}

function validateStrategy({ type = '', rollingUpdate }: Strategy, path: string): FieldError[] {
  if (type === 'OnDelete') return [];
  if (type === 'RollingUpdate') {
    if (rollingUpdate === undefined) return [required(`${path}.rollingUpdate`)];
    return validateRollingUpdate(rollingUpdate, `${path}.rollingUpdate`);
  }
  // As Go shows upstream's internal type.
  const { maxUnavailable = 0, maxSurge = 0 } = rollingUpdate ?? {};
  const shown = rollingUpdate === undefined ? null : { MaxUnavailable: maxUnavailable, MaxSurge: maxSurge };
  return [notSupported(path, { Type: type, RollingUpdate: shown }, ['RollingUpdate', 'OnDelete'])];
}

/** A node's pod either goes before the new one comes, or after. */
function validateRollingUpdate({ maxUnavailable, maxSurge }: RollingUpdate, path: string): FieldError[] {
  const errors = [
    ...positiveIntOrPercent(maxUnavailable, `${path}.maxUnavailable`),
    ...positiveIntOrPercent(maxSurge, `${path}.maxSurge`),
    ...atMostAll(maxUnavailable, `${path}.maxUnavailable`),
    ...atMostAll(maxSurge, `${path}.maxSurge`),
  ];
  const hasUnavailable = intOrPercentValue(maxUnavailable) !== 0;
  const hasSurge = intOrPercentValue(maxSurge) !== 0;
  if (hasUnavailable && hasSurge) {
    errors.push(invalid(`${path}.maxSurge`, maxSurge, 'may not be set when maxUnavailable is non-zero'));
  }
  if (!hasUnavailable && !hasSurge) errors.push(required(`${path}.maxUnavailable`, 'cannot be 0 when maxSurge is 0'));
  return errors;
}
