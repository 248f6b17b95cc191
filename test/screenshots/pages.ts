import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { launchApp, type RunningApp, simulatorKubeconfig } from '../support/electron';
import { type Clients, startClients } from '../support/kubectl';
import { root } from '../support/paths';

const WIDTHS = [1280, 1920] as const;
const THEMES = ['light', 'dark'] as const;

/** The main pages of the window, on the course's cluster with the course's manifests applied: both themes, two widths. */
export async function pages(folder: string): Promise<void> {
  const app = await launchApp({ args: ['--simulator=ephemeral'] });
  try {
    const { page } = app;
    await page.getByTestId('nav.pods').click({ timeout: 30_000 });
    const clients = await startClients(simulatorKubeconfig(app));
    await furnish(clients);
    await page.getByTestId('filter').fill('web-broken');
    await page.getByTestId('row:pods/default/web-broken').waitFor();
    // Time for images to be pulled and to fail: the pictures are of a cluster with a life.
    await page.getByText('ImagePullBackOff').first().waitFor({ timeout: 60_000 });
    await page.getByTestId('filter').fill('');
    for (const theme of THEMES) {
      await page.evaluate((name) => {
        document.documentElement.dataset.theme = name;
      }, theme);
      for (const width of WIDTHS) {
        await resize(app, width);
        await photograph(page, (name) => join(folder, `${name}-${theme}-${width}.png`));
      }
    }
    await clients.remove();
  } finally {
    await app.close();
  }
}

async function photograph(page: Page, path: (name: string) => string): Promise<void> {
  const shot = async (name: string) => page.screenshot({ path: path(name), animations: 'disabled' });
  await page.getByTestId('nav.overview').click();
  await shot('overview');
  for (const name of ['pods', 'deployments', 'nodes', 'events', 'services', 'clusterroles', 'cronjobs']) {
    await page.getByTestId(`nav.${name}`).click();
    await page.locator(`[data-testid^="row:${name}"]`).first().waitFor();
    await shot(name);
  }
  await page.getByTestId('nav.persistentvolumes').click();
  await shot('empty');
  await page.getByTestId('nav.pods').click();
  await page.locator('[data-testid^="row:pods/default/nginx"]').first().click();
  for (const tab of ['summary', 'related', 'events', 'yaml']) {
    await page.getByTestId(`tab.${tab}`).click();
    await shot(`pod-${tab}`);
  }
  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+k');
  await page.getByTestId('palette').waitFor();
  await shot('palette');
  await page.keyboard.press('Escape');
}

async function resize({ app }: RunningApp, width: number): Promise<void> {
  await app.evaluate(({ BrowserWindow }, size) => BrowserWindow.getAllWindows()[0]?.setContentSize(size, 800), width);
}

async function furnish({ kubectl }: Clients): Promise<void> {
  const run = async (...args: string[]) => {
    const { code, stderr } = await kubectl(args);
    if (code !== 0) throw new Error(`kubectl ${args.join(' ')}: ${stderr}`);
  };
  await run('taint', 'nodes', 'worker-3', 'example-key=example-value:NoSchedule');
  await run('apply', '-f', join(root, 'assets', 'manifests', 'course'));
  await run('create', 'namespace', 'shop');
  await run('create', 'deployment', 'web', '--image=nginx', '--replicas=3', '-n', 'shop');
  await run('expose', 'deployment', 'web', '--port=80', '-n', 'shop');
  await run('run', 'web-broken', '--image=example.com/nobody/knows:1');
}
