import type { Deployment, ReplicaSet } from '../../../../shared/kubernetes/objects';
import { equivalent } from '../equality';
import type { PodTemplate } from '../pod-control';
import { maxSurge, wantedReplicas } from './scaling';

export const HASH_LABEL = 'pod-template-hash';
export const REVISION = 'deployment.kubernetes.io/revision';
const HISTORY = 'deployment.kubernetes.io/revision-history';
export const DESIRED_REPLICAS = 'deployment.kubernetes.io/desired-replicas';
export const MAX_REPLICAS = 'deployment.kubernetes.io/max-replicas';

/** A deployment's annotations that its replica sets do not inherit. */
const OWN_ANNOTATIONS: ReadonlySet<string> = new Set([
  'kubectl.kubernetes.io/last-applied-configuration',
  REVISION,
  HISTORY,
  DESIRED_REPLICAS,
  MAX_REPLICAS,
  'deprecated.deployment.rollback.to',
]);

/** A deployment's replica sets, told apart (pkg/controller/deployment/util/deployment_util.go). */
export interface Revisions {
  /** The one with the present template; the oldest, should there be several. */
  readonly current: ReplicaSet | undefined;
  readonly old: readonly ReplicaSet[];
}

/** Which of the replica sets has the deployment's present template (`FindNewReplicaSet`, `FindOldReplicaSets`). */
export function tellApart(deployment: Deployment, sets: readonly ReplicaSet[]): Revisions {
  const template = deployment.spec?.template;
  const current = [...sets].sort(byAge).find((set) => sameTemplate(set.spec?.template, template));
  return { current, old: sets.filter((set) => set !== current) };
}

/** Whether two templates make the same pods; the hash label is no part of that. */
export function sameTemplate(a: PodTemplate | undefined, b: PodTemplate | undefined): boolean {
  return equivalent(withoutHash(a), withoutHash(b));
}

function withoutHash(template: PodTemplate | undefined): PodTemplate | undefined {
  if (template?.metadata?.labels?.[HASH_LABEL] === undefined) return template;
  const { [HASH_LABEL]: _, ...labels } = template.metadata.labels;
  return { ...template, metadata: { ...template.metadata, labels } };
}

/** Older first; the name decides between equals. */
export function byAge(a: ReplicaSet, b: ReplicaSet): number {
  const [left, right] = [a, b].map(({ metadata }) => `${metadata.creationTimestamp} ${metadata.name}`) as [
    string,
    string,
  ];
  return left < right ? -1 : Number(left > right);
}

/** The number of the replica set's revision; 0 when it has none. */
export function revisionOf(set: ReplicaSet): number {
  const text = set.metadata.annotations?.[REVISION];
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : 0;
}

/**
 * The annotations that the present replica set should have: the deployment's, its revision, and the revisions it was
 * before a rollback (`SetNewReplicaSetAnnotations`).
 */
export function annotationsFor(
  deployment: Deployment,
  set: ReplicaSet | undefined,
  revision: number,
): Record<string, string> {
  const annotations: Record<string, string> = { ...set?.metadata.annotations };
  for (const [key, value] of Object.entries(deployment.metadata.annotations ?? {})) {
    if (!OWN_ANNOTATIONS.has(key)) annotations[key] = value;
  }
  const previous = set === undefined ? 0 : revisionOf(set);
  if (previous < revision) {
    annotations[REVISION] = String(revision);
    if (previous > 0) {
      const history = annotations[HISTORY];
      annotations[HISTORY] = history ? `${history},${previous}` : String(previous);
    }
  }
  return set === undefined ? { ...annotations, ...replicasAnnotations(deployment) } : annotations;
}

/** What a replica set remembers of its deployment's size, to grow in proportion later. */
export function replicasAnnotations(deployment: Deployment): Record<string, string> {
  const replicas = wantedReplicas(deployment);
  return { [DESIRED_REPLICAS]: String(replicas), [MAX_REPLICAS]: String(replicas + maxSurge(deployment)) };
}
