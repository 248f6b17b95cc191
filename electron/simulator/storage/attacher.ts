import type { VolumeAttachment } from '../../../shared/kubernetes/objects';
import { volumeAttachments } from '../../../shared/kubernetes/resources';
import { isNotFound } from '../../../shared/kubernetes/status-error';
import type { ComponentContext, ComponentDefinition } from '../component';
import { Controller } from '../controllers/controller';
import type { Informer } from '../informer';
import { Durations } from './durations';
import { identityOf, type Provisioner } from './provisioner';

const nameOf = ({ name }: Provisioner) => `external-attacher-${name}`;

/** Attaches a driver's volumes to machines, and detaches them (kubernetes-csi/external-attacher, pkg/controller/csi_handler.go). */
class Attacher extends Controller {
  readonly #provisioner: Provisioner;
  readonly #attachments: Informer<VolumeAttachment>;
  readonly #finalizer: string;
  readonly #durations: Durations;

  constructor(context: ComponentContext, provisioner: Provisioner) {
    super(nameOf(provisioner), context);
    this.#provisioner = provisioner;
    this.#durations = new Durations(context);
    this.#finalizer = `external-attacher/${provisioner.name.replaceAll('.', '-')}`;
    this.#attachments = this.primary(volumeAttachments);
  }

  protected async reconcile(key: string): Promise<void> {
    const attachment = this.#attachments.getByKey(key);
    if (attachment?.spec.attacher !== this.#provisioner.name) return;
    const { finalizers = [], deletionTimestamp } = attachment.metadata;
    const isOurs = finalizers.includes(this.#finalizer);
    if (deletionTimestamp !== undefined) {
      if (isOurs && this.#isDone(key, attachment)) {
        await this.#patch(attachment, {
          metadata: { finalizers: finalizers.filter((each) => each !== this.#finalizer) },
        });
      }
      return;
    }
    if (!isOurs) await this.#patch(attachment, { metadata: { finalizers: [...finalizers, this.#finalizer] } });
    else if (attachment.status?.attached !== true && this.#isDone(key, attachment)) {
      await this.#patch(attachment, { status: { attached: true } }, { subresource: 'status' });
    }
  }

  #isDone(key: string, { metadata: { uid = '', deletionTimestamp } }: VolumeAttachment): boolean {
    const step = `${uid} ${deletionTimestamp === undefined}`;
    const left = this.#durations.left(step, this.#provisioner.duration);
    if (left > 0) this.enqueueAfter(key, left);
    return left === 0;
  }

  async #patch({ metadata: { name = '' } }: VolumeAttachment, patch: object, options = {}): Promise<void> {
    try {
      await this.context.client.patch(volumeAttachments, undefined, name, 'merge', patch, options);
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
  }
}

/** Runs a driver's attacher. */
export function attacher(provisioner: Provisioner): ComponentDefinition {
  return {
    name: nameOf(provisioner),
    ...identityOf(provisioner),
    create: (context) => new Attacher(context, provisioner),
  };
}
