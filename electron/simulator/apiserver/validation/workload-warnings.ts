import { isDeepStrictEqual } from 'node:util';
import type { CronJob, Job, KubeObject } from '../../../../shared/kubernetes/objects';
import type { PodTemplateSpec } from '../strategies/pod-defaults';
import { hostNameWarnings, templateWarnings } from './pod-warnings';

interface Workload extends KubeObject {
  spec?: { template?: PodTemplateSpec };
}

/** A new workload's name becomes that of its pods; what its template says is warned of when the spec has changed. */
export function workloadWarnings(workload: Workload, old: Workload | undefined): string[] {
  if (old === undefined) return [...podNameWarnings(workload), ...specWarnings(workload, old)];
  return specWarnings(workload, old);
}

function podNameWarnings({ metadata }: KubeObject): string[] {
  return hostNameWarnings(metadata.name, 'Pod names and hostnames');
}

/** The warnings of a template, each time that the spec around it changes. */
export function specWarnings({ metadata, spec }: Workload, old: Workload | undefined): string[] {
  if (old !== undefined && metadata.generation === old.metadata.generation) return [];
  return templateWarnings(spec?.template, 'spec.template');
}

/** The same, each time that the template itself changes. */
export function changedTemplateWarnings({ spec }: Workload, old: Workload | undefined): string[] {
  if (old !== undefined && isDeepStrictEqual(spec?.template, old.spec?.template)) return [];
  return templateWarnings(spec?.template, 'spec.template');
}

/** Above these, an indexed job whose indexes fail may grow beyond what an object may hold. */
const MANY_COMPLETIONS = 100_000;
const MANY_PARALLEL = 10_000;

function jobSpecWarnings(spec: Job['spec'], path: string): string[] {
  const { completionMode, completions = 0, parallelism = 0 } = spec ?? {};
  const large = completionMode === 'Indexed' && completions > MANY_COMPLETIONS && parallelism > MANY_PARALLEL;
  const text =
    'In Indexed Jobs with a number of completions higher than 10^5 and a parallelism higher than 10^4, Kubernetes might not be able to track completedIndexes when a big number of indexes fail';
  return [...(large ? [`${path}: ${text}`] : []), ...templateWarnings(spec?.template, `${path}.template`)];
}

export function jobWarnings(job: Job, old: Job | undefined): string[] {
  if (old !== undefined && job.metadata.generation === old.metadata.generation) return [];
  return [...(old === undefined ? podNameWarnings(job) : []), ...jobSpecWarnings(job.spec, 'spec')];
}

export function cronJobWarnings({ metadata, spec }: CronJob, old: CronJob | undefined): string[] {
  const ofJob = () => jobSpecWarnings(spec?.jobTemplate.spec, 'spec.jobTemplate.spec');
  if (old === undefined) return [...podNameWarnings({ metadata }), ...ofJob()];
  const warnings = metadata.generation === old.metadata.generation ? [] : ofJob();
  if (spec?.schedule.includes('TZ') === true) {
    const place = 'https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/';
    warnings.push(
      `cannot use TZ or CRON_TZ in spec.spec.schedule, use timeZone instead, see ${place} for more details`,
    );
  }
  return warnings;
}
