import type { Job } from '../kubernetes/objects';
import { jobs } from '../kubernetes/resources';
import { ratioCell, statusColumn, templateColumns, timeCell } from './cells';
import { defineKind, type Health } from './kind';
import { selected } from './workload';

function health({ spec, status }: Job): Health {
  const holds = (type: string) => status?.conditions?.find((entry) => entry.type === type && entry.status === 'True');
  if (holds('Complete') !== undefined) return { state: 'done', label: 'Complete' };
  const failed = holds('Failed') ?? holds('FailureTarget');
  if (failed !== undefined) {
    const message = failed.message ?? failed.reason;
    return { state: 'error', label: 'Failed', ...(message === undefined ? {} : { message }) };
  }
  if (spec?.suspend) return { state: 'neutral', label: 'Suspended' };
  const failures = status?.failed ?? 0;
  if (failures > 0) {
    return { state: 'warning', label: 'Running', message: `${failures} of its pods failed; it tries again.` };
  }
  return { state: 'progress', label: 'Running' };
}

export const jobKind = defineKind<Job>({
  resource: jobs,
  title: 'Jobs',
  about: 'A job runs pods until a number of them have finished with success, and then stops.',
  shortNames: [],
  group: 'workloads',
  columns: [
    statusColumn((job) => health(job).label),
    {
      id: 'completions',
      title: 'Completions',
      type: 'ratio',
      width: 110,
      value: ({ spec, status }) => ratioCell(status?.succeeded, spec?.completions ?? spec?.parallelism ?? 1),
    },
    { id: 'active', title: 'Active', type: 'number', width: 80, value: ({ status }) => status?.active ?? 0 },
    { id: 'failed', title: 'Failed', type: 'number', width: 80, value: ({ status }) => status?.failed ?? 0 },
    {
      id: 'started',
      title: 'Started',
      type: 'time',
      wide: true,
      value: ({ status }) => timeCell(status?.startTime),
    },
    {
      id: 'finished',
      title: 'Finished',
      type: 'time',
      width: 90,
      value: ({ status }) => timeCell(status?.completionTime),
    },
    ...templateColumns<Job>(({ spec }) => spec?.template.spec?.containers),
  ],
  health,
  selections: (job) => selected(job, 'Pods', 'pods', job.spec?.selector),
});
