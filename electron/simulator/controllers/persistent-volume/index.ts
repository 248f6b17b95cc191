import type { PersistentVolume, PersistentVolumeClaim, StorageClass } from '../../../../shared/kubernetes/objects';
import {
  persistentVolumeClaims,
  persistentVolumes,
  pods,
  storageClasses,
} from '../../../../shared/kubernetes/resources';
import type { ComponentContext, ComponentDefinition } from '../../component';
import { type Informer, keyFor, keyOf } from '../../informer';
import { SELECTED_NODE, STORAGE_PROVISIONER } from '../../storage/annotations';
import { claimNamesOf, PodsByClaim } from '../../storage/pod-claims';
import { Controller, updateStatus } from '../controller';
import { bestMatch, isReservedFor } from './matching';

const BIND_COMPLETED = 'pv.kubernetes.io/bind-completed';
const BOUND_BY_CONTROLLER = 'pv.kubernetes.io/bound-by-controller';

type Annotations = Record<string, string>;

/** Marks the keys of volumes, which share the queue with those of claims. */
const VOLUME = 'volume:';

/** Binds claims to volumes, and has volumes made and taken back (pkg/controller/volume/persistentvolume/pv_controller.go). */
class PersistentVolumeController extends Controller {
  readonly #claims: Informer<PersistentVolumeClaim>;
  readonly #volumes: Informer<PersistentVolume>;
  readonly #classes: Informer<StorageClass>;
  readonly #podsByClaim: PodsByClaim;

  constructor(context: ComponentContext) {
    super('persistentvolume-binder-controller', context);
    this.#claims = this.watch(persistentVolumeClaims, (claim) => {
      this.enqueue(keyOf(claim));
      for (const volume of this.#volumes.list()) {
        if (volume.spec?.claimRef?.uid === claim.metadata.uid) this.enqueue(VOLUME + keyOf(volume));
      }
    });
    this.#volumes = this.watch(persistentVolumes, (volume) => {
      this.enqueue(VOLUME + keyOf(volume));
      const { claimRef } = volume.spec ?? {};
      if (claimRef !== undefined) this.enqueue(keyFor(claimRef.namespace, claimRef.name ?? ''));
      else this.#enqueueUnbound();
    });
    this.#classes = this.watch(storageClasses, () => this.#enqueueUnbound());
    this.#podsByClaim = new PodsByClaim(context.informers);
    context.informers.for(pods).addHandlers({
      add: (pod) => {
        for (const name of claimNamesOf(pod)) this.enqueue(keyFor(pod.metadata.namespace, name));
      },
    });
  }

  #enqueueUnbound(): void {
    for (const claim of this.#claims.list()) if (!claim.spec?.volumeName) this.enqueue(keyOf(claim));
  }

  protected async reconcile(key: string): Promise<void> {
    if (key.startsWith(VOLUME)) {
      const volume = this.#volumes.getByKey(key.slice(VOLUME.length));
      if (volume !== undefined) await this.#syncVolume(volume);
      return;
    }
    const claim = this.#claims.getByKey(key);
    if (claim === undefined) return;
    if (claim.metadata.annotations?.[BIND_COMPLETED] !== undefined) return this.#checkBound(claim);
    if (claim.metadata.deletionTimestamp === undefined) await this.#bindOrProvision(claim);
  }

  async #bindOrProvision(claim: PersistentVolumeClaim): Promise<void> {
    const { volumeName, storageClassName = '' } = claim.spec ?? {};
    if (volumeName) {
      const volume = this.#volumes.get(undefined, volumeName);
      if (volume !== undefined && (volume.spec?.claimRef === undefined || isReservedFor(volume, claim))) {
        await this.#bind(claim, volume);
      }
      return;
    }
    const storageClass = this.#classes.get(undefined, storageClassName);
    const selected = claim.metadata.annotations?.[SELECTED_NODE];
    const delayed = storageClass?.volumeBindingMode === 'WaitForFirstConsumer' && selected === undefined;
    const volume = bestMatch(this.#volumes.list(), claim);
    // Before a consumer is placed only a volume that is promised already may be taken.
    if (volume !== undefined && (!delayed || isReservedFor(volume, claim))) return this.#bind(claim, volume);
    if (delayed) return this.#tellWaiting(claim);
    if (storageClassName === '') {
      const message = 'no persistent volumes available for this claim and no storage class is set';
      this.context.events.event(claim, 'Normal', 'FailedBinding', message);
    } else if (storageClass === undefined) {
      const message = `storageclass.storage.k8s.io "${storageClassName}" not found`;
      this.context.events.event(claim, 'Warning', 'ProvisioningFailed', message);
    } else if (storageClass.provisioner !== 'kubernetes.io/no-provisioner') {
      await this.#askProvisioner(claim, storageClass.provisioner);
    }
  }

  #tellWaiting(claim: PersistentVolumeClaim): void {
    const { namespace, name } = claim.metadata;
    const [consumer] = this.#podsByClaim.of(namespace, name ?? '');
    if (consumer === undefined) {
      const message = 'waiting for first consumer to be created before binding';
      this.context.events.event(claim, 'Normal', 'WaitForFirstConsumer', message);
    } else {
      const message = `waiting for pod ${consumer.metadata.name} to be scheduled`;
      this.context.events.event(claim, 'Normal', 'WaitForPodScheduled', message);
    }
  }

  /** Who provisions is outside: it finds its name in the claim (`provisionClaimOperationExternal`). */
  async #askProvisioner(claim: PersistentVolumeClaim, provisioner: string): Promise<void> {
    const { client, events } = this.context;
    const { annotations } = claim.metadata;
    if (annotations?.[STORAGE_PROVISIONER] === provisioner) return;
    const metadata = { ...claim.metadata, annotations: { ...annotations, [STORAGE_PROVISIONER]: provisioner } };
    await client.update(persistentVolumeClaims, { ...claim, metadata });
    const message = `Waiting for a volume to be created either by the external provisioner '${provisioner}' or manually by the system administrator. If volume creation is delayed, please verify that the provisioner is running and correctly registered.`;
    events.event(claim, 'Normal', 'ExternalProvisioning', message);
  }

  /** The volume first, so that no other claim can take it in between; each half is repaired by the next round. */
  async #bind(claim: PersistentVolumeClaim, volume: PersistentVolume): Promise<void> {
    const { client } = this.context;
    const { name = '', namespace = '', uid = '', resourceVersion } = claim.metadata;
    let bound = volume;
    if (volume.spec?.claimRef?.uid !== uid) {
      const byController: Annotations = volume.spec?.claimRef === undefined ? { [BOUND_BY_CONTROLLER]: 'yes' } : {};
      const reference = { apiVersion: 'v1', kind: 'PersistentVolumeClaim', name, namespace, uid };
      bound = await client.update(persistentVolumes, {
        ...volume,
        metadata: { ...volume.metadata, annotations: { ...volume.metadata.annotations, ...byController } },
        spec: {
          ...volume.spec,
          claimRef: { ...reference, ...(resourceVersion === undefined ? {} : { resourceVersion }) },
        },
      });
    }
    if (bound.status?.phase !== 'Bound') await this.#setPhase(bound, 'Bound');
    const byController: Annotations = claim.spec?.volumeName ? {} : { [BOUND_BY_CONTROLLER]: 'yes' };
    const taken = await client.update(persistentVolumeClaims, {
      ...claim,
      metadata: {
        ...claim.metadata,
        annotations: { ...claim.metadata.annotations, ...byController, [BIND_COMPLETED]: 'yes' },
      },
      spec: { ...claim.spec, volumeName: bound.metadata.name ?? '' },
    });
    await this.#claimStatus(taken, bound);
  }

  async #claimStatus(claim: PersistentVolumeClaim, volume: PersistentVolume): Promise<void> {
    const { accessModes = [], capacity = {} } = volume.spec ?? {};
    await updateStatus(this.context, persistentVolumeClaims, claim, {
      ...claim.status,
      phase: 'Bound',
      accessModes,
      capacity: { storage: capacity.storage ?? '0' },
    });
  }

  async #checkBound(claim: PersistentVolumeClaim): Promise<void> {
    const volume = this.#volumes.get(undefined, claim.spec?.volumeName ?? '');
    if (volume !== undefined && isReservedFor(volume, claim)) {
      if (claim.status?.phase !== 'Bound') await this.#claimStatus(claim, volume);
      return;
    }
    if (claim.status?.phase === 'Lost') return;
    const { capacity: _, ...status } = claim.status ?? {};
    await updateStatus(this.context, persistentVolumeClaims, claim, { ...status, phase: 'Lost' });
    const message =
      volume === undefined
        ? 'Bound claim has lost its PersistentVolume. Data on the volume is lost!'
        : 'Two claims are bound to the same volume, this one is bound incorrectly';
    this.context.events.event(claim, 'Warning', volume === undefined ? 'ClaimLost' : 'ClaimMisbound', message);
  }

  async #syncVolume(volume: PersistentVolume): Promise<void> {
    const reference = volume.spec?.claimRef;
    if (!reference?.uid) {
      if (volume.status?.phase !== 'Available') await this.#setPhase(volume, 'Available');
      return;
    }
    const claim = this.#claims.get(reference.namespace, reference.name ?? '');
    if (claim?.metadata.uid === reference.uid) {
      if (claim.spec?.volumeName === volume.metadata.name && volume.status?.phase !== 'Bound') {
        await this.#setPhase(volume, 'Bound');
      }
      return;
    }
    // Where it goes with its claim, whoever provisioned it takes it back.
    if (volume.status?.phase !== 'Released') await this.#setPhase(volume, 'Released');
  }

  async #setPhase(volume: PersistentVolume, phase: string): Promise<void> {
    await updateStatus(this.context, persistentVolumes, volume, { ...volume.status, phase });
  }
}

export const persistentVolumeController: ComponentDefinition = {
  name: 'persistentvolume-binder-controller',
  user: 'system:serviceaccount:kube-system:persistent-volume-binder',
  eventSource: { component: 'persistentvolume-controller' },
  create: (context) => new PersistentVolumeController(context),
};
