import type { Catalog, SimulatorState } from '../../shared/contract/app';
import { type Stored, stored } from '../ui/stored';

/** The cluster that was looked at last; empty when none was. */
export const lastContext: Stored<string> = stored(
  'last-context',
  '',
  (value): value is string => typeof value === 'string',
);

/** The context to open with, if one can be. */
export function firstContext(
  last: string,
  catalog: Catalog | undefined,
  simulator: SimulatorState | undefined,
): string | undefined {
  const usable = (id: string) =>
    catalog?.contexts.some((context) => context.id === id && context.problem === undefined);
  if (last !== '' && usable(last)) return last;
  return simulator?.state === 'running' && usable(simulator.contextId) ? simulator.contextId : undefined;
}
