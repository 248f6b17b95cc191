import type { CSIDriver, PersistentVolume } from '../../../shared/kubernetes/objects';
import { csiDrivers, persistentVolumeClaims, persistentVolumes } from '../../../shared/kubernetes/resources';
import type { Informer, InformerFactory } from '../informer';

/** What a node calls a volume that is attached to it (pkg/volume/util, `GetUniqueVolumeName`; pkg/volume/csi). */
export function uniqueNameOf({ spec }: PersistentVolume): string | undefined {
  return spec?.csi === undefined ? undefined : `kubernetes.io/csi/${spec.csi.driver}^${spec.csi.volumeHandle}`;
}

/** Which volumes have to be attached to a node before it can mount them. */
export class AttachableVolumes {
  readonly #claims;
  readonly #volumes: Informer<PersistentVolume>;
  readonly #drivers: Informer<CSIDriver>;

  constructor(informers: InformerFactory) {
    this.#claims = informers.for(persistentVolumeClaims);
    this.#volumes = informers.for(persistentVolumes);
    this.#drivers = informers.for(csiDrivers);
  }

  /** The volume of a claim, if it is such a one. */
  of(namespace: string | undefined, claimName: string): PersistentVolume | undefined {
    const { volumeName } = this.#claims.get(namespace, claimName)?.spec ?? {};
    const volume = volumeName ? this.#volumes.get(undefined, volumeName) : undefined;
    return volume !== undefined && this.isAttachable(volume) ? volume : undefined;
  }

  /** Drivers that say nothing of it want their volumes attached. */
  isAttachable({ spec }: PersistentVolume): boolean {
    if (spec?.csi === undefined) return false;
    return this.#drivers.get(undefined, spec.csi.driver)?.spec.attachRequired !== false;
  }
}
