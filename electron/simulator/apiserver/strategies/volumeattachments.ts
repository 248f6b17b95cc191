import type { VolumeAttachment } from '../../../../shared/kubernetes/objects';
import { volumeAttachments } from '../../../../shared/kubernetes/resources';
import { volumeAttachmentPrinter } from '../printers/storage';
import { ALL_METADATA, type ResourceDefinition } from '../registry/definition';
import {
  validateVolumeAttachment,
  validateVolumeAttachmentCreate,
  validateVolumeAttachmentStatus,
  validateVolumeAttachmentUpdate,
} from '../validation/csi';
import { specOf } from './pod-defaults';

export const volumeAttachmentDefinition: ResourceDefinition<VolumeAttachment> = {
  resource: volumeAttachments,
  singular: 'volumeattachment',
  shortNames: [],
  categories: [],
  hasStatus: true,
  printer: volumeAttachmentPrinter,
  strategy: {
    statusKeeps: ALL_METADATA,
    allowUnconditionalUpdate: false,
    applyDefaults(attachment) {
      specOf(attachment).source ??= {};
    },
    prepareForCreate(attachment) {
      attachment.status = { attached: false };
    },
    validate: validateVolumeAttachment,
    validateCreate: validateVolumeAttachmentCreate,
    validateStatusUpdate: validateVolumeAttachmentStatus,
    validateUpdate: validateVolumeAttachmentUpdate,
  },
};
