import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { launchApp } from '../support/electron';
import { ListWatchServer, type Override, sendStatus } from '../support/list-watch-server';
import { temporaryFolder } from '../support/paths';
import { paint, resize, themes } from '../support/pictures';

/** Answers everything but the version, which tells that there is a cluster, with a failure. */
function failing(code: number, reason: string, message: string): Override {
  return (url, _, response) => {
    if (url.pathname === '/version' && code !== 401) return false;
    sendStatus(response, code, reason, message);
    return true;
  };
}

const forbidden = 'pods is forbidden: User "jane" cannot list resource "pods" in API group "" at the cluster scope';

/** Clusters that do not do what they should, by the picture that tells it. */
const overrides: Readonly<Record<string, Override>> = {
  'picture.loading': ({ pathname }) => pathname !== '/version',
  'picture.empty': () => false,
  'picture.forbidden': failing(403, 'Forbidden', forbidden),
  'picture.missing': failing(404, 'NotFound', 'the server could not find the requested resource'),
  'picture.error': failing(500, 'InternalError', 'etcdserver: request timed out'),
  'picture.unauthorized': failing(401, 'Unauthorized', 'Unauthorized'),
  'picture.untrusted': () => false,
  'picture.unreachable': () => false,
  'banner.disconnected': () => false,
};

/** Every way in which there are no rows, or none that live: both themes. */
export async function states(folder: string): Promise<void> {
  const work = await temporaryFolder('states');
  const servers = new Map<string, ListWatchServer>();
  const files: string[] = [];
  for (const [name, override] of Object.entries(overrides)) {
    const server = await ListWatchServer.start();
    server.override = override;
    servers.set(name, server);
    const trust = name !== 'picture.untrusted';
    const file = join(work.path, name.replace(/.*\./, ''));
    await writeFile(file, server.kubeConfig({ trust }).exportConfig().replaceAll('"test"', `"${name}"`));
    files.push(file);
  }
  await servers.get('picture.unreachable')?.close();
  const app = await launchApp({ args: ['--preset=none-such'], env: { KUBECONFIG: files.join(':') } });
  const { page } = app;
  const shot = async (name: string) => {
    for (const theme of themes) {
      await paint(page, theme);
      await page.screenshot({ path: join(folder, `state-${name}-${theme}.png`), animations: 'disabled' });
    }
  };
  try {
    await resize(app, 1280);
    await page.getByTestId('picture.simulator-failed').waitFor({ timeout: 30_000 });
    await shot('simulator-failed');
    for (const [name, server] of servers) {
      await open(page, name);
      if (name === 'banner.disconnected') {
        server.put({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web', namespace: 'default', uid: 'web' } });
        await page.getByTestId('row:pods/default/web').waitFor();
        await server.suspend();
      }
      await page.getByTestId(name).waitFor({ timeout: 30_000 });
      await shot(name.replace(/.*\./, ''));
    }
  } finally {
    await app.close();
    for (const [name, server] of servers) {
      if (name !== 'picture.unreachable' && name !== 'banner.disconnected') await server.close();
    }
    await work.remove();
  }
}

async function open(page: Page, context: string): Promise<void> {
  await page.getByTestId('action.cluster').click();
  await page.getByTestId(`context:${context}`).click();
  await page.getByTestId('nav.pods').click();
}
