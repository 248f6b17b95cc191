import type { OwnerReference } from '../../../../shared/kubernetes/meta';
import type { PersistentVolumeClaim, Pod, StatefulSet } from '../../../../shared/kubernetes/objects';
import { controllerReference } from '../../../../shared/kubernetes/owners';
import { apiVersionOf, pods, type Resource, statefulSets } from '../../../../shared/kubernetes/resources';
import { isInRange } from './identity';

/**
 * Whom a claim goes with, by the set's retention policy: the set, while its pod is one of the set's; the pod, once scaling
 * down takes it away (pkg/controller/statefulset/stateful_set_utils.go `isClaimOwnerUpToDate`,
 * `updateClaimOwnerRefForSetAndPod`).
 * @returns the claim's owners as they should be; `undefined` when they are, or are none of ours to touch.
 */
export function correctedOwners(
  claim: PersistentVolumeClaim,
  set: StatefulSet,
  pod: Pod,
): OwnerReference[] | undefined {
  if (isStale(claim, set, statefulSets) || isStale(claim, pod, pods)) return undefined;
  const owners = claim.metadata.ownerReferences ?? [];
  const isOf = ({ metadata: { uid } }: StatefulSet | Pod) => owners.some((owner) => owner.uid === uid);
  const others = owners.filter((owner) => !isNamed(owner, set, statefulSets) && !isNamed(owner, pod, pods));
  if (isManagedByOthers(claim, set, pod)) return isOf(set) || isOf(pod) ? others : undefined;
  const { goesWithSet, goesWithPod } = wanted(set, pod);
  const ours = owners.filter(({ uid }) => uid === set.metadata.uid || uid === pod.metadata.uid);
  const areControllers = ours.every(({ controller }) => controller === true);
  if (areControllers && isOf(set) === goesWithSet && isOf(pod) === goesWithPod) return undefined;
  return [
    ...others,
    ...(goesWithPod ? [controllerReference(pod, pods)] : []),
    ...(goesWithSet ? [controllerReference(set, statefulSets)] : []),
  ];
}

/** Whether another controller than the set and the pod has the claim, so that the retention policy is void. */
export function isManagedByOthers(claim: PersistentVolumeClaim, set: StatefulSet, pod: Pod): boolean {
  const { whenDeleted, whenScaled } = set.spec?.persistentVolumeClaimRetentionPolicy ?? {};
  if (whenDeleted !== 'Delete' && whenScaled !== 'Delete') return false;
  return (claim.metadata.ownerReferences ?? []).some((owner) => {
    if (isNamed(owner, set, statefulSets)) return owner.uid !== set.metadata.uid;
    if (isNamed(owner, pod, pods)) return owner.uid !== pod.metadata.uid;
    return owner.controller === true;
  });
}

/** Whether a claim belongs to an earlier object of the same name, and is on its way out. */
export function isStale(claim: PersistentVolumeClaim, { metadata }: StatefulSet | Pod, resource: Resource): boolean {
  const owner = claim.metadata.ownerReferences?.find((each) => isNamed(each, { metadata }, resource));
  return owner !== undefined && owner.uid !== metadata.uid;
}

function wanted(set: StatefulSet, pod: Pod): { goesWithSet: boolean; goesWithPod: boolean } {
  const { whenDeleted, whenScaled } = set.spec?.persistentVolumeClaimRetentionPolicy ?? {};
  const goesWithPod = whenScaled === 'Delete' && !isInRange(set, pod);
  return { goesWithSet: whenDeleted === 'Delete' && !goesWithPod, goesWithPod };
}

function isNamed(
  { apiVersion, kind, name }: OwnerReference,
  { metadata }: Pick<StatefulSet | Pod, 'metadata'>,
  resource: Resource,
): boolean {
  return apiVersion === apiVersionOf(resource) && kind === resource.kind && name === metadata.name;
}
