import type { CronJob } from '../../../../shared/kubernetes/objects';
import { cronJobs } from '../../../../shared/kubernetes/resources';
import { cronJobPrinter } from '../printers/workloads';
import type { ResourceDefinition } from '../registry/definition';
import { validateCronJobCreate, validateCronJobUpdate } from '../validation/cronjobs';
import { cronJobWarnings } from '../validation/workload-warnings';
import { applyTemplateDefaults, specOf } from './pod-defaults';

export const cronJobDefinition: ResourceDefinition<CronJob> = {
  resource: cronJobs,
  singular: 'cronjob',
  shortNames: ['cj'],
  categories: ['all'],
  hasStatus: true,
  printer: cronJobPrinter,
  strategy: {
    applyDefaults(cronJob) {
      const spec = specOf(cronJob);
      spec.concurrencyPolicy ||= 'Allow';
      spec.suspend ??= false;
      spec.successfulJobsHistoryLimit ??= 3;
      spec.failedJobsHistoryLimit ??= 1;
      spec.jobTemplate ??= {};
      spec.jobTemplate.metadata ??= {};
      applyTemplateDefaults(specOf(spec.jobTemplate));
    },
    prepareForCreate(cronJob) {
      cronJob.status = {};
    },
    validateCreate: validateCronJobCreate,
    validateUpdate: validateCronJobUpdate,
    warnings: cronJobWarnings,
  },
};
