import type { Job, ObjectMeta, Pod } from '../../../../shared/kubernetes/objects';
import type { PodTemplate } from '../pod-control';
import { matchFailurePolicy } from './failure-policy';

/** Keeps a finished pod until the job has counted it. */
export const TRACKING = 'batch.kubernetes.io/job-tracking';
const INDEX = 'batch.kubernetes.io/job-completion-index';
/** How many pods of an index have failed before this one: those that count, and those that the failure policy ignores. */
const FAILURES = 'batch.kubernetes.io/job-index-failure-count';
const IGNORED_FAILURES = 'batch.kubernetes.io/job-index-ignored-failure-count';
const INDEX_VARIABLE = 'JOB_COMPLETION_INDEX';

export function isIndexed(job: Job): boolean {
  return job.spec?.completionMode === 'Indexed';
}

/** The completion index that a pod works on. */
export function indexOf(pod: Pod): number | undefined {
  const text = pod.metadata.annotations?.[INDEX];
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined;
}

/** Whether only pods that have ended are replaced, not ones that are ending. */
export function replacesFailedOnly(job: Job): boolean {
  return job.spec?.podReplacementPolicy === 'Failed' || job.spec?.podFailurePolicy !== undefined;
}

export function hasSucceeded(pod: Pod): boolean {
  return pod.status?.phase === 'Succeeded';
}

/** Whether the pod counts as failed: one that is deleted under way never gets a chance to (`isPodFailed`). */
export function hasFailed(job: Job, pod: Pod): boolean {
  if (pod.status?.phase === 'Failed') return true;
  if (replacesFailedOnly(job)) return false;
  return pod.metadata.deletionTimestamp !== undefined && !hasSucceeded(pod);
}

/** Whether each index has a limit of failures of its own. */
export function isLimitedPerIndex(job: Job): boolean {
  return job.spec?.backoffLimitPerIndex !== undefined;
}

/** How many pods of its index failed before this one. What is no number is none (indexed_job_utils.go). */
export function failuresOf({ metadata: { annotations } }: Pod): { counted: number; ignored: number; all: number } {
  const read = (name: string) => {
    const text = annotations?.[name] ?? '';
    return /^\d+$/.test(text) && Number(text) < 2 ** 31 ? Number(text) : 0;
  };
  const [counted, ignored] = [read(FAILURES), read(IGNORED_FAILURES)];
  return { counted, ignored, all: counted + ignored };
}

/** The template of an indexed job's pod: the index in its environment and host name (`addCompletionIndexEnvVariables`). */
export function indexedTemplate(job: Job, index: number): PodTemplate {
  const template = job.spec?.template ?? {};
  const spec = template.spec ?? { containers: [] };
  const variable = { name: INDEX_VARIABLE, valueFrom: { fieldRef: { fieldPath: `metadata.labels['${INDEX}']` } } };
  const withVariable = <C extends { env?: { name: string }[] }>(container: C): C =>
    container.env?.some(({ name }) => name === INDEX_VARIABLE)
      ? container
      : { ...container, env: [...(container.env ?? []), variable] };
  return {
    ...template,
    spec: {
      ...spec,
      hostname: `${job.metadata.name}-${index}`,
      ...(spec.initContainers === undefined ? {} : { initContainers: spec.initContainers.map(withVariable) }),
      containers: spec.containers.map(withVariable),
    },
  };
}

/**
 * What an indexed job's pod has in its metadata.
 * @param replaced the failed pod of its index that it comes after.
 */
export function indexedMetadata(job: Job, index: number, replaced: Pod | undefined): Partial<ObjectMeta> {
  const mark = { [INDEX]: String(index) };
  const failures = isLimitedPerIndex(job) ? failuresWith(job, replaced) : {};
  return { generateName: `${job.metadata.name}-${index}-`, labels: mark, annotations: { ...mark, ...failures } };
}

function failuresWith(job: Job, replaced: Pod | undefined): Record<string, string> {
  if (replaced === undefined) return { [FAILURES]: '0' };
  const { counted, ignored } = failuresOf(replaced);
  const isIgnored = matchFailurePolicy(job, replaced)?.action === 'Ignore';
  const ignoredNow = ignored + (isIgnored ? 1 : 0);
  return {
    [FAILURES]: String(counted + (isIgnored ? 0 : 1)),
    ...(ignoredNow === 0 ? {} : { [IGNORED_FAILURES]: String(ignoredNow) }),
  };
}
