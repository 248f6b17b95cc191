import { homedir } from 'node:os';
import { join } from 'node:path';
import packageJson from '../package.json';
import type { Transport } from '../shared/contract/wire';
import { messageOf } from '../shared/error-message';
import { App } from './app';
import { defaultKubeconfigFiles } from './clusters/catalog/catalog';
import { ChildHost } from './clusters/child-host';
import { readCommandLine } from './options';
import { simulatorOptions } from './simulator-options';
import { startWebServer } from './web/server';

/** The app for a browser, where there is no display. Prints one URL, and ends with its terminal. */

/** Where Electron would keep the app's data, so that both find the same. */
function defaultUserData(): string {
  const { APPDATA, XDG_CONFIG_HOME } = process.env;
  if (process.platform === 'win32')
    return join(APPDATA ?? join(homedir(), 'AppData', 'Roaming'), packageJson.productName);
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Application Support', packageJson.productName);
  return join(XDG_CONFIG_HOME || join(homedir(), '.config'), packageJson.productName);
}

async function serve(): Promise<void> {
  const commandLine = readCommandLine(process.argv.slice(2));
  const app = new App<Transport>({
    info: { version: packageJson.version, runtime: 'Browser', fallbackRuntime: false, platform: process.platform },
    host: new ChildHost(__dirname),
    kubeconfigs: defaultKubeconfigFiles(process.env),
    ...simulatorOptions(commandLine, commandLine.userDataDir ?? defaultUserData()),
  });
  let server: Awaited<ReturnType<typeof startWebServer>>;
  try {
    server = await startWebServer(app, join(__dirname, 'renderer'), commandLine.port);
  } catch (error) {
    await app.close();
    throw error;
  }
  const end = async () => {
    await Promise.all([server.close(), app.close()]);
    process.exit(0);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => void end());
  process.stdout.write(`Porthole is at ${server.url}\n`);
}

serve().catch((error: unknown) => {
  process.stderr.write(`Porthole cannot serve: ${messageOf(error)}\n`);
  process.exit(1);
});
