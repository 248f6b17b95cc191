import { readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { expect, test } from '@playwright/test';
import { openBrowser, type RunningServer, startServer } from '../support/browser';
import { clientsAvailable, startClients } from '../support/kubectl';

let server: RunningServer;
let browser: Awaited<ReturnType<typeof openBrowser>>;

test.beforeAll(async () => {
  server = await startServer();
  browser = await openBrowser(server.url);
});
test.afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

test('a browser shows the same window, with rows that live', async () => {
  const { page } = browser;
  await page.getByTestId('nav.configmaps').click({ timeout: 30_000 });
  await expect(page.getByTestId('row:configmaps/default/kube-root-ca.crt')).toBeVisible({ timeout: 30_000 });
  await expect(page.getByTestId('status.connection')).toHaveText('Live');
  expect(page.url()).toMatch(/^http:\/\/127\.0\.0\.1:\d+\//);
  test.skip(!clientsAvailable, 'kubectl is packed for Linux on x64 only');
  const clients = await startClients(server.kubeconfig);
  const { code, stderr } = await clients.kubectl(['create', 'configmap', 'said', '--from-literal=a=1']);
  expect(code, stderr).toBe(0);
  await expect(page.getByTestId('row:configmaps/default/said')).toBeVisible();
  await clients.kubectl(['delete', 'configmap', 'said']);
  await expect(page.getByTestId('row:configmaps/default/said')).toHaveCount(0);
  await clients.remove();
});

test('the token is not in the address any more, and is good only once', async () => {
  const token = new URL(server.url).search + new URL(server.url).hash + new URL(server.url).pathname.slice(1);
  expect(token.length).toBeGreaterThan(20);
  expect(browser.page.url()).not.toContain(token);
  const again = await fetch(server.url);
  expect(again.status).toBe(403);
  expect(await again.text()).toBe('');
  const other = await openBrowser(server.url);
  try {
    await expect(other.page.getByTestId('nav.overview')).toHaveCount(0);
    expect(await other.page.evaluate(() => document.body.textContent)).toBe('');
  } finally {
    await other.close();
  }
});

test('a page that is loaded again goes on where it was', async () => {
  const { page } = browser;
  await page.getByTestId('nav.nodes').click();
  await expect(page.getByTestId('row:nodes/worker-1')).toBeVisible();
  await page.reload();
  await expect(page.getByTestId('row:nodes/worker-1')).toBeVisible({ timeout: 30_000 });
});

test('when the server ends, its cluster ends with it, and the page says that it is not live', async () => {
  const kubeconfig: { clusters: { cluster: { server: string } }[] } = JSON.parse(
    await readFile(server.kubeconfig, 'utf8'),
  );
  const address = kubeconfig.clusters[0]?.cluster.server ?? '';
  expect(await answers(address)).toBe(true);
  expect(await server.stop()).toBe(0);
  await expect.poll(() => answers(address)).toBe(false);
  expect(await answers(server.url)).toBe(false);
  await expect(browser.page.getByTestId('banner.disconnected')).toContainText('Not live since');
  await expect(browser.page.getByTestId('row:nodes/worker-1')).toBeVisible();
});

/** Whether anybody listens there. */
function answers(url: string): Promise<boolean> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname, () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
}
