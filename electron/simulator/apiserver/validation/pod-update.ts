import { isDeepStrictEqual } from 'node:util';
import type { Pod } from '../../../../shared/kubernetes/objects';
import type { PodSpec } from '../strategies/pod-defaults';
import { type FieldError, forbidden, invalid, required } from './field-error';
import { internalText } from './internal-text';
import { difference } from './pod-difference';
import { MIRROR_ANNOTATION, validateAnnotationUpdates, validatePodAnnotations } from './pod-spec/annotations';
import { inRange } from './values';

const HIGHEST_INT32 = 2 ** 31 - 1;
const IMMUTABLE_TEXT =
  'pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)';

/** What may change in a pod on the main endpoint (`ValidatePodUpdate`). */
export function validatePodUpdate(pod: Pod, old: Pod): FieldError[] {
  const spec = pod.spec ?? { containers: [] };
  const oldSpec = old.spec ?? { containers: [] };
  const { annotations } = pod.metadata;
  const errors = [
    ...validateAnnotationUpdates(annotations, old.metadata.annotations, 'metadata.annotations'),
    // A second time: upstream's rules for the change of annotations end with those for annotations.
    ...validatePodAnnotations(annotations, spec, 'metadata.annotations'),
  ];
  for (const field of ['containers', 'initContainers'] as const) {
    const containers = spec[field] ?? [];
    if (containers.length !== (oldSpec[field] ?? []).length) {
      return [...errors, forbidden(`spec.${field}`, 'pod updates may not add or remove containers')];
    }
    for (const [index, { image = '' }] of containers.entries()) {
      const at = `spec.${field}[${index}].image`;
      if (image === '') errors.push(required(at));
      if (image !== image.trim()) errors.push(invalid(at, image, 'must not have leading or trailing whitespace'));
    }
  }
  const deadline = validateDeadline(spec.activeDeadlineSeconds, oldSpec.activeDeadlineSeconds);
  errors.push(...deadline);
  // Upstream stops at a deadline that is out of bounds, but not at one that is gone.
  if (deadline.length > 0 && spec.activeDeadlineSeconds !== undefined) return errors;
  errors.push(...validateOnlyAdded(spec, oldSpec), ...validateOnlyUngated(spec, oldSpec));
  if (isDeepStrictEqual(spec, oldSpec)) return errors;
  const isGated = (oldSpec.schedulingGates ?? []).length > 0;
  if (isGated) errors.push(...validateNarrowing(spec, oldSpec));
  const mutated = withMutablesOf(spec, oldSpec, isGated);
  if (!isDeepStrictEqual(mutated, oldSpec)) {
    errors.push(forbidden('spec', `${IMMUTABLE_TEXT}\n${difference('PodSpec', oldSpec, mutated)}`));
  }
  return errors;
}

function validateDeadline(deadline: number | undefined, old: number | undefined): FieldError[] {
  const at = 'spec.activeDeadlineSeconds';
  if (deadline === undefined) {
    return old === undefined ? [] : [invalid(at, null, 'must not update from a positive integer to nil value')];
  }
  const range = inRange(deadline, 0, HIGHEST_INT32, at);
  if (range.length > 0) return range;
  return old !== undefined && old < deadline
    ? [invalid(at, deadline, 'must be less than or equal to previous value')]
    : [];
}

/** Tolerations may be added, and may last longer or shorter (`validateOnlyAddedTolerations`). */
function validateOnlyAdded(spec: PodSpec, old: PodSpec): FieldError[] {
  const untimed = ({ tolerationSeconds: _, ...toleration }: NonNullable<PodSpec['tolerations']>[number]) => toleration;
  const kept = (old.tolerations ?? []).every((had) =>
    (spec.tolerations ?? []).some((has) => isDeepStrictEqual(untimed(has), untimed(had))),
  );
  if (kept) return [];
  return [forbidden('spec.tolerations', 'existing toleration can not be modified except its tolerationSeconds')];
}

function validateOnlyUngated(spec: PodSpec, old: PodSpec): FieldError[] {
  const had = new Set((old.schedulingGates ?? []).map(({ name }) => name));
  return (spec.schedulingGates ?? []).flatMap(({ name }, index) =>
    had.has(name)
      ? []
      : [
          forbidden(
            `spec.schedulingGates[${index}].name`,
            `only deletion is allowed, but found new scheduling gate '${name}'`,
          ),
        ],
  );
}

/** A gated pod may say more narrowly where it goes (`validateNodeSelectorMutation`, `validateNodeAffinityMutation`). */
function validateNarrowing(spec: PodSpec, old: PodSpec): FieldError[] {
  const errors: FieldError[] = [];
  if (Object.entries(old.nodeSelector ?? {}).some(([key, value]) => spec.nodeSelector?.[key] !== value)) {
    const text = 'only additions to spec.nodeSelector are allowed (no mutations or deletions)';
    errors.push(invalid('spec.nodeSelector', spec.nodeSelector ?? null, text));
  }
  const termsOf = ({ affinity }: PodSpec) =>
    affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms ?? [];
  const had = termsOf(old);
  const terms = termsOf(spec);
  const at = 'spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms';
  if (had.length > 0 && had.length !== terms.length) {
    return [
      ...errors,
      invalid(
        at,
        terms.map((term) => internalText('NodeSelectorTerm', term)),
        'no additions/deletions to non-empty NodeSelectorTerms list are allowed',
      ),
    ];
  }
  for (const [index, oldTerm] of had.entries()) {
    const term = terms[index] ?? {};
    const isEmpty = (one: typeof term) => (one.matchExpressions ?? []).length + (one.matchFields ?? []).length === 0;
    const keeps = (['matchExpressions', 'matchFields'] as const).every((field) => {
      const before = oldTerm[field] ?? [];
      return isDeepStrictEqual((term[field] ?? []).slice(0, before.length), before);
    });
    if (!keeps || (isEmpty(oldTerm) && !isEmpty(term))) {
      errors.push(
        invalid(
          `${at}[${index}]`,
          internalText('NodeSelectorTerm', term),
          'only additions are allowed (no mutations or deletions)',
        ),
      );
    }
  }
  return errors;
}

/** The new spec, with what may change put back to what it was. */
function withMutablesOf(spec: PodSpec, old: PodSpec, isGated: boolean): PodSpec {
  const withOldImages = (field: 'containers' | 'initContainers') =>
    spec[field]?.map((container, index) => ({ ...container, image: old[field]?.[index]?.image }));
  const copy = {
    ...spec,
    containers: withOldImages('containers'),
    initContainers: withOldImages('initContainers'),
    activeDeadlineSeconds: old.activeDeadlineSeconds,
    tolerations: old.tolerations,
    schedulingGates: old.schedulingGates,
  };
  if ((old.terminationGracePeriodSeconds ?? 0) < 0 && spec.terminationGracePeriodSeconds === 1) {
    copy.terminationGracePeriodSeconds = old.terminationGracePeriodSeconds;
  }
  if (isGated) {
    copy.nodeSelector = old.nodeSelector;
    const { nodeAffinity: _, ...others } = spec.affinity ?? {};
    const nodeAffinity = old.affinity?.nodeAffinity;
    const affinity = { ...others, ...(nodeAffinity === undefined ? {} : { nodeAffinity }) };
    copy.affinity = old.affinity === undefined && Object.keys(affinity).length === 0 ? undefined : affinity;
  }
  // Undefined and absent are the same on the wire.
  return JSON.parse(JSON.stringify(copy)) as PodSpec;
}

/** Ephemeral containers may only be added (`ValidatePodEphemeralContainersUpdate`). */
export function validateEphemeralContainersUpdate(pod: Pod, old: Pod): FieldError[] {
  if (old.metadata.annotations?.[MIRROR_ANNOTATION] !== undefined) {
    return [forbidden('', 'static pods do not support ephemeral containers')];
  }
  const containers = new Map((pod.spec?.ephemeralContainers ?? []).map((container) => [container.name, container]));
  return (old.spec?.ephemeralContainers ?? []).flatMap((had) => {
    const has = containers.get(had.name);
    if (has !== undefined && isDeepStrictEqual(has, had)) return [];
    const what = `existing ephemeral containers ${JSON.stringify(had.name)} may not be`;
    const text = has === undefined ? 'removed\n' : `changed\n${difference('EphemeralContainer', had, has)}`;
    return [forbidden('spec.ephemeralContainers', `${what} ${text}`)];
  });
}
