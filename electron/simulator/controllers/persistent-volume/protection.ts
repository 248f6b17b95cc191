import { isPodFinished } from '../../../../shared/kubernetes/conditions';
import type { KubeObject, PersistentVolume, PersistentVolumeClaim, Pod } from '../../../../shared/kubernetes/objects';
import { persistentVolumeClaims, persistentVolumes, pods } from '../../../../shared/kubernetes/resources';
import type { ComponentContext, ComponentDefinition } from '../../component';
import { type Informer, keyFor, keyOf } from '../../informer';
import { Controller } from '../controller';

function withoutFinalizer<T extends KubeObject>(object: T, finalizer: string): T | undefined {
  const { finalizers = [], deletionTimestamp } = object.metadata;
  if (deletionTimestamp === undefined || !finalizers.includes(finalizer)) return undefined;
  return { ...object, metadata: { ...object.metadata, finalizers: finalizers.filter((each) => each !== finalizer) } };
}

/** Lets a deleted claim go once no pod on a node uses it (pkg/controller/volume/pvcprotection). */
class ClaimProtection extends Controller {
  readonly #claims: Informer<PersistentVolumeClaim>;
  readonly #pods: Informer<Pod>;

  constructor(context: ComponentContext) {
    super('persistentvolumeclaim-protection-controller', context);
    this.#claims = this.watch(persistentVolumeClaims, (claim) => {
      if (claim.metadata.deletionTimestamp !== undefined) this.enqueue(keyOf(claim));
    });
    this.#pods = this.watch(pods, (pod) => {
      for (const name of claimsOf(pod)) this.enqueue(keyFor(pod.metadata.namespace, name));
    });
  }

  protected async reconcile(key: string): Promise<void> {
    const claim = this.#claims.getByKey(key);
    const free = claim === undefined ? undefined : withoutFinalizer(claim, 'kubernetes.io/pvc-protection');
    if (claim === undefined || free === undefined) return;
    const { namespace, name = '' } = claim.metadata;
    const inUse = this.#pods
      .list(namespace)
      .some((pod) => Boolean(pod.spec?.nodeName) && !isPodFinished(pod) && claimsOf(pod).includes(name));
    if (!inUse) await this.context.client.update(persistentVolumeClaims, free);
  }
}

function claimsOf(pod: Pod): string[] {
  return (pod.spec?.volumes ?? []).flatMap(({ persistentVolumeClaim: claim }) => claim?.claimName ?? []);
}

/** Lets a deleted volume go once no claim is bound to it (pkg/controller/volume/pvprotection). */
class VolumeProtection extends Controller {
  readonly #volumes: Informer<PersistentVolume>;

  constructor(context: ComponentContext) {
    super('persistentvolume-protection-controller', context);
    this.#volumes = this.primary(persistentVolumes);
  }

  protected async reconcile(key: string): Promise<void> {
    const volume = this.#volumes.getByKey(key);
    const free = volume === undefined ? undefined : withoutFinalizer(volume, 'kubernetes.io/pv-protection');
    if (free !== undefined && volume?.status?.phase !== 'Bound') {
      await this.context.client.update(persistentVolumes, free);
    }
  }
}

export const claimProtection: ComponentDefinition = {
  name: 'persistentvolumeclaim-protection-controller',
  user: 'system:serviceaccount:kube-system:pvc-protection-controller',
  create: (context) => new ClaimProtection(context),
};

export const volumeProtection: ComponentDefinition = {
  name: 'persistentvolume-protection-controller',
  user: 'system:serviceaccount:kube-system:pv-protection-controller',
  create: (context) => new VolumeProtection(context),
};
