import { qualifiedNameProblems } from '../../../../shared/kubernetes/label-syntax';
import type { Job } from '../../../../shared/kubernetes/objects';
import { duplicate, type FieldError, invalid, notSupported, required, tooLong, tooMany } from './field-error';
import { validateIndexes } from './job-indexes';
import { invalidFor, nonNegative } from './values';

type JobSpec = NonNullable<Job['spec']>;
type FailureRule = NonNullable<JobSpec['podFailurePolicy']>['rules'][number];
type ExitCodes = NonNullable<FailureRule['onExitCodes']>;
type Conditions = NonNullable<FailureRule['onPodConditions']>;
type SuccessRule = NonNullable<JobSpec['successPolicy']>['rules'][number];

const ACTIONS = ['Count', 'FailIndex', 'FailJob', 'Ignore'];
const OPERATORS = ['In', 'NotIn'];
const STATUSES = ['False', 'True', 'Unknown'];
const REPLACEMENT = ['Failed', 'TerminatingOrFailed'];
const MOST_RULES = 20;
const MOST_PATTERNS = 20;
const MOST_CODES = 255;
/** In bytes. */
const LONGEST_INDEXES = 64 * 1024;

/** As Go prints a list of texts. */
const quoted = (values: readonly string[]) => `valid values: [${values.map((value) => `"${value}"`).join(' ')}]`;

/** An invalid value that the text leaves out (`field.OmitValueType`). */
export function invalidWhole(field: string, detail: string): FieldError {
  return { type: 'FieldValueInvalid', field, message: `Invalid value: ${detail}` };
}

/** What becomes of a job when its pods fail in known ways (pkg/apis/batch/validation, `validatePodFailurePolicy`). */
export function validatePodFailurePolicy(spec: JobSpec, path: string): FieldError[] {
  const rules = spec.podFailurePolicy?.rules ?? [];
  const { containers = [], initContainers = [] } = spec.template.spec ?? {};
  const names = new Set([...containers, ...initContainers].map(({ name }) => name));
  return [
    ...(rules.length > MOST_RULES ? [tooMany(`${path}.rules`, rules.length, MOST_RULES)] : []),
    ...rules.flatMap((rule, index) => validateFailureRule(spec, rule, `${path}.rules[${index}]`, names)),
  ];
}

function validateFailureRule(spec: JobSpec, rule: FailureRule, path: string, names: ReadonlySet<string>): FieldError[] {
  const { action, onExitCodes, onPodConditions = [] } = rule;
  const errors: FieldError[] = [];
  if (!action) errors.push(required(`${path}.action`, quoted(ACTIONS)));
  else if (!ACTIONS.includes(action)) errors.push(notSupported(`${path}.action`, action, ACTIONS));
  else if (action === 'FailIndex' && spec.backoffLimitPerIndex === undefined) {
    errors.push(invalid(`${path}.action`, action, 'requires the backoffLimitPerIndex to be set'));
  }
  if (onExitCodes !== undefined) errors.push(...validateExitCodes(onExitCodes, `${path}.onExitCodes`, names));
  errors.push(...validateConditions(onPodConditions, `${path}.onPodConditions`));
  const both = onExitCodes !== undefined && onPodConditions.length > 0;
  const neither = onExitCodes === undefined && onPodConditions.length === 0;
  if (both) errors.push(invalidWhole(path, 'specifying both OnExitCodes and OnPodConditions is not supported'));
  if (neither) errors.push(invalidWhole(path, 'specifying one of OnExitCodes and OnPodConditions is required'));
  return errors;
}

function validateConditions(patterns: Conditions, path: string): FieldError[] {
  const errors = patterns.length > MOST_PATTERNS ? [tooMany(path, patterns.length, MOST_PATTERNS)] : [];
  for (const [index, { type = '', status }] of patterns.entries()) {
    errors.push(...invalidFor(`${path}[${index}].type`, type, qualifiedNameProblems));
    if (!status) errors.push(required(`${path}[${index}].status`, quoted(STATUSES)));
    else if (!STATUSES.includes(status)) errors.push(notSupported(`${path}[${index}].status`, status, STATUSES));
  }
  return errors;
}

function validateExitCodes(codes: ExitCodes, path: string, names: ReadonlySet<string>): FieldError[] {
  const { operator, containerName, values = [] } = codes;
  const errors: FieldError[] = [];
  if (!operator) errors.push(required(`${path}.operator`, quoted(OPERATORS)));
  else if (!OPERATORS.includes(operator)) errors.push(notSupported(`${path}.operator`, operator, OPERATORS));
  if (containerName !== undefined && !names.has(containerName)) {
    const text = 'must be one of the container or initContainer names in the pod template';
    errors.push(invalid(`${path}.containerName`, containerName, text));
  }
  const at = `${path}.values`;
  if (values.length === 0) errors.push(invalid(at, codes.values, 'at least one value is required'));
  else if (values.length > MOST_CODES) errors.push(tooMany(at, values.length, MOST_CODES));
  for (const [index, value] of values.entries()) {
    const place = `${at}[${index}]`;
    if (operator === 'In' && value === 0) errors.push(invalid(place, value, 'must not be 0 for the In operator'));
    if (values.indexOf(value) < index) errors.push(duplicate(place, value));
  }
  const ordered = values.every((value, index) => index === 0 || (values[index - 1] ?? value) <= value);
  return ordered ? errors : [...errors, invalid(at, values, 'must be ordered')];
}

/** When a job of many indexes has succeeded before all have (`validateSuccessPolicy`). */
export function validateSuccessPolicy(spec: JobSpec, path: string): FieldError[] {
  const rules = spec.successPolicy?.rules ?? [];
  const none = 'at least one rules must be specified when the successPolicy is specified';
  return [
    ...(rules.length === 0 ? [required(`${path}.rules`, none)] : []),
    ...(rules.length > MOST_RULES ? [tooMany(`${path}.rules`, rules.length, MOST_RULES)] : []),
    ...rules.flatMap((rule, index) => validateSuccessRule(rule, spec.completions ?? 0, `${path}.rules[${index}]`)),
  ];
}

function validateSuccessRule(rule: SuccessRule, completions: number, path: string): FieldError[] {
  const { succeededCount: count, succeededIndexes: indexes } = rule;
  const errors: FieldError[] = [];
  if (count === undefined && indexes === undefined) {
    errors.push(required(path, 'at least one of succeededCount or succeededIndexes must be specified'));
  }
  let total = 0;
  if (indexes !== undefined) {
    const at = `${path}.succeededIndexes`;
    if (Buffer.byteLength(indexes) > LONGEST_INDEXES) errors.push(tooLong(at, LONGEST_INDEXES));
    const read = validateIndexes(indexes, completions);
    if (typeof read === 'number') total = read;
    else errors.push(invalid(at, indexes, `error parsing succeededIndexes: ${read.problem}`));
  }
  if (count === undefined) return errors;
  const at = `${path}.succeededCount`;
  const atMost = (limit: number, what: string) =>
    count > limit ? [invalid(at, count, `must be less than or equal to ${limit} (the number of ${what})`)] : [];
  return [
    ...errors,
    ...nonNegative(count, at),
    ...atMost(completions, 'specified completions'),
    ...(indexes === undefined ? [] : atMost(total, 'indexes in the specified succeededIndexes field')),
  ];
}

/** When a pod that goes is replaced (`validatePodReplacementPolicy`). */
export function validatePodReplacementPolicy(spec: JobSpec, path: string): FieldError[] {
  const { podReplacementPolicy: policy, podFailurePolicy } = spec;
  const supported = podFailurePolicy === undefined ? REPLACEMENT : ['Failed'];
  return policy === undefined || supported.includes(policy) ? [] : [notSupported(path, policy, supported)];
}
