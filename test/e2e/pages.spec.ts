import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type ConsoleMessage, expect, type Locator, type Page, test } from '@playwright/test';
import { kinds } from '../../shared/kinds/index';
import type { KindDefinition } from '../../shared/kinds/kind';
import { launchApp, type RunningApp, simulatorKubeconfig } from '../support/electron';
import { type Clients, clientsAvailable, startClients } from '../support/kubectl';
import { root, temporaryFolder } from '../support/paths';

test.skip(!clientsAvailable, 'kubectl is packed for Linux on x64 only');

let app: RunningApp;
let page: Page;
let clients: Clients;

test.beforeAll(async () => {
  app = await launchApp({ args: ['--simulator=ephemeral'] });
  page = app.page;
  await page.getByTestId('nav.pods').click({ timeout: 30_000 });
  clients = await startClients(simulatorKubeconfig(app));
  await kubectl('apply', '-f', join(root, 'assets', 'manifests', 'course'));
  await kubectl('create', 'namespace', 'shop');
  await kubectl('create', 'deployment', 'web', '--image=nginx', '--replicas=3', '-n', 'shop');
  await kubectl('expose', 'deployment', 'web', '--port=80', '-n', 'shop');
  await kubectl('rollout', 'status', 'deployment/web', '-n', 'shop', '--timeout=60s');
});
test.afterAll(async () => {
  await clients?.remove();
  await app?.close();
});

async function kubectl(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await clients.kubectl(args);
  expect(code, `kubectl ${args.join(' ')}: ${stderr}`).toBe(0);
  return stdout;
}

function row(name: string): Locator {
  return page.getByTestId(`row:${name}`);
}

/** The names of the rows on screen, from top to bottom. */
async function namesShown(kind: string): Promise<string[]> {
  const rows = await page
    .locator(`[data-testid^="row:${kind}/"]`)
    .evaluateAll((elements) =>
      elements
        .map((element) => ({ top: element.getBoundingClientRect().top, id: element.getAttribute('data-testid') ?? '' }))
        .sort((a, b) => a.top - b.top),
    );
  return rows.map(({ id }) => id.slice(id.lastIndexOf('/') + 1));
}

/** Goes to a kind's page by the sidebar and waits for its rows, or for the picture of none. */
async function open({ title, resource: { resource } }: KindDefinition): Promise<void> {
  await page.getByTestId(`nav.${resource}`).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(title);
  const first = page.locator(`[data-testid^="row:${resource}/"]`).first();
  await expect(first.or(page.getByTestId('picture.empty'))).toBeVisible();
}

test('every page opens, with its rows or with the picture of none', async () => {
  const complaints: string[] = [];
  const listen = (message: ConsoleMessage) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  };
  const failed = (error: Error) => complaints.push(error.message);
  page.on('console', listen).on('pageerror', failed);
  for (const kind of kinds) {
    await open(kind);
    const none = page.getByTestId('picture.empty');
    if (await none.isVisible()) await expect(none).toContainText(`kubectl get ${kind.resource.resource}`);
  }
  await page.getByTestId('nav.overview').click();
  await expect(page.getByTestId('overview')).toContainText('control-plane');
  // What a person types to point kubectl at it.
  await expect(page.getByTestId('kubectl-line')).toContainText(`KUBECONFIG='${simulatorKubeconfig(app)}'`);
  page.off('console', listen).off('pageerror', failed);
  expect(complaints).toEqual([]);
});

test('no page has to be scrolled sideways in a small window', async () => {
  await app.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.setContentSize(1280, 800));
  await expect.poll(() => page.evaluate(() => window.innerWidth)).toBe(1280);
  const wide: string[] = [];
  for (const kind of kinds) {
    await open(kind);
    const excess = await page.getByTestId('table').evaluate((table) => table.scrollWidth - table.clientWidth);
    if (excess > 0) wide.push(`${kind.title}: ${excess}`);
  }
  expect(wide).toEqual([]);
});

test('rows are sorted by a click on a heading, and the other way by the next', async () => {
  await page.getByTestId('nav.nodes').click();
  await expect(row('nodes/worker-3')).toBeVisible();
  await page.getByTestId('sort.zone').click();
  await expect(page.getByRole('columnheader', { name: 'Zone' })).toHaveAttribute('aria-sort', 'ascending');
  await page.getByTestId('sort.name').click();
  await expect.poll(() => namesShown('nodes')).toEqual(['control-plane', 'worker-1', 'worker-2', 'worker-3']);
  await page.getByTestId('sort.name').click();
  await expect.poll(() => namesShown('nodes')).toEqual(['worker-3', 'worker-2', 'worker-1', 'control-plane']);
  await page.keyboard.press('Shift+N');
  await expect.poll(() => namesShown('nodes')).toEqual(['control-plane', 'worker-1', 'worker-2', 'worker-3']);
});

test('the filter knows words, their absence, labels and letters', async () => {
  await page.getByTestId('nav.pods').click();
  const filter = page.getByTestId('filter');
  const count = page.getByTestId('count');
  const total = (JSON.parse(await kubectl('get', 'pods', '-A', '-o', 'json')) as { items: unknown[] }).items.length;
  await page.keyboard.press('/');
  await expect(filter).toBeFocused();
  await filter.fill('-l app=web');
  await expect(count).toContainText('3 of');
  expect(new Set((await namesShown('pods')).map((name) => name.replace(/-.*/, '')))).toEqual(new Set(['web']));
  await filter.fill('-l app in (');
  await expect(filter).toHaveAttribute('aria-invalid', 'true');
  await filter.fill('!kube-system');
  await expect(row('pods/shop/web-').or(row('pods/default/nginx'))).toBeVisible();
  await expect(page.locator('[data-testid^="row:pods/kube-system/"]')).toHaveCount(0);
  await filter.fill('-f ngnx');
  await expect(row('pods/default/nginx')).toBeVisible();
  await filter.fill('shop web');
  await expect(count).toContainText('3 of');
  await filter.fill('there-is-none');
  await expect(page.getByTestId('picture.no-match')).toContainText('there-is-none');
  await filter.press('Escape');
  await expect(filter).toHaveValue('');
  expect(Number.parseInt((await count.textContent()) ?? '', 10)).toBeGreaterThanOrEqual(total);
});

test('columns are shown and hidden, and stay so', async () => {
  await page.getByTestId('nav.pods').click();
  const ip = page.getByRole('columnheader', { name: 'IP', exact: true });
  const images = page.getByRole('columnheader', { name: 'Images' });
  await expect(ip).toBeVisible();
  await expect(images).toHaveCount(0);
  await page.getByTestId('action.columns').click();
  await page.getByTestId('column.ip').click();
  await page.getByTestId('column.images').click();
  await page.keyboard.press('Escape');
  await expect(ip).toHaveCount(0);
  await page.getByTestId('nav.nodes').click();
  await page.getByTestId('nav.pods').click();
  await expect(images).toBeVisible();
  await expect(ip).toHaveCount(0);
  await page.getByTestId('action.columns').click();
  await page.getByTestId('column.ip').click();
  await page.getByTestId('column.images').click();
  await page.keyboard.press('Escape');
});

test('several namespaces are shown at once, and choosing others never blanks the page', async () => {
  await page.getByTestId('nav.pods').click();
  await page.getByTestId('filter').fill('web');
  await expect(page.locator('[data-testid^="row:pods/shop/"]')).toHaveCount(3);
  await page.getByTestId('filter').fill('');
  await page.evaluate(() => {
    const seen: string[] = [];
    Reflect.set(window, 'blanks', seen);
    new MutationObserver(() => {
      for (const id of ['picture.loading', 'picture.empty']) {
        if (document.querySelector(`[data-testid="${id}"]`) !== null) seen.push(id);
      }
    }).observe(document.body, { childList: true, subtree: true });
  });
  await page.getByTestId('action.namespaces').click();
  await page.getByTestId('namespace:shop').click();
  await expect(page.locator('[data-testid^="row:pods/kube-system/"]')).toHaveCount(0);
  await expect(page.locator('[data-testid^="row:pods/shop/"]')).toHaveCount(3);
  await page.getByTestId('namespace:default').click();
  await expect(row('pods/default/nginx')).toBeVisible();
  await expect(page.locator('[data-testid^="row:pods/shop/"]')).toHaveCount(3);
  await expect(page.locator('[data-testid^="row:pods/kube-system/"]')).toHaveCount(0);
  await page.getByTestId('namespace:*').click();
  await page.keyboard.press('Escape');
  await expect(page.getByTestId('action.namespaces')).toContainText('All namespaces');
  await page.getByTestId('filter').fill('etcd');
  await expect(row('pods/kube-system/etcd-control-plane')).toBeVisible();
  await page.getByTestId('filter').fill('');
  expect(await page.evaluate(() => Reflect.get(window, 'blanks'))).toEqual([]);
});

test('all can be done by keys', async () => {
  await page.getByTestId('nav.nodes').click();
  await expect(row('nodes/worker-1')).toBeVisible();
  const cursor = page.locator('[data-cursor]');
  await page.keyboard.press('g');
  await expect(cursor).toHaveAttribute('data-testid', 'row:nodes/control-plane');
  await page.keyboard.press('j');
  await expect(cursor).toHaveAttribute('data-testid', 'row:nodes/worker-1');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('k');
  await expect(cursor).toHaveAttribute('data-testid', 'row:nodes/worker-1');
  await expect(page.getByTestId('table')).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('details')).toContainText('worker-1');
  await page.keyboard.press('Escape');
  await expect(page.getByTestId('details')).toHaveCount(0);
  await page.keyboard.press('?');
  await expect(page.getByTestId('key-help')).toContainText('Open details');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+k');
  await page.keyboard.type('deploy');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Deployments');
  await page.keyboard.press('[');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Nodes');
});

test('an address leads to an object and its tab', async () => {
  const context = /#\/c\/([^/?]+)/.exec(page.url())?.[1];
  await page.evaluate((hash) => {
    location.hash = hash;
  }, `#/c/${context}/pods?object=default%2Fnginx&tab=yaml`);
  await expect(page.getByTestId('details')).toContainText('kind: Pod');
  await expect(page.getByTestId('tab.yaml')).toHaveAttribute('aria-selected', 'true');
  await expect(row('pods/default/nginx')).toHaveAttribute('aria-selected', 'true');
  // Beside the drawer, what does not fit is left out.
  const table = page.getByTestId('table');
  await expect.poll(() => table.evaluate((grid) => grid.scrollWidth - grid.clientWidth)).toBe(0);
  await expect(page.getByRole('columnheader', { name: 'Status' })).toBeVisible();
  await page.getByTestId('tab.summary').click();
  const details = page.getByTestId('details.summary');
  await expect(details).toContainText('nginx:1.14.2');
  // What kubectl apply writes is there for who asks for it.
  const applied = details.locator('details', { hasText: 'last-applied-configuration' });
  await expect(applied.locator('pre')).toBeHidden();
  await applied.locator('summary').click();
  await expect(applied.locator('pre')).toContainText('"kind": "Pod"');
  await page.getByTestId('action.details.close').click();
});

test('a node tells which pods run on it', async () => {
  const on = await kubectl('get', 'pods', '-A', '--field-selector=spec.nodeName=worker-2', '-o', 'name');
  const other = await kubectl('get', 'pods', '-A', '--field-selector=spec.nodeName=control-plane', '-o', 'name');
  await page.getByTestId('nav.nodes').click();
  await row('nodes/worker-2').click();
  await page.getByTestId('tab.related').click();
  const related = page.getByTestId('details.related');
  const lines = (text: string) =>
    text
      .trim()
      .split('\n')
      .map((name) => name.replace('pod/', ''));
  for (const name of lines(on)) await expect(related).toContainText(name);
  for (const name of lines(other)) await expect(related).not.toContainText(name);
  await page.getByTestId('action.details.close').click();
});

test('who may read one namespace sees it, and is told why there is no more', async () => {
  await kubectl('create', 'namespace', 'team-a');
  await kubectl('create', 'serviceaccount', 'reader', '-n', 'team-a');
  await kubectl('create', 'role', 'reader', '--verb=get,list,watch', '--resource=pods', '-n', 'team-a');
  await kubectl('create', 'rolebinding', 'reader', '--role=reader', '--serviceaccount=team-a:reader', '-n', 'team-a');
  await kubectl('run', 'ours', '--image=nginx', '-n', 'team-a');
  const token = (await kubectl('create', 'token', 'reader', '-n', 'team-a')).trim();
  const folder = await temporaryFolder('forbidden');
  const config: { clusters: { name: string }[] } = JSON.parse(await readFile(simulatorKubeconfig(app), 'utf8'));
  const cluster = config.clusters[0]?.name;
  await writeFile(
    join(folder.path, 'config'),
    JSON.stringify({
      ...config,
      contexts: [{ name: 'reader', context: { cluster, user: 'reader', namespace: 'team-a' } }],
      users: [{ name: 'reader', user: { token } }],
    }),
  );
  const other = await launchApp({ args: ['--simulator=off'], env: { KUBECONFIG: join(folder.path, 'config') } });
  try {
    await other.page.getByTestId('action.cluster').click();
    await other.page.getByTestId('context:reader').click();
    await other.page.getByTestId('nav.nodes').click();
    await expect(other.page.getByTestId('picture.forbidden')).toContainText('cannot list resource "nodes"');
    await other.page.getByTestId('nav.deployments').click();
    await expect(other.page.getByTestId('picture.forbidden')).toContainText('cannot list resource "deployments"');
    await other.page.getByTestId('nav.pods').click();
    await expect(other.page.getByTestId('row:pods/team-a/ours')).toContainText('Running');
    await expect(other.page.getByTestId('limits')).toContainText('team-a');
    await other.page.getByTestId('action.namespaces').click();
    await other.page.keyboard.type('kube-system');
    await other.page.keyboard.press('Enter');
    await other.page.keyboard.press('Escape');
    await expect(other.page.getByTestId('picture.forbidden')).toContainText('in the namespace "kube-system"');
    await other.page.getByTestId('nav.overview').click();
    await expect(other.page.getByTestId('overview')).toContainText('cannot list resource');
  } finally {
    await other.close();
    await folder.remove();
  }
});

test.describe('by itself', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let own: RunningApp | undefined;

  test.beforeEach(async () => {
    folder = await temporaryFolder('own');
  });
  test.afterEach(async () => {
    await own?.close();
    own = undefined;
    await folder.remove();
  });

  test('the theme, the cluster and the namespaces are there again at the next start', async () => {
    const options = { args: [], userData: join(folder.path, 'data') };
    own = await launchApp(options);
    await own.page.getByTestId('nav.pods').click({ timeout: 30_000 });
    await own.page.getByTestId('action.theme').click();
    await own.page.getByRole('menuitemcheckbox', { name: 'Dark' }).click();
    await own.page.keyboard.press('Escape');
    await own.page.getByTestId('action.namespaces').click();
    await own.page.getByTestId('namespace:kube-system').click();
    await expect(own.page.locator('html')).toHaveAttribute('data-theme', 'dark');
    await own.close();
    own = await launchApp(options);
    await expect(own.page.locator('html')).toHaveAttribute('data-theme', 'dark');
    await expect(own.page.getByTestId('action.namespaces')).toContainText('kube-system', { timeout: 30_000 });
    await own.page.getByTestId('nav.pods').click();
    await expect(own.page.getByTestId('row:pods/kube-system/etcd-control-plane')).toContainText('Running');
  });

  test('the simulated cluster that was killed is offered to be started again, and holds what it held', async () => {
    own = await launchApp({ args: [], userData: join(folder.path, 'data') });
    await own.page.getByTestId('nav.configmaps').click({ timeout: 30_000 });
    const there = await startClients(simulatorKubeconfig(own));
    const row = (name: string) => own?.page.getByTestId(`row:configmaps/default/${name}`) ?? page.locator('none');
    await there.kubectl(['create', 'configmap', 'before', '--from-literal=a=1']);
    await expect(row('before')).toBeVisible();
    const pid = await own.app.evaluate(
      ({ app: electron }) =>
        electron.getAppMetrics().find((metric) => [metric.name, metric.serviceName].includes('Simulated cluster'))?.pid,
    );
    if (pid === undefined) throw new Error('there is no simulated cluster');
    process.kill(pid, 'SIGKILL');
    await expect(own.page.getByTestId('banner.disconnected')).toContainText('The simulated cluster has ended');
    await expect(row('before')).toBeVisible();
    await own.page.getByTestId('action.start-simulator').click();
    await expect(own.page.getByTestId('banner.disconnected')).toHaveCount(0, { timeout: 30_000 });
    await there.kubectl(['create', 'configmap', 'after', '--from-literal=a=1']);
    await expect(row('after')).toBeVisible();
    await expect(row('before')).toBeVisible();
    await there.remove();
  });
});
