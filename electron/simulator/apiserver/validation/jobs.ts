import { isDeepStrictEqual } from 'node:util';
import { dns1123LabelProblems, domainPrefixedPathProblems } from '../../../../shared/kubernetes/label-syntax';
import type { Job } from '../../../../shared/kubernetes/objects';
import { selectorFromLabelSelector } from '../../../../shared/kubernetes/selectors';
import type { PodTemplateSpec } from '../strategies/pod-defaults';
import { type FieldError, invalid, notSupported, required, sortedByKey, tooLong } from './field-error';
import { internalText } from './internal-text';
import { validatePodFailurePolicy, validatePodReplacementPolicy, validateSuccessPolicy } from './job-policies';
import { validateLabelSelector } from './labels';
import { validatePodTemplate } from './pod';
import { immutable, nonNegative, oneOf } from './values';
import { isReadable, validateTemplateMatch } from './workload-template';

export type JobSpec = NonNullable<Job['spec']>;

const MOST_PARALLEL = 100_000;
const MOST_FAILED = 100_000;
/** Above this many completions, the rest has narrower limits. */
const MANY_COMPLETIONS = 100_000;
const MOST_FOR_MANY = 10_000;
const LONGEST_MANAGER = 63;

/** pkg/apis/batch/validation, `ValidateJob`. */
export function validateJob(job: Job): FieldError[] {
  const spec = job.spec;
  if (spec === undefined) return [required('spec.template')];
  const errors = [...validateGeneratedSelector(job, spec), ...validateOwnSpec(spec)];
  const { completionMode, completions = 0 } = spec;
  if (completionMode === 'Indexed' && completions > 0) {
    // The longest host name that its pods would have.
    const { name = '' } = job.metadata;
    const longest = `${name}-${completions - 1}`;
    if (dns1123LabelProblems(longest).length > 0) {
      errors.push(invalid('metadata.name', name, `will not able to create pod with invalid DNS label: ${longest}`));
    }
  }
  return errors;
}

/** A job without a selector of its own has one by its uid, and its pods carry what that looks for. */
function validateGeneratedSelector({ metadata, spec }: Job, { manualSelector, selector }: JobSpec): FieldError[] {
  if (manualSelector === true || selector === undefined) return [];
  const { uid = '', name = '' } = metadata;
  const labels = spec?.template.metadata?.labels ?? {};
  const expected = {
    'controller-uid': uid,
    'job-name': name,
    'batch.kubernetes.io/controller-uid': uid,
    'batch.kubernetes.io/job-name': name,
  };
  const errors = Object.entries(expected).flatMap(([key, value]) => {
    const found = labels[key];
    const path = `spec.template.metadata.labels[${key}]`;
    if (found === undefined) return [required(path, `must be '${value}'`)];
    return found === value ? [] : [invalid(path, sortedByKey(labels), `must be '${value}'`)];
  });
  if (isReadable(selector) && !selectorFromLabelSelector(selector).matches(expected)) {
    errors.push(invalid('spec.selector', selector, '`selector` not auto-generated'));
  }
  return errors;
}

/** `ValidateJobSpec`: of a job, not of a template for jobs. */
function validateOwnSpec(spec: JobSpec): FieldError[] {
  const errors = validateJobSpec(spec, 'spec');
  if (spec.selector === undefined) errors.push(required('spec.selector'));
  else errors.push(...validateLabelSelector(spec.selector, 'spec.selector'));
  if (isReadable(spec.selector)) errors.push(...validateTemplateMatch(spec.selector, spec.template));
  return errors;
}

/** What jobs and the templates of CronJobs have in common (`validateJobSpec`). */
export function validateJobSpec(spec: JobSpec, path: string): FieldError[] {
  const errors: FieldError[] = [];
  for (const field of [
    'parallelism',
    'completions',
    'activeDeadlineSeconds',
    'backoffLimit',
    'ttlSecondsAfterFinished',
    'backoffLimitPerIndex',
    'maxFailedIndexes',
  ] as const) {
    errors.push(...nonNegative(spec[field], `${path}.${field}`));
  }
  if (spec.maxFailedIndexes !== undefined && spec.backoffLimitPerIndex === undefined) {
    errors.push(required(`${path}.backoffLimitPerIndex`, 'when maxFailedIndexes is specified'));
  }
  errors.push(...validateManager(spec.managedBy, `${path}.managedBy`));
  errors.push(...oneOf(spec.completionMode, ['NonIndexed', 'Indexed'], `${path}.completionMode`));
  if (spec.completionMode === 'Indexed') errors.push(...validateIndexed(spec, path));
  else if (spec.completionMode === undefined || spec.completionMode === 'NonIndexed') {
    for (const field of ['backoffLimitPerIndex', 'maxFailedIndexes'] as const) {
      const value = spec[field];
      if (value !== undefined) errors.push(invalid(`${path}.${field}`, value, 'requires indexed completion mode'));
    }
  }
  if (spec.podFailurePolicy !== undefined) errors.push(...validatePodFailurePolicy(spec, `${path}.podFailurePolicy`));
  if (spec.successPolicy !== undefined) {
    const at = `${path}.successPolicy`;
    if (spec.completionMode === 'Indexed') errors.push(...validateSuccessPolicy(spec, at));
    else {
      const shown = internalText('SuccessPolicy', spec.successPolicy);
      errors.push(invalid(at, shown, 'requires indexed completion mode'));
    }
  }
  return [
    ...errors,
    ...validatePodReplacementPolicy(spec, `${path}.podReplacementPolicy`),
    ...validatePodTemplate(spec.template, `${path}.template`),
    ...validateRestartPolicy(spec, `${path}.template.spec.restartPolicy`),
  ];
}

function validateManager(manager: string | undefined, path: string): FieldError[] {
  if (manager === undefined) return [];
  const problems = manager === '' ? [required(path)] : [];
  if (manager !== '') {
    problems.push(...domainPrefixedPathProblems(manager).map(({ value, problem }) => invalid(path, value, problem)));
  }
  return Buffer.byteLength(manager) > LONGEST_MANAGER ? [...problems, tooLong(path, LONGEST_MANAGER)] : problems;
}

function validateIndexed(spec: JobSpec, path: string): FieldError[] {
  const { completions, parallelism = 0, maxFailedIndexes, backoffLimitPerIndex } = spec;
  const atMost = (field: 'parallelism' | 'maxFailedIndexes', limit: number, when: string) => {
    const value = spec[field] ?? 0;
    return value > limit ? [invalid(`${path}.${field}`, value, `must be less than or equal to ${limit}${when}`)] : [];
  };
  const errors = completions === undefined ? [required(`${path}.completions`, 'when completion mode is Indexed')] : [];
  errors.push(...atMost('parallelism', MOST_PARALLEL, ' when completion mode is Indexed'));
  if (completions !== undefined && maxFailedIndexes !== undefined && maxFailedIndexes > completions) {
    errors.push(invalid(`${path}.maxFailedIndexes`, maxFailedIndexes, 'must be less than or equal to completions'));
  }
  errors.push(...atMost('maxFailedIndexes', MOST_FAILED, ''));
  if ((completions ?? 0) <= MANY_COMPLETIONS || backoffLimitPerIndex === undefined) return errors;
  if (maxFailedIndexes === undefined) {
    const text = `must be specified when completions is above ${MANY_COMPLETIONS}`;
    errors.push(required(`${path}.maxFailedIndexes`, text));
  }
  const when = ` when completions are above ${MANY_COMPLETIONS} and used with backoff limit per index`;
  if (parallelism > MOST_FOR_MANY) errors.push(...atMost('parallelism', MOST_FOR_MANY, when));
  return [...errors, ...atMost('maxFailedIndexes', MOST_FOR_MANY, when)];
}

function validateRestartPolicy({ template, podFailurePolicy }: JobSpec, path: string): FieldError[] {
  const policy = template?.spec?.restartPolicy;
  if (!policy || policy === 'Always') return [required(path, 'valid values: "OnFailure", "Never"')];
  if (policy !== 'OnFailure' && policy !== 'Never') return [notSupported(path, policy, ['OnFailure', 'Never'])];
  if (podFailurePolicy === undefined || policy === 'Never') return [];
  return [invalid(path, policy, 'only "Never" is supported when podFailurePolicy is specified')];
}

/** What may not change in a job after it was made (`ValidateJobUpdate`); upstream looks at the rest once more. */
export function validateJobUpdate(job: Job, old: Job): FieldError[] {
  const { spec } = job;
  const oldSpec = old.spec;
  if (spec === undefined || oldSpec === undefined) return [];
  const { successPolicy, podFailurePolicy } = spec;
  const shown = (type: string, value: object | undefined) => (value === undefined ? null : internalText(type, value));
  const unchanged = (field: keyof JobSpec, value: unknown) =>
    isDeepStrictEqual(spec[field], oldSpec[field]) ? [] : [invalid(`spec.${field}`, value, 'field is immutable')];
  return [
    ...validateOwnSpec(spec),
    ...validateCompletions(spec, oldSpec),
    ...immutable(spec.selector, oldSpec.selector, 'spec.selector'),
    ...validateTemplateUpdate(spec, old),
    ...unchanged('completionMode', spec.completionMode),
    ...unchanged('podFailurePolicy', shown('PodFailurePolicy', podFailurePolicy)),
    ...unchanged('backoffLimitPerIndex', spec.backoffLimitPerIndex),
    ...unchanged('managedBy', spec.managedBy),
    ...unchanged('successPolicy', shown('SuccessPolicy', successPolicy)),
  ];
}

function validateCompletions(spec: JobSpec, old: JobSpec): FieldError[] {
  const { completions, parallelism } = spec;
  if (spec.completionMode !== 'Indexed') return immutable(completions, old.completions, 'spec.completions');
  if (completions === undefined || completions === old.completions || completions === parallelism) return [];
  return [invalid('spec.completions', completions, 'can only be modified in tandem with spec.parallelism')];
}

/** A job that is suspended and has not started may still be told where to run. */
function validateTemplateUpdate({ template }: JobSpec, old: Job): FieldError[] {
  const oldTemplate = old.spec?.template;
  const mayMove = old.spec?.suspend === true && old.status?.startTime === undefined;
  const settled = mayMove ? withOldDirectives(template, oldTemplate) : template;
  if (isDeepStrictEqual(settled, oldTemplate)) return [];
  const shown = { ...template.metadata, Spec: internalText('PodSpec', template.spec ?? {}) };
  return [invalid('spec.template', shown, 'field is immutable')];
}

/** The new template, with what may change of it put back. */
function withOldDirectives(template: PodTemplateSpec, old: PodTemplateSpec | undefined): PodTemplateSpec {
  const { nodeSelector, tolerations, schedulingGates, affinity = {} } = old?.spec ?? {};
  const { labels, annotations } = old?.metadata ?? {};
  const { nodeAffinity: _, ...otherAffinity } = template.spec?.affinity ?? {};
  const { nodeAffinity, ...oldOther } = affinity;
  const kept = isDeepStrictEqual(otherAffinity, oldOther)
    ? old?.spec?.affinity
    : { ...otherAffinity, ...(nodeAffinity === undefined ? {} : { nodeAffinity }) };
  const next = {
    ...template,
    metadata: { ...template.metadata, labels, annotations },
    spec: { ...template.spec, nodeSelector, tolerations, schedulingGates, affinity: kept },
  };
  // Undefined and absent are the same on the wire.
  return JSON.parse(JSON.stringify(next)) as PodTemplateSpec;
}
