import { isDeepStrictEqual } from 'node:util';
import type { Job } from '../../../../shared/kubernetes/objects';
import { duplicate, type FieldError, invalid, required } from './field-error';
import { overlapProblem, validateIndexes } from './job-indexes';
import { invalidWhole } from './job-policies';
import { nonNegative } from './values';

type Status = NonNullable<Job['status']>;
type Pods = NonNullable<Status['uncountedTerminatedPods']>;

const CONDITIONS = 'status.conditions';

function isTrue({ status }: Job, type: string): boolean {
  return status?.conditions?.some((condition) => condition.type === type && condition.status === 'True') === true;
}

const isFinished = (job: Job) => isTrue(job, 'Complete') || isTrue(job, 'Failed');

/**
 * Whoever manages a job may not contradict itself (pkg/apis/batch/validation, `ValidateJobStatusUpdate`). Most rules hold for
 * what changes only, so that a status from before them can still be written.
 */
export function validateJobStatusUpdate(job: Job, old: Job): FieldError[] {
  const status = job.status ?? {};
  return [
    ...validateCounts(status),
    ...validateConditions(job, old),
    ...validateFinished(job, old, status),
    ...validateIndexSets(job, old, status),
    ...validateLater(job, old, status),
    ...validateTransitions(job, old, status),
  ];
}

function validateCounts(status: Status): FieldError[] {
  const errors = (['active', 'succeeded', 'failed', 'ready', 'terminating'] as const).flatMap((field) =>
    nonNegative(status[field], `status.${field}`),
  );
  const seen = new Set<string>();
  for (const list of ['succeeded', 'failed'] as const) {
    for (const [index, uid] of (status.uncountedTerminatedPods?.[list] ?? []).entries()) {
      const path = `status.uncountedTerminatedPods.${list}[${index}]`;
      if (uid === '') errors.push(invalid(path, uid, 'must not be empty'));
      else if (seen.has(uid)) errors.push(duplicate(path, uid));
      seen.add(uid);
    }
  }
  return errors;
}

/** Whether any of some conditions, or of some fields of the status, differs. */
function changes(job: Job, old: Job, conditions: readonly string[], fields: readonly (keyof Status)[] = []): boolean {
  return (
    conditions.some((type) => isTrue(job, type) !== isTrue(old, type)) ||
    fields.some((field) => !isDeepStrictEqual(job.status?.[field], old.status?.[field]))
  );
}

function validateConditions(job: Job, old: Job): FieldError[] {
  const errors: FieldError[] = [];
  const { startTime, completionTime } = job.status ?? {};
  const complete = isTrue(job, 'Complete');
  const refuse = (text: string) => errors.push(invalidWhole(CONDITIONS, text));
  const path = 'status.completionTime';
  if (changes(job, old, ['Complete', 'Failed']) && complete && isTrue(job, 'Failed')) {
    refuse('cannot set Complete=True and Failed=true conditions');
  }
  if (changes(job, old, ['Complete', 'FailureTarget']) && complete && isTrue(job, 'FailureTarget')) {
    refuse('cannot set Complete=True and FailureTarget=true conditions');
  }
  if (changes(job, old, ['Complete'], ['completionTime'])) {
    if (completionTime !== undefined && !complete) {
      const text = 'cannot set completionTime when there is no Complete=True condition';
      errors.push(invalid(path, completionTime, text));
    }
    if (completionTime === undefined && complete) {
      errors.push(required(path, 'completionTime is required for Complete jobs'));
    }
  }
  if (changes(job, old, [], ['startTime', 'completionTime']) && startTime !== undefined) {
    if (completionTime !== undefined && Date.parse(completionTime) < Date.parse(startTime)) {
      errors.push(invalid(path, completionTime, 'must be equal to or after `startTime`'));
    }
  }
  if (changes(job, old, ['Failed'], ['failedIndexes']) && isTrue(job, 'Failed') && !isTrue(job, 'FailureTarget')) {
    refuse('cannot set Failed=True condition without the FailureTarget=true condition');
  }
  if (changes(job, old, ['Complete', 'SuccessCriteriaMet']) && complete && !isTrue(job, 'SuccessCriteriaMet')) {
    refuse('cannot set Complete=True condition without the SuccessCriteriaMet=true condition');
  }
  return errors;
}

/** `isFinished` changes with either condition, but not when one takes the other's place. */
function finishedChanges(job: Job, old: Job, field: keyof Status): boolean {
  return isFinished(job) !== isFinished(old) || changes(job, old, [], [field]);
}

function validateFinished(job: Job, old: Job, status: Status): FieldError[] {
  if (!isFinished(job)) return [];
  const errors: FieldError[] = [];
  const { active = 0, startTime, uncountedTerminatedPods } = status;
  if (finishedChanges(job, old, 'active') && active > 0) {
    errors.push(invalid('status.active', active, 'active>0 is invalid for finished job'));
  }
  const neverStarts = job.spec?.suspend === true && job.spec.completions === 0;
  if (finishedChanges(job, old, 'startTime') && !neverStarts && startTime === undefined) {
    errors.push(required('status.startTime', 'startTime is required for finished job'));
  }
  if (finishedChanges(job, old, 'uncountedTerminatedPods') && hasPods(uncountedTerminatedPods)) {
    const { succeeded = null, failed = null } = uncountedTerminatedPods ?? {};
    const shown = { Succeeded: succeeded, Failed: failed };
    errors.push(invalid('status.uncountedTerminatedPods', shown, 'must be empty for finished job'));
  }
  return errors;
}

function hasPods(pods: Pods | undefined): boolean {
  return (pods?.succeeded?.length ?? 0) + (pods?.failed?.length ?? 0) > 0;
}

function validateIndexSets({ spec, status: now }: Job, { status: before }: Job, status: Status): FieldError[] {
  const { completedIndexes: completed = '', failedIndexes: failed } = status;
  const { completions, backoffLimitPerIndex } = spec ?? {};
  const completedChanges = (now?.completedIndexes ?? '') !== (before?.completedIndexes ?? '');
  const failedChanges = now?.failedIndexes !== before?.failedIndexes;
  const errors: FieldError[] = [];
  const read = (field: 'completedIndexes' | 'failedIndexes', text: string, limit: number) => {
    const result = validateIndexes(text, limit);
    if (typeof result === 'number') return;
    errors.push(invalid(`status.${field}`, text, `error parsing ${field}: ${result.problem}`));
  };
  if (completedChanges && completions !== undefined) read('completedIndexes', completed, completions);
  if (failedChanges && completions !== undefined && backoffLimitPerIndex !== undefined && failed !== undefined) {
    read('failedIndexes', failed, completions);
  }
  if (completedChanges && completed !== '' && spec?.completionMode !== 'Indexed') {
    const text = 'cannot set non-empty completedIndexes when non-indexed completion mode';
    errors.push(invalid('status.completedIndexes', completed, text));
  }
  if (failed === undefined) return errors;
  if (failedChanges && backoffLimitPerIndex === undefined) {
    const text = 'cannot set non-null failedIndexes when backoffLimitPerIndex is null';
    errors.push(invalid('status.failedIndexes', failed, text));
  }
  if ((failedChanges || completedChanges) && completions !== undefined) {
    const problem = overlapProblem(completed, failed, completions);
    if (problem !== undefined) errors.push(invalid('status.failedIndexes', failed, problem));
  }
  return errors;
}

function validateLater(job: Job, old: Job, status: Status): FieldError[] {
  const errors: FieldError[] = [];
  const { active = 0, ready, terminating = 0 } = status;
  if (finishedChanges(job, old, 'terminating') && terminating > 0 && isFinished(job)) {
    errors.push(invalid('status.terminating', terminating, 'terminating>0 is invalid for finished job'));
  }
  if (changes(job, old, [], ['ready', 'active']) && ready !== undefined && ready > active) {
    errors.push(invalid('status.ready', ready, 'cannot set more ready pods than active'));
  }
  const met = isTrue(job, 'SuccessCriteriaMet');
  for (const type of ['Failed', 'FailureTarget']) {
    if (!met || !isTrue(job, type)) continue;
    errors.push(invalidWhole(CONDITIONS, `cannot set SuccessCriteriaMet=True and ${type}=true conditions`));
  }
  if (job.spec?.successPolicy !== undefined && !met && isTrue(job, 'Complete')) {
    const text = 'cannot set Complete=True for Job with SuccessPolicy unless SuccessCriteriaMet=True';
    errors.push(invalidWhole(CONDITIONS, text));
  }
  return errors;
}

/** What has been said cannot be taken back. */
function validateTransitions(job: Job, old: Job, status: Status): FieldError[] {
  const errors = ['Failed', 'Complete', 'FailureTarget']
    .filter((type) => isTrue(old, type) && !isTrue(job, type))
    .map((type) => invalidWhole(CONDITIONS, `cannot disable the terminal ${type}=True condition`));
  const before = old.status ?? {};
  const { failed = 0, succeeded = 0, completionTime, startTime } = status;
  if (failed < (before.failed ?? 0)) {
    errors.push(invalid('status.failed', failed, 'cannot decrease the failed counter'));
  }
  // An indexed job of equal counts may be made smaller.
  const shrinks = job.spec?.completionMode === 'Indexed' && job.spec.completions === job.spec.parallelism;
  if (!shrinks && succeeded < (before.succeeded ?? 0)) {
    errors.push(invalid('status.succeeded', succeeded, 'cannot decrease the succeeded counter'));
  }
  if (completionTime !== undefined && before.completionTime !== undefined && completionTime !== before.completionTime) {
    errors.push(invalid('status.completionTime', completionTime, 'field is immutable'));
  }
  const suspended = old.status?.conditions?.some(({ type, status: is }) => type === 'Suspended' && is === 'True');
  const resumes =
    suspended && job.status?.conditions?.some(({ type, status: is }) => type === 'Suspended' && is === 'False');
  if (!resumes && before.startTime !== undefined && startTime !== before.startTime && job.spec?.suspend !== true) {
    errors.push(required('status.startTime', 'startTime cannot be removed for unsuspended job'));
  }
  const met = isTrue(job, 'SuccessCriteriaMet');
  const wasMet = isTrue(old, 'SuccessCriteriaMet');
  if (wasMet && !met) errors.push(invalidWhole(CONDITIONS, 'cannot disable the SuccessCriteriaMet=True condition'));
  if (isTrue(old, 'Complete') && !wasMet && met) {
    const text = 'cannot set SuccessCriteriaMet=True for Job already has Complete=true conditions';
    errors.push(invalidWhole(CONDITIONS, text));
  }
  return errors;
}
