import type {
  ControllerRevision,
  PersistentVolumeClaim,
  Pod,
  StatefulSet,
} from '../../../../shared/kubernetes/objects';
import { controllerReference } from '../../../../shared/kubernetes/owners';
import { statefulSets } from '../../../../shared/kubernetes/resources';
import { REVISION_LABEL, templateOf } from '../controller-history';

const POD_NAME = 'statefulset.kubernetes.io/pod-name';
const POD_INDEX = 'apps.kubernetes.io/pod-index';

function podName(set: StatefulSet, ordinal: number): string {
  return `${set.metadata.name}-${ordinal}`;
}

/** The ordinal in a pod's name; `undefined` when the name is not of this set. */
export function ordinalOf(set: StatefulSet, pod: Pod): number | undefined {
  const { name = '' } = pod.metadata;
  const prefix = `${set.metadata.name}-`;
  const text = name.startsWith(prefix) ? name.slice(prefix.length) : '';
  return /^(0|[1-9]\d*)$/.test(text) ? Number(text) : undefined;
}

/** The pod of an ordinal, with the name, host name and claims that it always has (`newVersionedStatefulSetPod`). */
export function podFor(set: StatefulSet, revision: ControllerRevision, ordinal: number): Pod {
  const template = templateOf(revision) ?? {};
  const { namespace } = set.metadata;
  const name = podName(set, ordinal);
  const claims = (set.spec?.volumeClaimTemplates ?? []).map(({ metadata }) => ({
    name: metadata?.name ?? '',
    persistentVolumeClaim: { claimName: claimName(set, metadata?.name ?? '', ordinal) },
  }));
  const spec = template.spec ?? { containers: [] };
  const others = (spec.volumes ?? []).filter((volume) => !claims.some((claim) => claim.name === volume.name));
  const volumes = [...claims, ...others];
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      ...(namespace === undefined ? {} : { namespace }),
      labels: {
        ...template.metadata?.labels,
        [POD_NAME]: name,
        [POD_INDEX]: String(ordinal),
        [REVISION_LABEL]: revision.metadata.name ?? '',
      },
      ...(template.metadata?.annotations === undefined ? {} : { annotations: template.metadata.annotations }),
      ...(template.metadata?.finalizers === undefined ? {} : { finalizers: template.metadata.finalizers }),
      ownerReferences: [controllerReference(set, statefulSets)],
    },
    spec: {
      ...spec,
      hostname: name,
      ...(set.spec?.serviceName ? { subdomain: set.spec.serviceName } : {}),
      ...(volumes.length === 0 ? {} : { volumes }),
    },
  };
}

function claimName(set: StatefulSet, template: string, ordinal: number): string {
  return `${template}-${set.metadata.name}-${ordinal}`;
}

/** The claims that a pod needs, as they are made. */
export function claimsFor(set: StatefulSet, pod: Pod): PersistentVolumeClaim[] {
  const { namespace } = set.metadata;
  const ordinal = ordinalOf(set, pod) ?? 0;
  return (set.spec?.volumeClaimTemplates ?? []).map(({ metadata, spec }) => ({
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: {
      name: claimName(set, metadata?.name ?? '', ordinal),
      ...(namespace === undefined ? {} : { namespace }),
      labels: { ...metadata?.labels, ...set.spec?.selector.matchLabels },
      ...(metadata?.annotations === undefined ? {} : { annotations: metadata.annotations }),
    },
    ...(spec === undefined ? {} : { spec }),
  }));
}

/** Whether a pod has the label by which Services find it alone. */
export function isIdentified({ metadata }: Pod): boolean {
  return metadata.labels?.[POD_NAME] === metadata.name;
}

/** The pod with the labels that a member of its set has. */
export function identified(pod: Pod): Pod {
  const { metadata } = pod;
  const { name = '' } = metadata;
  const labels = { ...metadata.labels, [POD_NAME]: name, [POD_INDEX]: name.slice(name.lastIndexOf('-') + 1) };
  return { ...pod, metadata: { ...metadata, labels } };
}

/** The first ordinal, and that after the last. */
export function rangeOf({ spec }: StatefulSet): { start: number; end: number } {
  const start = spec?.ordinals?.start ?? 0;
  return { start, end: start + (spec?.replicas ?? 1) };
}

/** Whether a pod is one of those that the set is to have. */
export function isInRange(set: StatefulSet, pod: Pod): boolean {
  const ordinal = ordinalOf(set, pod);
  const { start, end } = rangeOf(set);
  return ordinal !== undefined && ordinal >= start && ordinal < end;
}

export function revisionNameOf(pod: Pod): string {
  return pod.metadata.labels?.[REVISION_LABEL] ?? '';
}
