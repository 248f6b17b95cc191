import { createHash } from 'node:crypto';
import { isConditionTrue, isPodFinished } from '../../../shared/kubernetes/conditions';
import type { Node, PersistentVolume, Pod, VolumeAttachment } from '../../../shared/kubernetes/objects';
import {
  nodes,
  persistentVolumeClaims,
  persistentVolumes,
  pods,
  volumeAttachments,
} from '../../../shared/kubernetes/resources';
import { isAlreadyExists, isNotFound } from '../../../shared/kubernetes/status-error';
import type { ComponentContext, ComponentDefinition } from '../component';
import type { Informer } from '../informer';
import { isForOneNode } from '../storage/access-modes';
import { AttachableVolumes, uniqueNameOf } from '../storage/attachable';
import { claimNamesOf, PodsByClaim } from '../storage/pod-claims';
import { Controller } from './controller';

/** Milliseconds after which a volume is taken from a node that is not well, in use or not (`maxWaitForUnmountDuration`). */
const LONGEST_UNMOUNT = 360_000;

/**
 * Has volumes attached to the nodes of the pods that use them, and detached where none does any more
 * (pkg/controller/volume/attachdetach). A key names a volume.
 */
class AttachDetachController extends Controller {
  readonly #attachable: AttachableVolumes;
  readonly #podsByClaim: PodsByClaim;
  readonly #nodes: Informer<Node>;
  readonly #volumes: Informer<PersistentVolume>;
  readonly #attachments: Informer<VolumeAttachment>;
  /** The pods, by uid, that were told that another node has their volume. */
  readonly #told = new Set<string>();
  /** By attachment, since when nothing uses it: milliseconds since the epoch. */
  readonly #unused = new Map<string, number>();

  constructor(context: ComponentContext) {
    super('attachdetach-controller', context);
    const { informers } = context;
    this.#attachable = new AttachableVolumes(informers);
    this.#volumes = this.watch(persistentVolumes, ({ metadata }) => this.enqueue(metadata.name ?? ''));
    this.#attachments = this.watch(volumeAttachments, ({ spec }) =>
      this.enqueue(spec.source.persistentVolumeName ?? ''),
    );
    this.#podsByClaim = new PodsByClaim(informers);
    const podInformer = this.watch(pods, (pod) => {
      for (const claimName of claimNamesOf(pod)) {
        const volume = this.#attachable.of(pod.metadata.namespace, claimName);
        if (volume) this.enqueue(volume.metadata.name ?? '');
      }
    });
    podInformer.addHandlers({ delete: ({ metadata }) => this.#told.delete(metadata.uid ?? '') });
    this.#attachments.addIndex('volume', ({ spec }) => [spec.source.persistentVolumeName ?? '']);
    this.#attachments.addIndex('node', ({ spec }) => [spec.nodeName]);
    this.#nodes = this.watch(nodes, ({ metadata }) => {
      for (const { spec } of this.#attachments.byIndex('node', metadata.name ?? '')) {
        this.enqueue(spec.source.persistentVolumeName ?? '');
      }
    });
    this.watch(persistentVolumeClaims, ({ spec }) => {
      if (spec?.volumeName) this.enqueue(spec.volumeName);
    });
  }

  protected async reconcile(key: string): Promise<void> {
    const volume = this.#volumes.getByKey(key);
    const attachments = this.#attachments.byIndex('volume', key);
    const users = this.#users(volume);
    const unique = volume === undefined ? undefined : uniqueNameOf(volume);
    for (const attachment of attachments) {
      const isWanted = users.has(attachment.spec.nodeName);
      if (attachment.metadata.deletionTimestamp !== undefined) continue;
      if (!isWanted) await this.#detach(key, attachment, unique);
      else if (unique !== undefined && attachment.status?.attached === true) {
        this.#unused.delete(attachment.metadata.name ?? '');
        await this.#noteAttached(attachment, unique, users.get(attachment.spec.nodeName) ?? [], key);
      }
    }
    if (volume === undefined) return;
    for (const [nodeName, waiting] of users) {
      if (attachments.some(({ spec }) => spec.nodeName === nodeName)) continue;
      if (attachments.length > 0 && isForOneNode(volume.spec?.accessModes))
        this.#tellOfOthers(key, attachments, users, waiting);
      else await this.#attach(volume, nodeName);
    }
  }

  /** The pods that use a volume, by their nodes. */
  #users(volume: PersistentVolume | undefined): Map<string, Pod[]> {
    const users = new Map<string, Pod[]>();
    if (volume === undefined || !this.#attachable.isAttachable(volume)) return users;
    const { namespace, name = '' } = volume.spec?.claimRef ?? {};
    for (const pod of this.#podsByClaim.of(namespace, name)) {
      const { nodeName } = pod.spec ?? {};
      if (!nodeName || isPodFinished(pod)) continue;
      users.set(nodeName, [...(users.get(nodeName) ?? []), pod]);
    }
    return users;
  }

  async #attach({ metadata: { name = '' }, spec }: PersistentVolume, nodeName: string): Promise<void> {
    const { driver = '', volumeHandle = '' } = spec?.csi ?? {};
    if (this.#nodes.get(undefined, nodeName) === undefined) return;
    const digest = createHash('sha256').update(`${volumeHandle}${driver}${nodeName}`).digest('hex');
    try {
      await this.context.client.create(volumeAttachments, {
        metadata: { name: `csi-${digest}` },
        spec: { attacher: driver, nodeName, source: { persistentVolumeName: name } },
      });
    } catch (error) {
      // The last one of the name is not gone yet; its end calls again.
      if (!isAlreadyExists(error)) throw error;
    }
  }

  async #noteAttached({ spec }: VolumeAttachment, name: string, users: readonly Pod[], volume: string): Promise<void> {
    const node = this.#nodes.get(undefined, spec.nodeName);
    const attached = node?.status?.volumesAttached ?? [];
    if (node === undefined || attached.some((each) => each.name === name)) return;
    await this.#setAttached(node, [...attached, { name, devicePath: '' }]);
    // Upstream has the blank at the end, too: nothing follows the volume's name.
    const message = `AttachVolume.Attach succeeded for volume "${volume}" `;
    for (const pod of users) this.context.events.event(pod, 'Normal', 'SuccessfulAttachVolume', message);
  }

  async #detach(
    key: string,
    { metadata: { name = '' }, spec }: VolumeAttachment,
    unique: string | undefined,
  ): Promise<void> {
    const node = this.#nodes.get(undefined, spec.nodeName);
    const since = this.#unused.get(name) ?? this.now;
    this.#unused.set(name, since);
    if (node !== undefined && unique !== undefined) {
      const isMounted = node.status?.volumesInUse?.includes(unique) === true;
      const isLate = this.now - since >= LONGEST_UNMOUNT && !isConditionTrue(node.status?.conditions, 'Ready');
      if (isMounted && !isLate) {
        this.enqueueAfter(key, Math.max(1000, since + LONGEST_UNMOUNT - this.now));
        return;
      }
      const attached = node.status?.volumesAttached ?? [];
      const left = attached.filter((each) => each.name !== unique);
      if (left.length < attached.length) await this.#setAttached(node, left);
    }
    this.#unused.delete(name);
    try {
      await this.context.client.delete(volumeAttachments, undefined, name);
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
  }

  /** Upstream, too, writes this part of a node's status beside its kubelet. */
  async #setAttached({ metadata }: Node, volumesAttached: object[]): Promise<void> {
    const { name = '', resourceVersion } = metadata;
    const patch = { metadata: { resourceVersion }, status: { volumesAttached } };
    await this.context.client.patch(nodes, undefined, name, 'merge', patch, { subresource: 'status' });
  }

  /** Says once why a pod waits (reconciler.go, `reportMultiAttachError`). */
  #tellOfOthers(
    volume: string,
    attachments: readonly VolumeAttachment[],
    users: ReadonlyMap<string, readonly Pod[]>,
    waiting: readonly Pod[],
  ): void {
    const others = attachments.flatMap(({ spec }) => users.get(spec.nodeName) ?? []);
    const reason =
      others.length === 0
        ? "Volume is already exclusively attached to one node and can't be attached to another"
        : `Volume is already used by pod(s) ${others.map(({ metadata }) => metadata.name).join(', ')}`;
    for (const pod of waiting) {
      if (this.#told.has(pod.metadata.uid ?? '')) continue;
      this.#told.add(pod.metadata.uid ?? '');
      const message = `Multi-Attach error for volume "${volume}" ${reason}`;
      this.context.events.event(pod, 'Warning', 'FailedAttachVolume', message);
    }
  }
}

export const attachDetachController: ComponentDefinition = {
  name: 'attachdetach-controller',
  user: 'system:serviceaccount:kube-system:attachdetach-controller',
  create: (context) => new AttachDetachController(context),
};
