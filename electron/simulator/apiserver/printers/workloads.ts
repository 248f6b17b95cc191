import { humanDuration } from '../../../../shared/kubernetes/ages';
import type { LabelSelector } from '../../../../shared/kubernetes/meta';
import type {
  CronJob,
  DaemonSet,
  Deployment,
  Job,
  ReplicaSet,
  ReplicationController,
  StatefulSet,
} from '../../../../shared/kubernetes/objects';
import { formatLabelSelector } from '../../../../shared/kubernetes/selectors';
import type { TablePrinter } from '../registry/definition';
import {
  age,
  ageColumn,
  column,
  containerColumns,
  containersAndImages,
  labelsText,
  nameColumn,
  nameOf,
  orNone,
  since,
  wide,
} from './columns';

const selectorColumn = wide('Selector', 'The label query over the pods.');

function selectorText(selector: LabelSelector | undefined): string {
  return orNone(formatLabelSelector(selector));
}

export const deploymentPrinter: TablePrinter<Deployment> = {
  columns: [
    nameColumn,
    column('Ready', 'Number of the pod with ready state'),
    column('Up-to-date', 'Pods that have the desired template.'),
    column('Available', 'Pods that have been ready for at least minReadySeconds.'),
    ageColumn,
    ...containerColumns,
    selectorColumn,
  ],
  cells: (deployment, now) => [
    nameOf(deployment),
    `${deployment.status?.readyReplicas ?? 0}/${deployment.spec?.replicas ?? 0}`,
    deployment.status?.updatedReplicas ?? 0,
    deployment.status?.availableReplicas ?? 0,
    age(deployment, now),
    ...containersAndImages(deployment.spec?.template.spec?.containers),
    selectorText(deployment.spec?.selector),
  ],
};

const replicaColumns = [
  nameColumn,
  column('Desired', 'The number of pods asked for.', 'integer'),
  column('Current', 'The number of pods there are.', 'integer'),
  column('Ready', 'The number of pods that are ready.', 'integer'),
  ageColumn,
  ...containerColumns,
  selectorColumn,
];

export const replicaSetPrinter: TablePrinter<ReplicaSet> = {
  columns: replicaColumns,
  cells: (set, now) => [
    nameOf(set),
    set.spec?.replicas ?? 0,
    set.status?.replicas ?? 0,
    set.status?.readyReplicas ?? 0,
    age(set, now),
    ...containersAndImages(set.spec?.template?.spec?.containers),
    selectorText(set.spec?.selector),
  ],
};

export const replicationControllerPrinter: TablePrinter<ReplicationController> = {
  columns: replicaColumns,
  cells: (controller, now) => [
    nameOf(controller),
    controller.spec?.replicas ?? 0,
    controller.status?.replicas ?? 0,
    controller.status?.readyReplicas ?? 0,
    age(controller, now),
    ...containersAndImages(controller.spec?.template?.spec?.containers),
    labelsText(controller.spec?.selector),
  ],
};

export const statefulSetPrinter: TablePrinter<StatefulSet> = {
  columns: [nameColumn, column('Ready', 'Number of the pod with ready state'), ageColumn, ...containerColumns],
  cells: (set, now) => [
    nameOf(set),
    `${set.status?.readyReplicas ?? 0}/${set.spec?.replicas ?? 0}`,
    age(set, now),
    ...containersAndImages(set.spec?.template.spec?.containers),
  ],
};

export const daemonSetPrinter: TablePrinter<DaemonSet> = {
  columns: [
    nameColumn,
    column('Desired', 'The number of nodes that should run the pod.', 'integer'),
    column('Current', 'The number of nodes that run the pod and should.', 'integer'),
    column('Ready', 'The number of nodes whose pod is ready.', 'integer'),
    column('Up-to-date', 'The number of nodes whose pod has the desired template.', 'integer'),
    column('Available', 'The number of nodes whose pod is available.', 'integer'),
    column('Node Selector', 'The labels that a node must have.'),
    ageColumn,
    ...containerColumns,
    selectorColumn,
  ],
  cells: (set, now) => [
    nameOf(set),
    set.status?.desiredNumberScheduled ?? 0,
    set.status?.currentNumberScheduled ?? 0,
    set.status?.numberReady ?? 0,
    set.status?.updatedNumberScheduled ?? 0,
    set.status?.numberAvailable ?? 0,
    labelsText(set.spec?.template.spec?.nodeSelector),
    age(set, now),
    ...containersAndImages(set.spec?.template.spec?.containers),
    selectorText(set.spec?.selector),
  ],
};

export const jobPrinter: TablePrinter<Job> = {
  columns: [
    nameColumn,
    column('Status', 'Status of the job.'),
    column('Completions', 'How many pods have succeeded, of how many.'),
    column('Duration', 'Time required to complete the job.'),
    ageColumn,
    ...containerColumns,
    selectorColumn,
  ],
  cells: (job, now) => [
    nameOf(job),
    jobStatus(job),
    completions(job),
    jobDuration(job, now),
    age(job, now),
    ...containersAndImages(job.spec?.template.spec?.containers),
    selectorText(job.spec?.selector),
  ],
};

function jobStatus(job: Job): string {
  const isTrue = (type: string) => job.status?.conditions?.some((c) => c.type === type && c.status === 'True') ?? false;
  if (isTrue('Complete')) return 'Complete';
  if (isTrue('Failed')) return 'Failed';
  if (job.metadata.deletionTimestamp !== undefined) return 'Terminating';
  return ['Suspended', 'FailureTarget', 'SuccessCriteriaMet'].find(isTrue) ?? 'Running';
}

function completions(job: Job): string {
  const succeeded = job.status?.succeeded ?? 0;
  if (job.spec?.completions !== undefined) return `${succeeded}/${job.spec.completions}`;
  const parallelism = job.spec?.parallelism ?? 0;
  return parallelism > 1 ? `${succeeded}/1 of ${parallelism}` : `${succeeded}/1`;
}

function jobDuration(job: Job, now: number): string {
  const { startTime, completionTime } = job.status ?? {};
  if (startTime === undefined) return '';
  return humanDuration((completionTime === undefined ? now : Date.parse(completionTime)) - Date.parse(startTime));
}

export const cronJobPrinter: TablePrinter<CronJob> = {
  columns: [
    nameColumn,
    column('Schedule', 'The schedule in Cron format.'),
    column('Timezone', 'The time zone of the schedule.'),
    column('Suspend', 'Whether no further jobs are started.', 'boolean'),
    column('Active', 'The number of jobs that are running.', 'integer'),
    column('Last Schedule', 'When a job was last started.'),
    ageColumn,
    ...containerColumns,
    selectorColumn,
  ],
  cells: (cronJob, now) => {
    const { schedule = '', timeZone, suspend, jobTemplate } = cronJob.spec ?? {};
    const last = cronJob.status?.lastScheduleTime;
    return [
      nameOf(cronJob),
      schedule,
      orNone(timeZone),
      suspend === undefined ? '<unset>' : suspend ? 'True' : 'False',
      cronJob.status?.active?.length ?? 0,
      last === undefined ? '<none>' : since(last, now),
      age(cronJob, now),
      ...containersAndImages(jobTemplate?.spec?.template.spec?.containers),
      selectorText(jobTemplate?.spec?.selector),
    ];
  },
};
