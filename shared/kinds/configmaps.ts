import type { ConfigMap } from '../kubernetes/objects';
import { configMaps } from '../kubernetes/resources';
import { listCell } from './cells';
import { defineKind } from './kind';

function keysOf(configMap: ConfigMap): string[] {
  return [...Object.keys(configMap.data ?? {}), ...Object.keys(configMap.binaryData ?? {})].sort();
}

export const configMapKind = defineKind<ConfigMap>({
  resource: configMaps,
  title: 'Config Maps',
  about: 'A config map holds settings that are not secret: containers read them as environment variables or files.',
  shortNames: ['cm'],
  group: 'config',
  columns: [
    { id: 'data', title: 'Data', type: 'number', width: 80, value: (configMap) => keysOf(configMap).length },
    { id: 'keys', title: 'Keys', type: 'list', width: 360, value: (configMap) => listCell(keysOf(configMap)) },
    {
      id: 'immutable',
      title: 'Immutable',
      type: 'boolean',
      wide: true,
      value: (configMap) => configMap.immutable ?? false,
    },
  ],
  health: () => ({ state: 'neutral', label: '' }),
});
