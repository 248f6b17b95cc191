import { startSimulator } from '../support/simulator';
import { elapsed, type Report } from './figures';

/** From nothing to a cluster whose API answers and whose nodes are Ready. */
export async function simulatorStart(report: Report): Promise<void> {
  let stop = async (): Promise<unknown> => undefined;
  const milliseconds = await elapsed(async () => {
    ({ stop } = await startSimulator());
  });
  await stop();
  report('simulated cluster ready', Math.round(milliseconds), 'ms');
}
