import type { ReplicationController } from '../../../../shared/kubernetes/objects';
import { selectorFromLabelSelector } from '../../../../shared/kubernetes/selectors';
import { type FieldError, invalid, required, sortedByKey } from './field-error';
import { validatePodTemplate } from './pod';
import { nonNegative } from './values';
import { validateLongRunning } from './workload-template';

/** pkg/apis/core/validation, `ValidateReplicationControllerSpec`. */
export function validateReplicationController({ spec }: ReplicationController): FieldError[] {
  const { selector = {}, template } = spec ?? {};
  const errors = nonNegative(spec?.minReadySeconds, 'spec.minReadySeconds');
  if (Object.keys(selector).length === 0) errors.push(required('spec.selector'));
  errors.push(...nonNegative(spec?.replicas, 'spec.replicas'));
  const labels = template?.metadata?.labels;
  if (template !== undefined && !selectorFromLabelSelector({ matchLabels: selector }).matches(labels)) {
    const shown = labels === undefined ? null : sortedByKey(labels);
    errors.push(invalid('spec.template.metadata.labels', shown, '`selector` does not match template `labels`'));
  }
  return [
    ...errors,
    ...validatePodTemplate(template, 'spec.template'),
    ...validateLongRunning(template, 'ReplicationController'),
  ];
}
