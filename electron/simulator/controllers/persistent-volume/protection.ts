import { isPodFinished } from '../../../../shared/kubernetes/conditions';
import type {
  KubeObject,
  PersistentVolume,
  PersistentVolumeClaim,
  VolumeAttributesClass,
} from '../../../../shared/kubernetes/objects';
import {
  persistentVolumeClaims,
  persistentVolumes,
  pods,
  volumeAttributesClasses,
} from '../../../../shared/kubernetes/resources';
import type { ComponentContext, ComponentDefinition } from '../../component';
import { type Informer, keyFor, keyOf } from '../../informer';
import { claimNamesOf, PodsByClaim } from '../../storage/pod-claims';
import { Controller } from '../controller';

function withoutFinalizer<T extends KubeObject>(object: T, finalizer: string): T | undefined {
  const { finalizers = [], deletionTimestamp } = object.metadata;
  if (deletionTimestamp === undefined || !finalizers.includes(finalizer)) return undefined;
  return { ...object, metadata: { ...object.metadata, finalizers: finalizers.filter((each) => each !== finalizer) } };
}

/** Lets a deleted claim go once no pod on a node uses it (pkg/controller/volume/pvcprotection). */
class ClaimProtection extends Controller {
  readonly #claims: Informer<PersistentVolumeClaim>;
  readonly #podsByClaim: PodsByClaim;

  constructor(context: ComponentContext) {
    super('persistentvolumeclaim-protection-controller', context);
    this.#claims = this.watch(persistentVolumeClaims, (claim) => {
      if (claim.metadata.deletionTimestamp !== undefined) this.enqueue(keyOf(claim));
    });
    this.#podsByClaim = new PodsByClaim(context.informers);
    this.watch(pods, (pod) => {
      for (const name of claimNamesOf(pod)) this.enqueue(keyFor(pod.metadata.namespace, name));
    });
  }

  protected async reconcile(key: string): Promise<void> {
    const claim = this.#claims.getByKey(key);
    const free = claim === undefined ? undefined : withoutFinalizer(claim, 'kubernetes.io/pvc-protection');
    if (claim === undefined || free === undefined) return;
    const { namespace, name = '' } = claim.metadata;
    const inUse = this.#podsByClaim
      .of(namespace, name)
      .some((pod) => Boolean(pod.spec?.nodeName) && !isPodFinished(pod));
    if (!inUse) await this.context.client.update(persistentVolumeClaims, free);
  }
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

/** Lets a deleted class of attributes go once no claim or volume has or wants it (pkg/controller/volume/vacprotection). */
class AttributesProtection extends Controller {
  readonly #classes: Informer<VolumeAttributesClass>;
  readonly #claims: Informer<PersistentVolumeClaim>;
  readonly #volumes: Informer<PersistentVolume>;

  constructor(context: ComponentContext) {
    super('volumeattributesclass-protection-controller', context);
    this.#classes = this.primary(volumeAttributesClasses);
    const enqueueAll = (names: readonly string[]) => {
      for (const name of names) this.enqueue(name);
    };
    this.#claims = this.watch(persistentVolumeClaims, (claim, previous) =>
      enqueueAll([...classesOf(claim), ...(previous === undefined ? [] : classesOf(previous))]),
    );
    this.#volumes = this.watch(persistentVolumes, (volume, previous) =>
      enqueueAll([volume, previous].flatMap((each) => each?.spec?.volumeAttributesClassName ?? [])),
    );
  }

  protected async reconcile(key: string): Promise<void> {
    const attributes = this.#classes.getByKey(key);
    const free = attributes === undefined ? undefined : withoutFinalizer(attributes, 'kubernetes.io/vac-protection');
    if (free === undefined) return;
    const inUse =
      this.#claims.list().some((claim) => classesOf(claim).includes(key)) ||
      this.#volumes.list().some(({ spec }) => spec?.volumeAttributesClassName === key);
    if (!inUse) await this.context.client.update(volumeAttributesClasses, free);
  }
}

function classesOf({ spec, status }: PersistentVolumeClaim): string[] {
  const names = [
    spec?.volumeAttributesClassName,
    status?.currentVolumeAttributesClassName,
    status?.modifyVolumeStatus?.targetVolumeAttributesClassName,
  ];
  return names.filter((name): name is string => Boolean(name));
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

export const attributesProtection: ComponentDefinition = {
  name: 'volumeattributesclass-protection-controller',
  user: 'system:serviceaccount:kube-system:volumeattributesclass-protection-controller',
  create: (context) => new AttributesProtection(context),
};
