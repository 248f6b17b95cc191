import { matchesNodeSelector } from '../../../../shared/kubernetes/node-affinity';
import type { PersistentVolume, PersistentVolumeClaim, StorageClass } from '../../../../shared/kubernetes/objects';
import type { Filter, Plugin, PreFilterResult } from '../framework';
import type { PodInfo } from '../pod-info';

const NAME = 'VolumeBinding';

/** Claims, volumes and classes as the informers have them. */
export interface VolumeLister {
  claim(namespace: string, name: string): PersistentVolumeClaim | undefined;
  volume(name: string): PersistentVolume | undefined;
  storageClass(name: string): StorageClass | undefined;
}

/** The claims that a pod's volumes name, generic ephemeral ones among them. */
export function claimNames({ pod }: PodInfo): string[] {
  return (pod.spec?.volumes ?? []).flatMap(({ name, persistentVolumeClaim, ephemeral }) => {
    if (persistentVolumeClaim !== undefined) return [persistentVolumeClaim.claimName];
    return ephemeral === undefined ? [] : [`${pod.metadata.name}-${name}`];
  });
}

/** Whether a claim waits for its first pod to be placed. */
export function waitsForConsumer(claim: PersistentVolumeClaim, volumes: VolumeLister): boolean {
  const storageClass = volumes.storageClass(claim.spec?.storageClassName ?? '');
  return storageClass?.volumeBindingMode === 'WaitForFirstConsumer';
}

/** A pod goes where its volumes are or can be. */
export function volumeBinding(volumes: VolumeLister): Plugin {
  const reject = (reason: string): PreFilterResult => ({
    rejection: { plugin: NAME, reasons: [reason], resolvable: false },
  });
  return {
    name: NAME,
    helpedBy: ['node', 'volume'],
    preFilter: (info) => {
      const names = claimNames(info);
      if (names.length === 0) return undefined;
      const bound: PersistentVolume[] = [];
      for (const name of names) {
        const claim = volumes.claim(info.namespace, name);
        if (claim === undefined) return reject(`persistentvolumeclaim "${name}" not found`);
        if (claim.metadata.deletionTimestamp !== undefined) {
          return reject(`persistentvolumeclaim "${name}" is being deleted`);
        }
        if (claim.status?.phase === 'Lost')
          return reject(
            `persistentvolumeclaim "${name}" bound to non-existent persistentvolume "${claim.spec?.volumeName}"`,
          );
        const volumeName = claim.spec?.volumeName;
        if (volumeName) {
          const volume = volumes.volume(volumeName);
          if (volume !== undefined) bound.push(volume);
        } else if (!waitsForConsumer(claim, volumes)) {
          return reject('pod has unbound immediate PersistentVolumeClaims');
        }
      }
      const tied = bound.filter(({ spec }) => spec?.nodeAffinity?.required !== undefined);
      if (tied.length === 0) return undefined;
      const filter: Filter = ({ node }) =>
        tied.every(
          ({ spec }) =>
            spec?.nodeAffinity?.required === undefined || matchesNodeSelector(spec.nodeAffinity.required, node),
        )
          ? undefined
          : { plugin: NAME, reasons: ["node(s) didn't match PersistentVolume's node affinity"], resolvable: false };
      return { filter };
    },
  };
}
