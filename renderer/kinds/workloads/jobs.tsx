import type { CronJob, Job } from '../../../shared/kubernetes/objects';
import { Moment } from '../../details/moment';
import { Field, Fields, Section } from '../../details/parts';
import { Containers } from './containers';

export function JobSections({ object: { spec, status } }: { object: Job }) {
  return (
    <>
      <Section title="Runs">
        <Fields>
          <Field name="Succeeded">{`${status?.succeeded ?? 0} of ${spec?.completions ?? 1}`}</Field>
          <Field name="Active">{status?.active}</Field>
          <Field name="Failed">{status?.failed}</Field>
          <Field name="Side by side">{spec?.parallelism}</Field>
          <Field name="Retries allowed">{spec?.backoffLimit}</Field>
          <Field name="Deadline">
            {spec?.activeDeadlineSeconds !== undefined && `${spec.activeDeadlineSeconds} seconds`}
          </Field>
          <Field name="Started">{status?.startTime ? <Moment time={status.startTime} /> : 'not yet'}</Field>
          <Field name="Finished">{status?.completionTime && <Moment time={status.completionTime} />}</Field>
          <Field name="Removed after">
            {spec?.ttlSecondsAfterFinished !== undefined && `${spec.ttlSecondsAfterFinished} seconds`}
          </Field>
        </Fields>
      </Section>
      <Containers title="Containers of its pods" containers={spec?.template.spec?.containers} />
    </>
  );
}

export function CronJobSections({ object: { spec, status } }: { object: CronJob }) {
  return (
    <>
      <Section title="Schedule">
        <Fields>
          <Field name="Schedule">
            <code className="font-mono">{spec?.schedule}</code>
          </Field>
          <Field name="Time zone">{spec?.timeZone}</Field>
          <Field name="Suspended">{spec?.suspend ? 'yes' : 'no'}</Field>
          <Field name="Overlapping runs">{spec?.concurrencyPolicy}</Field>
          <Field name="Running now">{status?.active?.map((job) => job.name).join(', ') || 'none'}</Field>
          <Field name="Last run">
            {status?.lastScheduleTime ? <Moment time={status.lastScheduleTime} /> : 'never'}
          </Field>
          <Field name="Last success">{status?.lastSuccessfulTime && <Moment time={status.lastSuccessfulTime} />}</Field>
          <Field name="Kept jobs">
            {`${spec?.successfulJobsHistoryLimit ?? 3} succeeded, ${spec?.failedJobsHistoryLimit ?? 1} failed`}
          </Field>
        </Fields>
      </Section>
      <Containers title="Containers of its pods" containers={spec?.jobTemplate.spec?.template.spec?.containers} />
    </>
  );
}
