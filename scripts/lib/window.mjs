import { ensureBuilt } from './build.mjs';
import { ensureDependencies } from './dependencies.mjs';
import { hasDisplay, startVirtualDisplay } from './display.mjs';
import { ensureElectron } from './electron-runtime.mjs';
import { ensureSystemPackages } from './system-packages.mjs';

/**
 * Runs what opens the app in a window, with everything that it needs: packages, Electron and its libraries, a display
 * (virtual where there is none), and the bundles, built last.
 * @param work is given the environment to start programs with; its answer is ours
 */
export async function withWindow(work) {
  await ensureDependencies();
  const electron = await ensureElectron();
  const virtual = !hasDisplay();
  await ensureSystemPackages({ executable: electron.executable, xvfb: virtual });
  const display = virtual ? await startVirtualDisplay() : { env: {}, stop: () => {} };
  try {
    await ensureBuilt();
    return await work({ ...electron.env, ...display.env });
  } finally {
    display.stop();
  }
}
