import type { ConfigMap } from '../../../../shared/kubernetes/objects';
import { configMaps } from '../../../../shared/kubernetes/resources';
import { configMapPrinter } from '../printers/config';
import type { ResourceDefinition } from '../registry/definition';
import { unchanged, validateData } from '../validation/config-data';

export const configMapDefinition: ResourceDefinition<ConfigMap> = {
  resource: configMaps,
  singular: 'configmap',
  shortNames: ['cm'],
  categories: [],
  hasStatus: false,
  printer: configMapPrinter,
  strategy: {
    validate: (map) => validateData({ data: map.data, binaryData: map.binaryData }, 'ConfigMap'),
    validateUpdate: (map, old) =>
      old.immutable === true
        ? [
            ...unchanged('immutable', map.immutable, true, 'field is immutable when `immutable` is set'),
            ...unchanged('data', map.data, old.data, 'field is immutable when `immutable` is set'),
            ...unchanged('binaryData', map.binaryData, old.binaryData, 'field is immutable when `immutable` is set'),
          ]
        : [],
  },
};
