import { hasDisplay, startVirtualDisplay } from './display.mjs';
import { ensureElectron } from './electron-runtime.mjs';
import { ensureSystemPackages } from './system-packages.mjs';

/**
 * Everything that a test needs to open the app in a window: Electron, its libraries, and a display, virtual where there is
 * none.
 * @returns `env` to start programs with; `stop` when they have ended
 */
export async function prepareWindow() {
  const electron = await ensureElectron();
  const xvfb = !hasDisplay();
  await ensureSystemPackages({ executable: electron.executable, xvfb });
  if (!xvfb) return { env: electron.env, stop: () => {} };
  const display = await startVirtualDisplay();
  return { env: { ...electron.env, ...display.env }, stop: display.stop };
}
