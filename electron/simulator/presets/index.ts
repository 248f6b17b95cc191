import { course } from './course';
import type { Preset } from './preset';

const empty: Preset = {
  name: 'empty',
  description: 'An API server and its controllers, without nodes or add-ons',
  nodes: [],
  objects: () => [],
};

export const presets: readonly Preset[] = [course, empty];

/** @throws Error that lists the names there are. */
export function findPreset(name: string): Preset {
  const found = presets.find((preset) => preset.name === name);
  if (found !== undefined) return found;
  throw new Error(`there is no preset "${name}": choose one of ${presets.map((preset) => preset.name).join(', ')}`);
}
