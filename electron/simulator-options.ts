import { join } from 'node:path';
import type { SimulatedClusterOptions } from './clusters/simulated-cluster';
import type { CommandLine } from './options';

/** How the app starts its simulated cluster: from the command line, else with a folder of its own in the app's. */
export function simulatorOptions(
  { simulator, simulatorData, simulatorPort, preset }: CommandLine,
  userData: string,
): { simulator?: SimulatedClusterOptions } {
  if (simulator === 'off') return {};
  const folder = simulatorData ?? join(userData, 'simulator', preset);
  const port = simulatorPort === undefined ? {} : { port: simulatorPort };
  return { simulator: { preset, folder, ephemeral: simulator === 'ephemeral', ...port } };
}
