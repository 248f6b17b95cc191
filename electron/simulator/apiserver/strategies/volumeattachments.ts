import type { VolumeAttachment } from '../../../../shared/kubernetes/objects';
import { volumeAttachments } from '../../../../shared/kubernetes/resources';
import { volumeAttachmentPrinter } from '../printers/storage';
import type { ResourceDefinition } from '../registry/definition';
import { immutable } from '../validation/values';

export const volumeAttachmentDefinition: ResourceDefinition<VolumeAttachment> = {
  resource: volumeAttachments,
  singular: 'volumeattachment',
  shortNames: [],
  categories: [],
  hasStatus: true,
  printer: volumeAttachmentPrinter,
  strategy: {
    allowUnconditionalUpdate: false,
    prepareForCreate(attachment) {
      attachment.status = { attached: false };
    },
    validateUpdate: (attachment, old) => immutable(attachment.spec, old.spec, 'spec'),
  },
};
