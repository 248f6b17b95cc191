import { messageOf } from '../../../shared/error-message';
import type { Node, PersistentVolume, PersistentVolumeClaim, StorageClass } from '../../../shared/kubernetes/objects';
import { nodes, persistentVolumeClaims, persistentVolumes, storageClasses } from '../../../shared/kubernetes/resources';
import { isAlreadyExists, isNotFound } from '../../../shared/kubernetes/status-error';
import type { ComponentContext, ComponentDefinition } from '../component';
import { Controller } from '../controllers/controller';
import { type Informer, keyOf } from '../informer';
import { PROVISIONED_BY, SELECTED_NODE, STORAGE_PROVISIONER } from './annotations';
import { Durations } from './durations';
import { identityOf, type Provisioner, type VolumeParts } from './provisioner';

/** Marks the keys of volumes, which share the queue with those of claims. */
const VOLUME = 'volume:';

/**
 * Makes volumes for the claims that ask a provisioner for one, and takes them back
 * (sigs.k8s.io/sig-storage-lib-external-provisioner, controller/controller.go).
 */
class ProvisionController extends Controller {
  readonly #provisioner: Provisioner;
  readonly #claims: Informer<PersistentVolumeClaim>;
  readonly #volumes: Informer<PersistentVolume>;
  readonly #classes: Informer<StorageClass>;
  readonly #nodes: Informer<Node>;
  /** By the claim's uid. */
  readonly #durations: Durations;

  constructor(context: ComponentContext, provisioner: Provisioner) {
    super(provisioner.name, context);
    this.#provisioner = provisioner;
    this.#durations = new Durations(context);
    this.#claims = this.watch(persistentVolumeClaims, (claim) => {
      if (claim.metadata.annotations?.[STORAGE_PROVISIONER] === provisioner.name) this.enqueue(keyOf(claim));
    });
    this.#volumes = this.watch(persistentVolumes, (volume) => this.enqueue(VOLUME + keyOf(volume)));
    this.#classes = context.informers.for(storageClasses);
    this.#nodes = context.informers.for(nodes);
  }

  protected async reconcile(key: string): Promise<void> {
    if (key.startsWith(VOLUME)) {
      const volume = this.#volumes.getByKey(key.slice(VOLUME.length));
      if (volume !== undefined) await this.#takeBack(volume);
      return;
    }
    const claim = this.#claims.getByKey(key);
    if (claim === undefined || claim.spec?.volumeName) return;
    const { uid = '' } = claim.metadata;
    if (claim.metadata.deletionTimestamp !== undefined) this.#durations.forget(uid);
    else await this.#provision(key, claim, uid);
  }

  async #provision(key: string, claim: PersistentVolumeClaim, uid: string): Promise<void> {
    const { events, random } = this.context;
    const { annotations, namespace, name } = claim.metadata;
    const storageClass = this.#classes.get(undefined, claim.spec?.storageClassName ?? '');
    if (storageClass === undefined || this.#volumes.get(undefined, nameFor(uid)) !== undefined) return;
    const selected = annotations?.[SELECTED_NODE];
    if (storageClass.volumeBindingMode === 'WaitForFirstConsumer' && selected === undefined) return;
    if (!this.#durations.isUnderWay(uid)) {
      const message = `External provisioner is provisioning volume for claim "${namespace}/${name}"`;
      events.event(claim, 'Normal', 'Provisioning', message);
    }
    const left = this.#durations.left(uid, this.#provisioner.duration);
    if (left > 0) {
      this.enqueueAfter(key, left);
      return;
    }
    let parts: VolumeParts;
    try {
      const node = selected === undefined ? undefined : this.#nodes.get(undefined, selected);
      const nodes = this.#nodes.list();
      parts = this.#provisioner.partsFor({
        claim,
        storageClass,
        nodes,
        random,
        ...(node === undefined ? {} : { node }),
      });
    } catch (error) {
      const text = `failed to provision volume with StorageClass "${storageClass.metadata.name}": ${messageOf(error)}`;
      events.event(claim, 'Warning', 'ProvisioningFailed', text);
      throw new Error(text);
    }
    const volume = this.#volumeOf(claim, storageClass, parts);
    try {
      await this.context.client.create(persistentVolumes, volume);
    } catch (error) {
      if (isAlreadyExists(error)) return;
      throw error;
    }
    events.event(claim, 'Normal', 'ProvisioningSucceeded', `Successfully provisioned volume ${volume.metadata.name}`);
  }

  #volumeOf(
    claim: PersistentVolumeClaim,
    storageClass: StorageClass,
    { annotations, spec }: VolumeParts,
  ): PersistentVolume {
    const { name = '', namespace = '', uid = '', resourceVersion } = claim.metadata;
    const { accessModes = [], resources, volumeMode = 'Filesystem' } = claim.spec ?? {};
    const { mountOptions } = storageClass;
    return {
      apiVersion: 'v1',
      kind: 'PersistentVolume',
      metadata: { name: nameFor(uid), annotations: { ...annotations, [PROVISIONED_BY]: this.#provisioner.name } },
      spec: {
        capacity: { storage: resources?.requests?.storage ?? '0' },
        accessModes,
        volumeMode,
        persistentVolumeReclaimPolicy: storageClass.reclaimPolicy ?? 'Delete',
        storageClassName: storageClass.metadata.name ?? '',
        ...(mountOptions === undefined ? {} : { mountOptions }),
        claimRef: {
          apiVersion: 'v1',
          kind: 'PersistentVolumeClaim',
          name,
          namespace,
          uid,
          ...(resourceVersion === undefined ? {} : { resourceVersion }),
        },
        ...spec,
      },
    };
  }

  /** The claim is gone, and the class says that the volume goes with it. */
  async #takeBack({ metadata, spec, status }: PersistentVolume): Promise<void> {
    const isOurs = metadata.annotations?.[PROVISIONED_BY] === this.#provisioner.name;
    if (!isOurs || status?.phase !== 'Released' || spec?.persistentVolumeReclaimPolicy !== 'Delete') return;
    if (metadata.deletionTimestamp !== undefined) return;
    try {
      await this.context.client.delete(persistentVolumes, undefined, metadata.name ?? '');
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
  }
}

function nameFor(uid: string): string {
  return `pvc-${uid}`;
}

/** Runs a provisioner. */
export function provisionController(provisioner: Provisioner): ComponentDefinition {
  return {
    name: provisioner.name,
    ...identityOf(provisioner),
    eventSource: { component: provisioner.component },
    create: (context) => new ProvisionController(context, provisioner),
  };
}
