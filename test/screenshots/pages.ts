import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { furnishedApp, paint, resize, themes, widths } from '../support/pictures';

/** The main pages of the window, on a furnished cluster: both themes, two widths. */
export async function pages(folder: string): Promise<void> {
  const app = await furnishedApp();
  try {
    for (const theme of themes) {
      await paint(app.page, theme);
      for (const width of widths) {
        await resize(app, width);
        await photograph(app.page, (name) => join(folder, `${name}-${theme}-${width}.png`));
      }
    }
  } finally {
    await app.close();
  }
}

async function photograph(page: Page, path: (name: string) => string): Promise<void> {
  const shot = async (name: string) => page.screenshot({ path: path(name), animations: 'disabled' });
  await page.getByTestId('nav.overview').click();
  await page.getByTestId('overview.counted').waitFor();
  await page.getByTestId('overview.warnings').getByRole('listitem').first().waitFor();
  await shot('overview');
  for (const name of ['pods', 'deployments', 'nodes', 'events', 'services', 'clusterroles', 'cronjobs']) {
    await page.getByTestId(`nav.${name}`).click();
    await page.locator(`[data-testid^="row:${name}"]`).first().waitFor();
    await shot(name);
  }
  await page.getByTestId('nav.rolebindings').click();
  await page.getByTestId('filter').fill('there-is-none');
  await page.getByTestId('picture.no-match').waitFor();
  await shot('no-match');
  await page.getByTestId('nav.pods').click();
  await page.getByTestId('row:pods/shop/too-big').click();
  for (const tab of ['related', 'events', 'yaml', 'summary']) {
    await page.getByTestId(`tab.${tab}`).click();
    await page.getByTestId(`details.${tab}`).or(page.locator('.cm-content')).first().waitFor();
    await shot(`pod-${tab}`);
  }
  await page.keyboard.press('Escape');
  for (const [action, name] of floating) {
    await page.getByTestId(action).click();
    await shot(name);
    await page.keyboard.press('Escape');
  }
}

const floating = [
  ['action.palette', 'palette'],
  ['action.help', 'keys'],
  ['action.cluster', 'clusters'],
  ['action.namespaces', 'namespaces'],
  ['action.columns', 'columns'],
] as const;
