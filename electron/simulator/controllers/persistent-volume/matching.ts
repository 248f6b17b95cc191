import type { PersistentVolume, PersistentVolumeClaim } from '../../../../shared/kubernetes/objects';
import { parseQuantity } from '../../../../shared/kubernetes/quantities';
import { selectorFromLabelSelector } from '../../../../shared/kubernetes/selectors';

/** Whether the volume is promised to this claim, and to none of its name that was there before. */
export function isReservedFor(volume: PersistentVolume, claim: PersistentVolumeClaim): boolean {
  const { name, namespace, uid } = volume.spec?.claimRef ?? {};
  if (name !== claim.metadata.name || namespace !== claim.metadata.namespace) return false;
  return !uid || uid === claim.metadata.uid;
}

/**
 * The volume that a claim is bound to: one promised to it, else the smallest that is free and suits it
 * (pkg/controller/volume/persistentvolume/index.go, `findBestMatchForClaim`).
 */
export function bestMatch(
  volumes: readonly PersistentVolume[],
  claim: PersistentVolumeClaim,
): PersistentVolume | undefined {
  const suitable = volumes.filter((volume) => volume.metadata.deletionTimestamp === undefined && suits(volume, claim));
  const reserved = suitable.find((volume) => isReservedFor(volume, claim));
  if (reserved !== undefined) return reserved;
  const selector = claim.spec?.selector === undefined ? undefined : selectorFromLabelSelector(claim.spec.selector);
  return suitable
    .filter((volume) => volume.spec?.claimRef === undefined && volume.status?.phase === 'Available')
    .filter((volume) => selector === undefined || selector.matches(volume.metadata.labels))
    .sort((a, b) => capacityOf(a) - capacityOf(b))[0];
}

function suits(volume: PersistentVolume, claim: PersistentVolumeClaim): boolean {
  const [offer, want] = [volume.spec, claim.spec];
  if ((offer?.storageClassName ?? '') !== (want?.storageClassName ?? '')) return false;
  if ((offer?.volumeMode ?? 'Filesystem') !== (want?.volumeMode ?? 'Filesystem')) return false;
  if (!(want?.accessModes ?? []).every((mode) => offer?.accessModes?.includes(mode))) return false;
  return capacityOf(volume) >= parseQuantity(want?.resources?.requests?.storage ?? '0');
}

function capacityOf(volume: PersistentVolume): number {
  return parseQuantity(volume.spec?.capacity?.storage ?? '0');
}
