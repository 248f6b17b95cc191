import { messageOf } from '../../../../shared/error-message';
import { isKnownTimeZone, parseCron } from '../../../../shared/kubernetes/cron';
import type { CronJob } from '../../../../shared/kubernetes/objects';
import { type FieldError, invalid, notSupported, required } from './field-error';
import { validateJobSpec } from './jobs';
import { nonNegative } from './values';

type Spec = NonNullable<CronJob['spec']>;

const CONCURRENCY = ['Allow', 'Forbid', 'Replace'];
/** Jobs are named after their CronJob, with eleven characters more. */
const NAME_LIMIT = 52;

/** pkg/apis/batch/validation, `ValidateCronJobCreate`. */
export function validateCronJobCreate({ metadata: { name = '' }, spec }: CronJob): FieldError[] {
  const errors = validateSpec(spec, undefined);
  if (name.length > NAME_LIMIT) {
    errors.push(invalid('metadata.name', name, `must be no more than ${NAME_LIMIT} characters`));
  }
  return errors;
}

/** A name that was too long from the first may stay (`ValidateCronJobUpdate`). */
export function validateCronJobUpdate({ spec }: CronJob, old: CronJob): FieldError[] {
  return validateSpec(spec, old.spec);
}

function validateSpec(spec: Spec | undefined, old: Spec | undefined): FieldError[] {
  const errors = spec?.schedule ? validateSchedule(spec, old) : [required('spec.schedule')];
  errors.push(...nonNegative(spec?.startingDeadlineSeconds, 'spec.startingDeadlineSeconds'));
  if (old === undefined || old.timeZone !== spec?.timeZone) errors.push(...validateTimeZone(spec?.timeZone));
  const { concurrencyPolicy: concurrency } = spec ?? {};
  if (!concurrency) errors.push(required('spec.concurrencyPolicy'));
  else if (!CONCURRENCY.includes(concurrency)) {
    errors.push(notSupported('spec.concurrencyPolicy', concurrency, CONCURRENCY));
  }
  return [
    ...errors,
    ...validateJobTemplate(spec, 'spec.jobTemplate.spec'),
    ...nonNegative(spec?.successfulJobsHistoryLimit, 'spec.successfulJobsHistoryLimit'),
    ...nonNegative(spec?.failedJobsHistoryLimit, 'spec.failedJobsHistoryLimit'),
  ];
}

function validateJobTemplate(spec: Spec | undefined, path: string): FieldError[] {
  const job = spec?.jobTemplate.spec;
  if (job === undefined) return [];
  const errors = validateJobSpec(job, path);
  if (job.selector !== undefined) {
    errors.push(invalid(`${path}.selector`, job.selector, '`selector` will be auto-generated'));
  }
  if (job.manualSelector === true) errors.push(notSupported(`${path}.manualSelector`, true, ['nil', 'false']));
  return errors;
}

function validateSchedule({ schedule, timeZone }: Spec, old: Spec | undefined): FieldError[] {
  const path = 'spec.schedule';
  const errors: FieldError[] = [];
  try {
    checkSchedule(schedule);
  } catch (error) {
    errors.push(invalid(path, schedule, messageOf(error)));
  }
  if (!schedule.includes('TZ')) return errors;
  // Once it was allowed, and what has it may keep it.
  if (old?.schedule.includes('TZ') !== true) {
    errors.push(invalid(path, schedule, 'cannot use TZ or CRON_TZ in schedule, use timeZone field instead'));
  } else if (timeZone !== undefined) {
    errors.push(invalid(path, schedule, 'cannot use both timeZone field and TZ or CRON_TZ in schedule'));
  }
  return errors;
}

/** The schedule, with a time zone before it: the parser takes one, though the API does not. */
function checkSchedule(schedule: string): void {
  const zone = /^(?:CRON_)?TZ=/.exec(schedule)?.[0];
  if (zone === undefined) return void parseCron(schedule);
  const space = schedule.indexOf(' ');
  if (space < 0) throw new Error('invalid schedule format: runtime error: slice bounds out of range [:-1]');
  const name = schedule.slice(zone.length, space);
  if (name !== '' && !isKnownTimeZone(name)) {
    throw new Error(`provided bad location ${name}: unknown time zone ${name}`);
  }
  parseCron(schedule.slice(space).trim());
}

/** A part of a time zone's name; digits and plus are of old names. */
const ZONE_PART = /^[A-Za-z.\-_0-9+]{1,14}$/;

function validateTimeZone(timeZone: string | undefined): FieldError[] {
  const refuse = (text: string) => [invalid('spec.timeZone', timeZone, text)];
  if (timeZone === undefined) return [];
  if (timeZone === '') return refuse('timeZone must be nil or non-empty string');
  const badPart = (part: string) => part === '.' || part === '..' || part.startsWith('-') || !ZONE_PART.test(part);
  if (timeZone.split('/').some(badPart)) return refuse(`unknown time zone ${timeZone}`);
  if (timeZone.toLowerCase() === 'local') {
    return [
      ...refuse('timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones'),
      // Only in this spelling does Go know it.
      ...(timeZone === 'Local' ? [] : refuse(`unknown time zone ${timeZone}`)),
    ];
  }
  return isKnownTimeZone(timeZone) ? [] : refuse(`unknown time zone ${timeZone}`);
}
