import { AxeBuilder } from '@axe-core/playwright';
import { expect, type Page, test } from '@playwright/test';
import { launchApp, type RunningApp } from '../support/electron';

// A look at a whole window takes seconds, and some tests take several.
test.describe.configure({ timeout: 120_000 });

let app: RunningApp;

test.beforeAll(async () => {
  app = await launchApp({ args: ['--simulator=ephemeral'] });
  // So that nothing is half faded in when it is looked at.
  await app.page.emulateMedia({ reducedMotion: 'reduce' });
  await app.page.getByTestId('nav.nodes').click({ timeout: 30_000 });
  await expect(app.page.getByTestId('row:nodes/worker-1')).toContainText('Ready', { timeout: 30_000 });
});
test.afterAll(() => app?.close());

/** What axe finds, as short as can be: the rule, and where. */
async function findings(page: Page): Promise<string[]> {
  // The legacy mode opens no page of its own, which a window of the app cannot do.
  const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).analyze();
  return violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.target.join(' ')}: ${node.html}`));
}

async function paint(page: Page, theme: string): Promise<void> {
  await page.getByTestId('action.theme').click();
  await page.getByRole('menuitemcheckbox', { name: theme }).click();
  await page.keyboard.press('Escape');
  await expect(page.locator('html')).toHaveAttribute('data-theme', theme.toLowerCase());
}

for (const theme of ['Light', 'Dark']) {
  test.describe(`in the ${theme.toLowerCase()} theme`, () => {
    test.beforeAll(() => paint(app.page, theme));

    test('the overview', async () => {
      await app.page.getByTestId('nav.overview').click();
      await expect(app.page.getByTestId('overview')).toContainText('control-plane');
      expect(await findings(app.page)).toEqual([]);
    });

    for (const kind of ['pods', 'events', 'nodes', 'clusterroles', 'persistentvolumes']) {
      test(`the page of ${kind}`, async () => {
        await app.page.getByTestId(`nav.${kind}`).click();
        const shown = app.page.locator(`[data-testid^="row:${kind}/"]`).or(app.page.getByTestId('picture.empty'));
        await expect(shown.first()).toBeVisible();
        expect(await findings(app.page)).toEqual([]);
      });
    }

    test('the drawer, tab by tab', async () => {
      await app.page.getByTestId('nav.nodes').click();
      await app.page.getByTestId('row:nodes/worker-1').click();
      const loaded = {
        summary: app.page.getByTestId('details.summary'),
        related: app.page.getByTestId('details.related'),
        events: app.page.getByTestId('details.events'),
        yaml: app.page.locator('.cm-content'),
      };
      for (const [tab, content] of Object.entries(loaded)) {
        await app.page.getByTestId(`tab.${tab}`).click();
        await expect(content).toBeVisible();
        expect(await findings(app.page), tab).toEqual([]);
      }
      await app.page.getByTestId('action.details.close').click();
    });

    test('the palette, the keys and the menus', async () => {
      const { page } = app;
      await page.getByTestId('nav.pods').click();
      const floating = {
        'action.palette': page.getByTestId('palette'),
        'action.help': page.getByTestId('key-help'),
        'action.cluster': page.getByRole('menu'),
        'action.namespaces': page.getByTestId('namespace:*'),
        'action.columns': page.getByRole('menu'),
        'action.theme': page.getByRole('menu'),
      };
      for (const [action, content] of Object.entries(floating)) {
        await page.getByTestId(action).click();
        await expect(content).toBeVisible();
        expect(await findings(page), action).toEqual([]);
        await page.keyboard.press('Escape');
        await expect(content).toHaveCount(0);
      }
    });

    test('a filter that nothing passes', async () => {
      await app.page.getByTestId('nav.pods').click();
      await app.page.getByTestId('filter').fill('nothing-is-called-that');
      await expect(app.page.getByTestId('picture.no-match')).toBeVisible();
      expect(await findings(app.page)).toEqual([]);
      await app.page.getByTestId('filter').fill('');
    });
  });
}
