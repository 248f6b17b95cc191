import { isDeepStrictEqual } from 'node:util';
import type { Job } from '../../../../shared/kubernetes/objects';
import { jobs } from '../../../../shared/kubernetes/resources';
import { jobPrinter } from '../printers/workloads';
import type { ResourceDefinition } from '../registry/definition';
import { validateJobStatusUpdate } from '../validation/job-status';
import { validateJob, validateJobUpdate } from '../validation/jobs';
import { jobWarnings } from '../validation/workload-warnings';
import { applyTemplateDefaults, specOf } from './pod-defaults';

const UID_LABEL = 'batch.kubernetes.io/controller-uid';

/**
 * A job chooses its pods by its own uid, in a label that every pod of its template carries
 * (pkg/registry/batch/job/strategy.go, `generateSelector`).
 */
function generateSelector(job: Job): void {
  const spec = specOf(job);
  const template = spec.template.metadata;
  if (spec.manualSelector === true || template === undefined) return;
  const { uid = '', name = '' } = job.metadata;
  // A person's own values stay: where they differ, validation says so.
  template.labels = {
    [UID_LABEL]: uid,
    'batch.kubernetes.io/job-name': name,
    'controller-uid': uid,
    'job-name': name,
    ...template.labels,
  };
  spec.selector ??= {};
  spec.selector.matchLabels = { [UID_LABEL]: uid, ...spec.selector.matchLabels };
}

export const jobDefinition: ResourceDefinition<Job> = {
  resource: jobs,
  singular: 'job',
  shortNames: [],
  categories: ['all'],
  hasStatus: true,
  printer: jobPrinter,
  strategy: {
    applyDefaults(job) {
      const spec = specOf(job);
      applyTemplateDefaults(spec);
      if (spec.completions === undefined && spec.parallelism === undefined) spec.completions = 1;
      spec.parallelism ??= 1;
      spec.backoffLimit ??= spec.backoffLimitPerIndex === undefined ? 6 : 2 ** 31 - 1;
      spec.completionMode ??= 'NonIndexed';
      spec.suspend ??= false;
      spec.manualSelector ??= false;
      spec.podReplacementPolicy ??= spec.podFailurePolicy === undefined ? 'TerminatingOrFailed' : 'Failed';
      for (const pattern of (spec.podFailurePolicy?.rules ?? []).flatMap((rule) => rule.onPodConditions ?? [])) {
        pattern.status ||= 'True';
      }
      const labels = spec.template.metadata?.labels;
      const isBare = Object.keys(job.metadata.labels ?? {}).length === 0;
      if (labels !== undefined && Object.keys(labels).length > 0 && isBare) {
        job.metadata.labels = { ...labels };
      }
    },
    prepareForCreate(job) {
      job.status = {};
      // Defaulted from the template's, they follow what is added there.
      const { labels = {} } = job.metadata;
      const follow = Object.keys(labels).length === 0 || isDeepStrictEqual(labels, job.spec?.template.metadata?.labels);
      generateSelector(job);
      const made = job.spec?.template.metadata?.labels ?? {};
      if (follow && Object.keys(made).length > 0) job.metadata.labels = { ...made };
    },
    validate: validateJob,
    warnings: jobWarnings,
    validateUpdate: validateJobUpdate,
    validateStatusUpdate: validateJobStatusUpdate,
    // The pods of a job are its result: dropping them has to be asked for.
    defaultPropagation: 'Orphan',
    deletionWarning:
      'child pods are preserved by default when jobs are deleted; set propagationPolicy=Background to remove them or set propagationPolicy=Orphan to suppress this warning',
  },
  refuseFieldLabel: (label) => `field label ${JSON.stringify(label)} not supported for Job`,
  fieldLabels: { 'status.successful': (job) => String(job.status?.succeeded ?? 0) },
};
