import { join } from 'node:path';
import { kinds } from '../../shared/kinds/index';
import { furnishedApp, paint, resize, themes } from '../support/pictures';

/** What to look at where a kind's first row says little. */
const telling: Readonly<Record<string, string>> = {
  namespaces: 'shop',
  pods: 'shop/too-big',
  deployments: 'shop/web',
  replicasets: 'shop/web',
  statefulsets: 'shop/cart',
  jobs: 'shop/import',
  configmaps: 'shop/catalogue',
  secrets: 'shop/payment',
  services: 'shop/web',
  endpointslices: 'shop/web',
  clusterroles: 'system:node',
};

/** The drawer of an object of every kind: its summary, both themes. */
export async function drawers(folder: string): Promise<void> {
  const app = await furnishedApp();
  const { page } = app;
  try {
    await resize(app, 1280);
    for (const { resource } of kinds.map((kind) => kind.resource)) {
      await page.getByTestId(`nav.${resource}`).click();
      const wanted = telling[resource] ?? '';
      await page.getByTestId('filter').fill(wanted.split('/').at(-1) ?? '');
      await page.locator(`[data-testid^="row:${resource}/${wanted}"]`).first().click();
      await page.getByTestId('details.summary').waitFor();
      for (const theme of themes) {
        await paint(page, theme);
        await page.screenshot({ path: join(folder, `drawer-${resource}-${theme}.png`), animations: 'disabled' });
      }
      await page.getByTestId('tab.related').click();
      await page.getByTestId('details.loading').waitFor({ state: 'detached' });
      await page.screenshot({ path: join(folder, `drawer-${resource}-related.png`), animations: 'disabled' });
      await page.getByTestId('action.details.close').click();
    }
  } finally {
    await app.close();
  }
}
