import type { Job } from '../../../../shared/kubernetes/objects';
import { jobs } from '../../../../shared/kubernetes/resources';
import { jobPrinter } from '../printers/workloads';
import type { ResourceDefinition } from '../registry/definition';
import { validateJob, validateJobUpdate } from '../validation/jobs';
import { hostNameWarnings, templateWarnings } from '../validation/pod-warnings';
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
      if (labels !== undefined && Object.keys(job.metadata.labels ?? {}).length === 0) {
        job.metadata.labels = { ...labels };
      }
    },
    prepareForCreate(job) {
      job.status = {};
      generateSelector(job);
    },
    validate: validateJob,
    warnings: ({ metadata, spec }) => [
      ...hostNameWarnings(metadata.name, 'Pod names and hostnames'),
      ...templateWarnings(spec?.template, 'spec.template'),
    ],
    validateUpdate: validateJobUpdate,
    // The pods of a job are its result: dropping them has to be asked for.
    defaultPropagation: 'Orphan',
  },
  fieldLabels: { 'status.successful': (job) => String(job.status?.succeeded ?? 0) },
};
