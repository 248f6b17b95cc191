import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { launchApp, type RunningApp, simulatorKubeconfig } from './electron';
import { type Clients, startClients } from './kubectl';
import { root } from './paths';

export const widths = [1280, 1920] as const;
export const themes = ['light', 'dark'] as const;

/** The app on the course's cluster, with the course's manifests and a small shop in it, some of which does not work. */
export async function furnishedApp(): Promise<RunningApp> {
  const app = await launchApp({ args: ['--simulator=ephemeral'] });
  await app.page.getByTestId('nav.pods').click({ timeout: 30_000 });
  const clients = await startClients(simulatorKubeconfig(app));
  await furnish(clients);
  await clients.remove();
  // Time for images to be pulled and to fail: the pictures are of a cluster with a life.
  await app.page.getByTestId('filter').fill('web-broken');
  await app.page.getByText('ImagePullBackOff').first().waitFor({ timeout: 60_000 });
  await app.page.getByTestId('filter').fill('');
  return app;
}

async function furnish({ kubectl }: Clients): Promise<void> {
  const run = async (...args: string[]) => {
    const { code, stderr } = await kubectl(args);
    if (code !== 0) throw new Error(`kubectl ${args.join(' ')}: ${stderr}`);
  };
  await run('taint', 'nodes', 'worker-3', 'example-key=example-value:NoSchedule');
  await run('apply', '-f', join(root, 'assets', 'manifests', 'course'));
  await run('apply', '-f', join(root, 'test', 'support', 'manifests', 'shop.yaml'));
  await run('rollout', 'status', 'deployment/web', '-n', 'shop', '--timeout=60s');
}

/** Paints the window without keeping the choice. */
export async function paint(page: Page, theme: (typeof themes)[number]): Promise<void> {
  await page.evaluate((name) => {
    document.documentElement.dataset.theme = name;
  }, theme);
}

export async function resize({ app, page }: RunningApp, width: number): Promise<void> {
  await app.evaluate(({ BrowserWindow }, size) => BrowserWindow.getAllWindows()[0]?.setContentSize(size, 800), width);
  await page.waitForFunction((size) => window.innerWidth === size, width);
}
