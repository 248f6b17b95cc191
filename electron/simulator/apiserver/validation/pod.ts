import { isDeepStrictEqual } from 'node:util';
import { dns1123LabelProblems, dns1123SubdomainProblems } from '../../../../shared/kubernetes/label-syntax';
import type { Pod } from '../../../../shared/kubernetes/objects';
import type { PodSpec, PodTemplateSpec } from '../strategies/pod-defaults';
import { validateContainers } from './containers';
import { type FieldError, forbidden, invalid, notSupported, required } from './field-error';
import { validateAnnotations, validateLabels } from './labels';
import { specDifference } from './pod-difference';
import { validateScheduling } from './scheduling';
import { inRange, oneOf } from './values';
import { validateVolumes } from './volumes';

const RESTART_POLICIES = ['Always', 'OnFailure', 'Never'];
const DNS_POLICIES = ['ClusterFirst', 'ClusterFirstWithHostNet', 'Default', 'None'];

/** A pod as it is created (pkg/apis/core/validation, `ValidatePodCreate`). */
export function validatePod(pod: Pod): FieldError[] {
  const spec = pod.spec;
  if (spec === undefined) return [required('spec.containers')];
  return validatePodSpec(spec, 'spec');
}

/** The template of a workload (`ValidatePodTemplateSpec`). */
export function validatePodTemplate(template: PodTemplateSpec | undefined, path: string): FieldError[] {
  if (template?.spec === undefined) return [required(path)];
  const errors = [
    ...validateLabels(template.metadata?.labels, `${path}.labels`),
    ...validateAnnotations(template.metadata?.annotations, `${path}.annotations`),
    ...validatePodSpec(template.spec, `${path}.spec`),
  ];
  if ((template.spec.ephemeralContainers ?? []).length > 0) {
    errors.push(forbidden(`${path}.spec.ephemeralContainers`, 'ephemeral containers not allowed in pod template'));
  }
  return errors;
}

function validatePodSpec(spec: PodSpec, path: string): FieldError[] {
  const errors = [
    ...validateVolumes(spec.volumes ?? [], `${path}.volumes`),
    ...validateContainers(spec, path),
    ...oneOf(spec.restartPolicy, RESTART_POLICIES, `${path}.restartPolicy`),
    ...oneOf(spec.dnsPolicy, DNS_POLICIES, `${path}.dnsPolicy`),
    ...validateScheduling(spec, path),
  ];
  const { securityContext } = spec;
  for (const field of ['runAsUser', 'runAsGroup', 'fsGroup'] as const) {
    const id = securityContext?.[field];
    if (id !== undefined) errors.push(...inRange(id, 0, 2 ** 32 - 1, `${path}.securityContext.${field}`));
  }
  for (const field of ['serviceAccountName', 'nodeName', 'priorityClassName', 'runtimeClassName'] as const) {
    const name = spec[field];
    if (name) {
      errors.push(...dns1123SubdomainProblems(name).map((problem) => invalid(`${path}.${field}`, name, problem)));
    }
  }
  for (const field of ['hostname', 'subdomain'] as const) {
    const name = spec[field];
    if (name) errors.push(...dns1123LabelProblems(name).map((problem) => invalid(`${path}.${field}`, name, problem)));
  }
  if (spec.activeDeadlineSeconds !== undefined) {
    errors.push(...inRange(spec.activeDeadlineSeconds, 1, 2 ** 31 - 1, `${path}.activeDeadlineSeconds`));
  }
  if (spec.nodeName && (spec.schedulingGates ?? []).length > 0) {
    errors.push(forbidden(`${path}.nodeName`, 'cannot be set until all schedulingGates have been cleared'));
  }
  if (spec.dnsPolicy === 'None' && (spec.dnsConfig?.nameservers ?? []).length === 0) {
    errors.push(
      required(`${path}.dnsConfig.nameservers`, 'must provide at least one DNS nameserver when `dnsPolicy` is None'),
    );
  }
  return errors;
}

/** The restart policies that a controller's template may have. */
export function validateTemplateRestartPolicy(
  template: PodTemplateSpec | undefined,
  supported: readonly string[],
  path: string,
): FieldError[] {
  const policy = template?.spec?.restartPolicy;
  if (policy === undefined || supported.includes(policy)) return [];
  return [notSupported(`${path}.spec.restartPolicy`, policy, supported)];
}

const IMMUTABLE_TEXT =
  'pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)';

/** What may change in a pod's spec on the main endpoint (`ValidatePodUpdate`). */
export function validatePodUpdate(pod: Pod, old: Pod): FieldError[] {
  const spec = pod.spec;
  const oldSpec = old.spec;
  if (spec === undefined || oldSpec === undefined) return [];
  const errors: FieldError[] = [];
  for (const field of ['containers', 'initContainers'] as const) {
    const count = (spec[field] ?? []).length;
    if (count !== (oldSpec[field] ?? []).length) {
      return [
        forbidden(
          `spec.${field}`,
          field === 'containers'
            ? 'pod updates may not add or remove containers'
            : 'pod updates may not add or remove init containers',
        ),
      ];
    }
  }
  const deadline = spec.activeDeadlineSeconds;
  if (oldSpec.activeDeadlineSeconds !== undefined) {
    if (deadline === undefined) {
      errors.push(invalid('spec.activeDeadlineSeconds', null, 'must not update from a positive integer to nil value'));
    } else if (deadline > oldSpec.activeDeadlineSeconds) {
      errors.push(invalid('spec.activeDeadlineSeconds', deadline, `must be less than or equal to previous value`));
    }
  }
  const tolerations = spec.tolerations ?? [];
  const kept = (oldSpec.tolerations ?? []).every((had) =>
    tolerations.some((has) => isDeepStrictEqual({ ...has, tolerationSeconds: 0 }, { ...had, tolerationSeconds: 0 })),
  );
  if (!kept) {
    errors.push(forbidden('spec.tolerations', 'existing toleration can not be modified except its tolerationSeconds'));
  }
  const difference = specDifference(mutableAs(spec, oldSpec), oldSpec);
  if (difference !== '') errors.push(forbidden('spec', `${IMMUTABLE_TEXT}\n${difference}`));
  return errors;
}

/** The new spec, with what may change put back to what it was. */
function mutableAs(spec: PodSpec, old: PodSpec): PodSpec {
  const withOldImages = (field: 'containers' | 'initContainers') =>
    spec[field]?.map((container, index) => ({ ...container, image: old[field]?.[index]?.image }));
  const copy = {
    ...spec,
    containers: withOldImages('containers'),
    initContainers: withOldImages('initContainers'),
    activeDeadlineSeconds: old.activeDeadlineSeconds,
    tolerations: old.tolerations,
  };
  if ((spec.schedulingGates ?? []).length < (old.schedulingGates ?? []).length) {
    // A gated pod may lose gates, and may narrow where it goes.
    copy.schedulingGates = old.schedulingGates;
  }
  if ((old.schedulingGates ?? []).length > 0) {
    copy.nodeSelector = old.nodeSelector;
    copy.affinity = old.affinity;
  }
  if (old.terminationGracePeriodSeconds !== undefined && old.terminationGracePeriodSeconds < 0) {
    copy.terminationGracePeriodSeconds = old.terminationGracePeriodSeconds;
  }
  // Undefined and absent are the same on the wire.
  return JSON.parse(JSON.stringify(copy)) as PodSpec;
}
