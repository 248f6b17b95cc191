import type { VolumeAttributesClass } from '../../../../shared/kubernetes/objects';
import { volumeAttributesClasses } from '../../../../shared/kubernetes/resources';
import { volumeAttributesClassPrinter } from '../printers/storage';
import type { ResourceDefinition } from '../registry/definition';
import { validateVolumeAttributesClass, validateVolumeAttributesClassUpdate } from '../validation/storage-class';

export const volumeAttributesClassDefinition: ResourceDefinition<VolumeAttributesClass> = {
  resource: volumeAttributesClasses,
  singular: 'volumeattributesclass',
  shortNames: ['vac'],
  categories: [],
  hasStatus: false,
  printer: volumeAttributesClassPrinter,
  strategy: { validate: validateVolumeAttributesClass, validateUpdate: validateVolumeAttributesClassUpdate },
};
