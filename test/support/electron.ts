import { join } from 'node:path';
import { _electron, type ElectronApplication, type Page } from '@playwright/test';
import { root, temporaryFolder } from './paths';

/** The app in a real Electron, with a user data folder of its own. */
export interface RunningApp {
  app: ElectronApplication;
  page: Page;
  /** The app's own data folder: settings, the simulated cluster's data. */
  userData: string;
  /** Everything the app's processes have written to standard output and error so far. */
  log(): string;
  close(): Promise<void>;
}

export interface LaunchOptions {
  /** More arguments, after the app's path. */
  args?: string[];
  env?: Record<string, string>;
  /** A packed app instead of this tree. */
  executable?: string;
  /** A user data folder that is kept, to start the app on it again. */
  userData?: string;
}

/**
 * Opens the app, as `npm start` does. The runtime and the display come from the environment: `npm test` and
 * `npm run test:e2e` provide both.
 */
export async function launchApp(options: LaunchOptions = {}): Promise<RunningApp> {
  const folder = await temporaryFolder('app');
  const userData = options.userData ?? join(folder.path, 'user-data');
  const app = await _electron.launch({
    cwd: root,
    ...(options.executable === undefined ? {} : { executablePath: options.executable }),
    args: [
      ...chromiumArguments(),
      ...(options.executable === undefined ? [root] : []),
      `--user-data-dir=${userData}`,
      ...(options.args ?? []),
    ],
    env: { ...environment(), HOME: folder.path, KUBECONFIG: '', ...options.env },
  });
  let log = '';
  const collect = (chunk: Buffer) => {
    log += chunk.toString();
  };
  app.process().stdout?.on('data', collect);
  app.process().stderr?.on('data', collect);
  try {
    const page = await app.firstWindow();
    return {
      app,
      page,
      userData,
      log: () => log,
      async close() {
        await app.close();
        await folder.remove();
      },
    };
  } catch (error) {
    await app.close();
    throw new Error(`the app opened no window; it wrote:\n${log}`, { cause: error });
  }
}

/** Chromium's sandbox refuses to run as root. */
export function chromiumArguments(): string[] {
  return process.getuid?.() === 0 ? ['--no-sandbox'] : [];
}

/** The environment, for programs that are started. */
export function environment(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}

/** The kubeconfig that the app's own simulated cluster writes once it runs. */
export function simulatorKubeconfig({ userData }: RunningApp): string {
  return join(userData, 'simulator', 'course', 'kubeconfig');
}
