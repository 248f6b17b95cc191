import type { PersistentVolume, PersistentVolumeClaim } from '../../../shared/kubernetes/objects';
import { compareQuantities } from '../../../shared/kubernetes/quantities';
import { persistentVolumeClaims, persistentVolumes } from '../../../shared/kubernetes/resources';
import { timestamp } from '../clock';
import type { ComponentContext, ComponentDefinition } from '../component';
import { Controller, updateStatus } from '../controllers/controller';
import type { Informer } from '../informer';
import { Durations } from './durations';
import { identityOf, type Provisioner } from './provisioner';

type Status = NonNullable<PersistentVolumeClaim['status']>;

/**
 * Makes volumes larger when their claims ask for more, and leaves the file system on them to the node
 * (kubernetes-csi/external-resizer, pkg/controller/expand_and_recover.go).
 */
class ResizeController extends Controller {
  readonly #provisioner: Provisioner;
  readonly #claims: Informer<PersistentVolumeClaim>;
  readonly #volumes: Informer<PersistentVolume>;
  /** By the claim's uid. */
  readonly #durations: Durations;

  constructor(context: ComponentContext, provisioner: Provisioner) {
    super(nameOf(provisioner), context);
    this.#provisioner = provisioner;
    this.#durations = new Durations(context);
    this.#claims = this.primary(persistentVolumeClaims);
    this.#volumes = context.informers.for(persistentVolumes);
  }

  protected async reconcile(key: string): Promise<void> {
    const claim = this.#claims.getByKey(key);
    if (claim === undefined || claim.metadata.deletionTimestamp !== undefined) return;
    const volume = this.#volumes.get(undefined, claim.spec?.volumeName ?? '');
    if (volume?.spec?.csi?.driver !== this.#provisioner.name || claim.status?.phase !== 'Bound') return;
    const wanted = claim.spec?.resources?.requests?.storage ?? '0';
    const { capacity, allocatedResources, allocatedResourceStatuses } = claim.status;
    if (compareQuantities(wanted, capacity?.storage ?? '0') <= 0) return;
    const isUnderway = allocatedResourceStatuses?.storage !== undefined && allocatedResources?.storage === wanted;
    if (!isUnderway) return this.#begin(claim, volume, wanted);
    if (allocatedResourceStatuses?.storage === 'ControllerResizeInProgress')
      await this.#grow(key, claim, volume, wanted);
  }

  async #begin(claim: PersistentVolumeClaim, { metadata: { name } }: PersistentVolume, wanted: string): Promise<void> {
    this.context.events.event(claim, 'Normal', 'Resizing', `External resizer is resizing volume ${name}`);
    await this.#write(claim, wanted, 'ControllerResizeInProgress', 'Resizing');
  }

  async #grow(key: string, claim: PersistentVolumeClaim, volume: PersistentVolume, wanted: string): Promise<void> {
    const { client, events } = this.context;
    const left = this.#durations.left(claim.metadata.uid ?? '', this.#provisioner.duration);
    if (left > 0) {
      this.enqueueAfter(key, left);
      return;
    }
    await client.patch(persistentVolumes, undefined, volume.metadata.name ?? '', 'merge', {
      spec: { capacity: { storage: wanted } },
    });
    const message = 'Waiting for user to (re-)start a pod to finish file system resize of volume on node.';
    await this.#write(claim, wanted, 'NodeResizePending', 'FileSystemResizePending', message);
    events.event(claim, 'Normal', 'FileSystemResizeRequired', 'Require file system resize of volume on node');
  }

  async #write(
    claim: PersistentVolumeClaim,
    storage: string,
    state: string,
    type: string,
    message?: string,
  ): Promise<void> {
    const now = timestamp(this.context.clock);
    const condition = { type, status: 'True', lastTransitionTime: now, ...(message === undefined ? {} : { message }) };
    const others = (claim.status?.conditions ?? []).filter((each) => !RESIZING.includes(each.type));
    const status: Status = {
      ...claim.status,
      allocatedResources: { ...claim.status?.allocatedResources, storage },
      allocatedResourceStatuses: { ...claim.status?.allocatedResourceStatuses, storage: state },
      conditions: [...others, condition],
    };
    await updateStatus(this.context, persistentVolumeClaims, claim, status);
  }
}

const RESIZING = ['Resizing', 'FileSystemResizePending'];

const nameOf = ({ name }: Provisioner) => `external-resizer-${name}`;

/** Runs a provisioner's resizer. */
export function resizeController(provisioner: Provisioner): ComponentDefinition {
  return {
    name: nameOf(provisioner),
    ...identityOf(provisioner),
    eventSource: { component: `external-resizer ${provisioner.name}` },
    create: (context) => new ResizeController(context, provisioner),
  };
}
