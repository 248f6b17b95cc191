import type { Job, ObjectMeta, Pod } from '../../../../shared/kubernetes/objects';
import type { PodTemplate } from '../pod-control';

/** Keeps a finished pod until the job has counted it. */
export const TRACKING = 'batch.kubernetes.io/job-tracking';
const INDEX = 'batch.kubernetes.io/job-completion-index';
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
function replacesFailedOnly(job: Job): boolean {
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

/** When the pod ended, in milliseconds since the epoch; `now` when it does not say. */
export function finishedAt(pod: Pod, now: number): number {
  const ends = (pod.status?.containerStatuses ?? []).map(({ state }) =>
    Date.parse(state?.terminated?.finishedAt ?? ''),
  );
  const known = ends.filter((end) => !Number.isNaN(end));
  return known.length > 0 ? Math.max(...known) : now;
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

/** What an indexed job's pod has in its metadata. */
export function indexedMetadata(job: Job, index: number): Partial<ObjectMeta> {
  const mark = { [INDEX]: String(index) };
  return { generateName: `${job.metadata.name}-${index}-`, labels: mark, annotations: mark };
}
