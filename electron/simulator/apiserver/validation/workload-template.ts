import type { LabelSelector } from '../../../../shared/kubernetes/meta';
import { selectorFromLabelSelector } from '../../../../shared/kubernetes/selectors';
import type { PodTemplateSpec } from '../strategies/pod-defaults';
import { type FieldError, forbidden, invalid, notSupported, required, sortedByKey } from './field-error';
import { validateLabelSelector } from './labels';
import { validatePodTemplate } from './pod';

/** What the validations of the kinds that run pods from a template have in common. */

const SELECTOR = 'spec.selector';
const TEMPLATE = 'spec.template';

/** A selector that must be given, and must not choose everything. @param kind as the text names it. */
export function validateWorkloadSelector(selector: LabelSelector | undefined, kind: string): FieldError[] {
  if (selector === undefined) return [required(SELECTOR)];
  return [...validateLabelSelector(selector, SELECTOR), ...notEmpty(selector, kind)];
}

export function notEmpty(selector: LabelSelector | undefined, kind: string): FieldError[] {
  if (selector === undefined || !choosesAll(selector)) return [];
  return [invalid(SELECTOR, selector, `empty selector is invalid for ${kind}`)];
}

function choosesAll({ matchLabels = {}, matchExpressions = [] }: LabelSelector): boolean {
  return Object.keys(matchLabels).length + matchExpressions.length === 0;
}

/** Whether a selector can be read at all (`LabelSelectorAsSelector`). */
export function isReadable(selector: LabelSelector | undefined): boolean {
  return validateLabelSelector(selector, SELECTOR).length === 0;
}

/** The template must carry what the selector looks for; an absent selector finds nothing. Call it with a readable one only. */
export function validateTemplateMatch(
  selector: LabelSelector | undefined,
  template: PodTemplateSpec | undefined,
): FieldError[] {
  const labels = template?.metadata?.labels;
  if (selector !== undefined && (choosesAll(selector) || selectorFromLabelSelector(selector).matches(labels)))
    return [];
  const shown = labels === undefined ? null : sortedByKey(labels);
  return [invalid(`${TEMPLATE}.metadata.labels`, shown, '`selector` does not match template `labels`')];
}

/** What runs for good is restarted always, and has no deadline. @param kind as the text names it: `ReplicaSet`. */
export function validateLongRunning(template: PodTemplateSpec | undefined, kind: string): FieldError[] {
  const { restartPolicy, activeDeadlineSeconds } = template?.spec ?? {};
  const errors: FieldError[] = [];
  if (restartPolicy !== undefined && restartPolicy !== 'Always') {
    errors.push(notSupported(`${TEMPLATE}.spec.restartPolicy`, restartPolicy, ['Always']));
  }
  if (activeDeadlineSeconds !== undefined) {
    const text = `activeDeadlineSeconds in ${kind} is not Supported`;
    errors.push(forbidden(`${TEMPLATE}.spec.activeDeadlineSeconds`, text));
  }
  return errors;
}

/** Selector and template of a Deployment or a ReplicaSet (`ValidatePodTemplateSpecForReplicaSet`). */
export function validateSelectorAndTemplate(
  selector: LabelSelector | undefined,
  template: PodTemplateSpec | undefined,
): FieldError[] {
  const errors = validateWorkloadSelector(selector, 'deployment');
  if (!isReadable(selector)) return [...errors, invalid(SELECTOR, selector, 'invalid label selector')];
  return [
    ...errors,
    ...validateTemplateMatch(selector, template),
    ...validatePodTemplate(template, TEMPLATE),
    ...validateLongRunning(template, 'ReplicaSet'),
  ];
}
