import type { Pod } from '../../../../shared/kubernetes/objects';
import type { PodTemplateSpec } from '../strategies/pod-defaults';
import { type FieldError, forbidden, required } from './field-error';
import { validateAnnotations, validateLabels } from './labels';
import { validatePodSpec } from './pod-spec';
import { validatePodAnnotations, validateProfileAnnotations } from './pod-spec/annotations';
import { validateImageOfPod } from './pod-spec/container';

/** What holds for a pod whenever it is written (`validatePodMetadataAndSpec`). */
export function validatePod({ metadata, spec = { containers: [] } }: Pod): FieldError[] {
  const errors = [
    ...validatePodAnnotations(metadata.annotations, spec, 'metadata.annotations'),
    ...validatePodSpec(spec, metadata, 'spec'),
  ];
  if (!spec.serviceAccountName) {
    for (const [index, { projected }] of (spec.volumes ?? []).entries()) {
      for (const [place, { serviceAccountToken }] of (projected?.sources ?? []).entries()) {
        if (serviceAccountToken === undefined) continue;
        const at = `spec.volumes[${index}].projected.sources[${place}].serviceAccountToken`;
        errors.push(forbidden(at, 'must not be specified when serviceAccountName is not set'));
      }
    }
  }
  for (const field of ['containers', 'initContainers'] as const) {
    for (const [index, container] of (spec[field] ?? []).entries()) {
      errors.push(...validateImageOfPod(container, `spec.${field}[${index}]`));
    }
  }
  return errors;
}

/** What a pod may not say at first (`ValidatePodCreate`). */
export function validatePodCreate({ metadata: { annotations }, spec = { containers: [] } }: Pod): FieldError[] {
  const errors: FieldError[] = [];
  if ((spec.ephemeralContainers ?? []).length > 0) {
    errors.push(forbidden('spec.ephemeralContainers', 'cannot be set on create'));
  }
  if (spec.nodeName && (spec.schedulingGates ?? []).length > 0) {
    errors.push(forbidden('spec.nodeName', 'cannot be set until all schedulingGates have been cleared'));
  }
  errors.push(...validateProfileAnnotations(annotations, spec, 'spec'));
  return errors;
}

/** The template of a workload (`ValidatePodTemplateSpec`). */
export function validatePodTemplate(template: PodTemplateSpec | undefined, path: string): FieldError[] {
  if (template?.spec === undefined) return [required(path)];
  const errors = [
    ...validateLabels(template.metadata?.labels, `${path}.labels`),
    ...validateAnnotations(template.metadata?.annotations, `${path}.annotations`),
    ...validatePodAnnotations(template.metadata?.annotations, template.spec, `${path}.annotations`),
    ...validatePodSpec(template.spec, undefined, `${path}.spec`),
    ...validateProfileAnnotations(template.metadata?.annotations, template.spec, `${path}.spec`),
  ];
  if ((template.spec.ephemeralContainers ?? []).length > 0) {
    errors.push(forbidden(`${path}.spec.ephemeralContainers`, 'ephemeral containers not allowed in pod template'));
  }
  return errors;
}
