import { busy } from './busy';
import { course } from './course';
import { eks } from './eks';
import { empty } from './empty';
import { gke } from './gke';
import { kind } from './kind';
import { minikube } from './minikube';
import type { Preset } from './preset';

export const presets: readonly Preset[] = [course, empty, minikube, kind, gke, eks, busy];

/** @throws Error that lists the names there are. */
export function findPreset(name: string): Preset {
  const found = presets.find((preset) => preset.name === name);
  if (found !== undefined) return found;
  throw new Error(`there is no preset "${name}": choose one of ${presets.map((preset) => preset.name).join(', ')}`);
}
