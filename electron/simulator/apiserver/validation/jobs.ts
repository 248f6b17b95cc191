import { isDeepStrictEqual } from 'node:util';
import { messageOf } from '../../../../shared/error-message';
import { isKnownTimeZone, parseCron } from '../../../../shared/kubernetes/cron';
import type { CronJob, Job } from '../../../../shared/kubernetes/objects';
import { type FieldError, invalid, notSupported, required } from './field-error';
import { validateLabelSelector } from './labels';
import { validatePodTemplate, validateTemplateRestartPolicy } from './pod';
import { immutable, nonNegative, oneOf } from './values';

type JobSpec = NonNullable<Job['spec']>;

const RESTART_POLICIES = ['OnFailure', 'Never'];

/** pkg/apis/batch/validation, `ValidateJob`. */
export function validateJob(job: Job): FieldError[] {
  const spec = job.spec;
  if (spec === undefined) return [required('spec.template')];
  const errors = validateJobSpec(spec, 'spec');
  if (spec.selector === undefined) errors.push(required('spec.selector'));
  else errors.push(...validateLabelSelector(spec.selector, 'spec.selector'));
  if (spec.manualSelector !== true) errors.push(...validateGeneratedSelector(job));
  return errors;
}

function validateGeneratedSelector(job: Job): FieldError[] {
  const { uid = '', name = '' } = job.metadata;
  const labels = job.spec?.template.metadata?.labels ?? {};
  const expected = {
    'controller-uid': uid,
    'job-name': name,
    'batch.kubernetes.io/controller-uid': uid,
    'batch.kubernetes.io/job-name': name,
  };
  return Object.entries(expected).flatMap(([key, value]) => {
    const found = labels[key];
    if (found === value) return [];
    const path = `spec.template.metadata.labels[${key}]`;
    return [
      found === undefined
        ? required('spec.template.metadata.labels', `must be '${value}'`)
        : invalid(path, labels, `must be '${value}'`),
    ];
  });
}

function validateJobSpec(spec: JobSpec, path: string): FieldError[] {
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
  errors.push(...oneOf(spec.completionMode, ['NonIndexed', 'Indexed'], `${path}.completionMode`));
  if (spec.completionMode === 'Indexed' && spec.completions === undefined) {
    errors.push(required(`${path}.completions`, 'when completion mode is Indexed'));
  }
  errors.push(...validatePodTemplate(spec.template, `${path}.template`));
  const policy = spec.template?.spec?.restartPolicy;
  if (policy === 'Always' || policy === undefined) {
    errors.push({
      ...required(`${path}.template.spec.restartPolicy`, 'valid values: "OnFailure", "Never"'),
    });
  } else errors.push(...validateTemplateRestartPolicy(spec.template, RESTART_POLICIES, `${path}.template`));
  if (spec.podFailurePolicy !== undefined && policy !== 'Never') {
    errors.push(
      invalid(
        `${path}.template.spec.restartPolicy`,
        policy,
        'only "Never" is supported when podFailurePolicy is specified',
      ),
    );
  }
  return errors;
}

/** A running job keeps its selector and template (`ValidateJobSpecUpdate`). */
export function validateJobUpdate(job: Job, old: Job): FieldError[] {
  const errors = [
    ...immutable(job.spec?.selector, old.spec?.selector, 'spec.selector'),
    ...immutable(job.spec?.completionMode, old.spec?.completionMode, 'spec.completionMode'),
    ...immutable(job.spec?.podFailurePolicy, old.spec?.podFailurePolicy, 'spec.podFailurePolicy'),
    ...immutable(job.spec?.backoffLimitPerIndex, old.spec?.backoffLimitPerIndex, 'spec.backoffLimitPerIndex'),
  ];
  if (job.spec?.completionMode !== 'Indexed') {
    errors.push(...immutable(job.spec?.completions, old.spec?.completions, 'spec.completions'));
  } else if (job.spec.completions !== old.spec?.completions && job.spec.completions !== job.spec.parallelism) {
    errors.push(
      invalid('spec.completions', job.spec.completions, `can only be modified in tandem with spec.parallelism`),
    );
  }
  // A job that is suspended and has not started may still be told where to run.
  const mayMove = old.spec?.suspend === true && old.status?.startTime === undefined;
  const template = mayMove ? withScheduling(job, old) : job.spec?.template;
  if (!isDeepStrictEqual(template, old.spec?.template)) {
    errors.push(invalid('spec.template', job.spec?.template, 'field is immutable'));
  }
  return errors;
}

function withScheduling(job: Job, old: Job): unknown {
  const template = job.spec?.template;
  const was = old.spec?.template;
  if (template?.spec === undefined) return template;
  const { nodeSelector, affinity, tolerations, schedulingGates } = was?.spec ?? {};
  return JSON.parse(
    JSON.stringify({
      ...template,
      metadata: was?.metadata,
      spec: { ...template.spec, nodeSelector, affinity, tolerations, schedulingGates },
    }),
  );
}

const CONCURRENCY = ['Allow', 'Forbid', 'Replace'];
/** Jobs are named after their CronJob, with eleven characters more. */
const NAME_LIMIT = 52;

/** pkg/apis/batch/validation, `ValidateCronJobCreate`. */
export function validateCronJob(cronJob: CronJob): FieldError[] {
  const { name = '' } = cronJob.metadata;
  const errors: FieldError[] = [];
  const spec = cronJob.spec;
  if (!spec?.schedule) errors.push(required('spec.schedule'));
  else errors.push(...validateSchedule(spec.schedule, spec.timeZone !== undefined));
  errors.push(...validateTimeZone(spec?.timeZone));
  errors.push(...nonNegative(spec?.startingDeadlineSeconds, 'spec.startingDeadlineSeconds'));
  const concurrency = spec?.concurrencyPolicy;
  if (!concurrency) errors.push(required('spec.concurrencyPolicy'));
  else if (!CONCURRENCY.includes(concurrency)) {
    errors.push(notSupported('spec.concurrencyPolicy', concurrency, CONCURRENCY));
  }
  const jobSpec = spec?.jobTemplate?.spec;
  if (jobSpec !== undefined) errors.push(...validateJobSpec(jobSpec, 'spec.jobTemplate.spec'));
  if (jobSpec?.manualSelector === true) {
    errors.push(notSupported('spec.jobTemplate.spec.manualSelector', true, ['nil', 'false']));
  }
  errors.push(...nonNegative(spec?.successfulJobsHistoryLimit, 'spec.successfulJobsHistoryLimit'));
  errors.push(...nonNegative(spec?.failedJobsHistoryLimit, 'spec.failedJobsHistoryLimit'));
  if (name.length > NAME_LIMIT) {
    errors.push(invalid('metadata.name', name, `must be no more than ${NAME_LIMIT} characters`));
  }
  return errors;
}

function validateSchedule(schedule: string, hasTimeZone: boolean): FieldError[] {
  const errors: FieldError[] = [];
  try {
    // Upstream's parser takes a zone before the fields; the API refuses it afterwards.
    parseCron(schedule.replace(/^(CRON_)?TZ=\S+\s+/, ''));
  } catch (error) {
    errors.push(invalid('spec.schedule', schedule, messageOf(error)));
  }
  if (schedule.includes('TZ')) {
    errors.push(
      hasTimeZone
        ? invalid('spec.schedule', schedule, 'cannot use both timeZone field and TZ or CRON_TZ in schedule')
        : invalid('spec.schedule', schedule, 'cannot use TZ or CRON_TZ in schedule, use timeZone field instead'),
    );
  }
  return errors;
}

function validateTimeZone(timeZone: string | undefined): FieldError[] {
  if (timeZone === undefined) return [];
  if (timeZone === '') return [invalid('spec.timeZone', timeZone, 'timeZone must be nil or non-empty string')];
  if (timeZone.toLowerCase() === 'local') {
    const text = 'timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones';
    return [invalid('spec.timeZone', timeZone, text)];
  }
  return isKnownTimeZone(timeZone) ? [] : [invalid('spec.timeZone', timeZone, `unknown time zone ${timeZone}`)];
}
