import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { _electron, type ElectronApplication, type Page } from '@playwright/test';
import { chromiumArguments, environment } from './electron';
import { root, temporaryFolder } from './paths';

/** dist/serve.cjs, as `npm start` runs it where there is no display. */
export interface RunningServer {
  /** With the one-time token. */
  url: string;
  /** Where its simulated cluster's kubeconfig is. */
  kubeconfig: string;
  /** Ends it as its terminal would, and answers its exit status. */
  stop(): Promise<number | null>;
}

export async function startServer(): Promise<RunningServer> {
  const folder = await temporaryFolder('serve');
  const child: ChildProcess = spawn(
    process.execPath,
    [join(root, 'dist', 'serve.cjs'), '--simulator=ephemeral', `--user-data-dir=${folder.path}`],
    { stdio: ['ignore', 'pipe', 'inherit'], env: { ...environment(), HOME: folder.path, KUBECONFIG: '' } },
  );
  const ended = once(child, 'exit');
  if (child.stdout === null) throw new Error('the server has no standard output');
  const [line] = await Promise.race([once(createInterface(child.stdout), 'line'), ended]);
  const url = /http:\S+/.exec(String(line))?.[0];
  if (url === undefined) throw new Error(`the server named no URL: ${line}`);
  return {
    url,
    kubeconfig: join(folder.path, 'simulator', 'course', 'kubeconfig'),
    async stop() {
      if (child.exitCode === null) child.kill('SIGTERM');
      await ended;
      await folder.remove();
      return child.exitCode;
    },
  };
}

/** A window of a plain browser: Chromium as Electron carries it, for no other browser can be counted on. */
export async function openBrowser(
  url: string,
): Promise<{ app: ElectronApplication; page: Page; close(): Promise<void> }> {
  const folder = await temporaryFolder('browser');
  const app = await _electron.launch({
    cwd: root,
    args: [
      ...chromiumArguments(),
      join(root, 'test', 'support', 'browser-window.cjs'),
      `--user-data-dir=${folder.path}`,
      url,
    ],
    env: environment(),
  });
  return {
    app,
    page: await app.firstWindow(),
    async close() {
      await app.close();
      await folder.remove();
    },
  };
}
