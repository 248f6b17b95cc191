import type { CronJob } from '../kubernetes/objects';
import { cronJobs } from '../kubernetes/resources';
import { statusColumn, templateColumns, timeCell } from './cells';
import { defineKind, type Health } from './kind';

function health({ spec, status }: CronJob): Health {
  if (spec?.suspend) return { state: 'neutral', label: 'Suspended' };
  return (status?.active?.length ?? 0) > 0
    ? { state: 'progress', label: 'Running' }
    : { state: 'ok', label: 'Scheduled' };
}

export const cronJobKind = defineKind<CronJob>({
  resource: cronJobs,
  title: 'Cron Jobs',
  about: 'A cron job makes a job at every time that its schedule names: backups, reports.',
  shortNames: ['cj'],
  group: 'workloads',
  columns: [
    statusColumn((cronJob) => health(cronJob).label, 120),
    { id: 'schedule', title: 'Schedule', width: 110, value: ({ spec }) => spec?.schedule ?? null },
    { id: 'timeZone', title: 'Time zone', wide: true, value: ({ spec }) => spec?.timeZone ?? null },
    { id: 'active', title: 'Active', type: 'number', width: 70, value: ({ status }) => status?.active?.length ?? 0 },
    {
      id: 'lastSchedule',
      title: 'Last schedule',
      type: 'time',
      width: 110,
      value: ({ status }) => timeCell(status?.lastScheduleTime),
    },
    {
      id: 'lastSuccess',
      title: 'Last success',
      type: 'time',
      width: 110,
      value: ({ status }) => timeCell(status?.lastSuccessfulTime),
    },
    ...templateColumns<CronJob>(({ spec }) => spec?.jobTemplate.spec?.template.spec?.containers),
  ],
  health,
  relations: ({ metadata, status }) =>
    (status?.active ?? []).map((job) => ({
      role: 'Active jobs',
      kind: 'jobs.batch',
      namespace: metadata.namespace ?? '',
      name: job.name ?? '',
    })),
});
