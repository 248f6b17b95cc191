import { readFile, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { expect, test } from '@playwright/test';
import { launchApp, type RunningApp } from '../support/electron';
import { type Clients, clientsAvailable, startClients } from '../support/kubectl';
import { temporaryFolder } from '../support/paths';
import { type RunningSimulator, startSimulator } from '../support/simulator';

let simulator: RunningSimulator;
let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let app: RunningApp | undefined;

test.beforeEach(async () => {
  folder = await temporaryFolder('failures');
  simulator = await startSimulator({ data: join(folder.path, 'data'), kubeconfig: join(folder.path, 'good') });
});
test.afterEach(async () => {
  await app?.close();
  app = undefined;
  await simulator.stop();
  await folder.remove();
});

/** Opens the app on kubeconfig files, as a person whose KUBECONFIG names them. */
async function openOn(...files: string[]): Promise<RunningApp> {
  app = await launchApp({ args: ['--simulator=off'], env: { KUBECONFIG: files.join(delimiter) } });
  return app;
}

async function choose({ page }: RunningApp, context: string): Promise<void> {
  await page.getByTestId('action.cluster').click();
  await page.getByTestId(`context:${context}`).click();
}

test('a broken kubeconfig is named with its line, and the other contexts work', async () => {
  const broken = join(folder.path, 'broken');
  await writeFile(broken, 'apiVersion: v1\nkind: Config\ncontexts:\n  - name: [unclosed\nusers: {}\n');
  const opened = await openOn(broken, simulator.kubeconfig);
  await opened.page.getByTestId('action.cluster').click();
  const problems = opened.page.getByTestId('catalog.problems');
  await expect(problems).toContainText(broken);
  await expect(problems).toContainText(/line \d|:\d/);
  await opened.page.getByTestId('context:porthole-course').click();
  await opened.page.getByTestId('nav.nodes').click();
  await expect(opened.page.getByTestId('row:nodes/worker-1')).toContainText('Ready');
  // Mended while the app runs, it is read again by itself.
  await writeFile(
    broken,
    await readFile(simulator.kubeconfig, 'utf8').then((text) => text.replaceAll('porthole-course', 'mended')),
  );
  await opened.page.getByTestId('action.cluster').click();
  await expect(opened.page.getByTestId('context:mended')).toBeVisible();
  await expect(problems).toHaveCount(0);
});

test('a cluster that is down says so, and is there again when it is back', async () => {
  await simulator.stop();
  const opened = await openOn(simulator.kubeconfig);
  await choose(opened, 'porthole-course');
  await opened.page.getByTestId('nav.nodes').click();
  const picture = opened.page.getByTestId('picture.unreachable');
  await expect(picture).toContainText(/ECONNREFUSED|refused/i);
  // Its kubeconfig stays good, as its port and certificates are kept with its data.
  const port = Number(new URL(simulator.server).port);
  simulator = await startSimulator({ data: join(folder.path, 'data'), kubeconfig: join(folder.path, 'good'), port });
  await expect(opened.page.getByTestId('row:nodes/worker-1')).toContainText('Ready', { timeout: 30_000 });
});

test('a cluster that dies keeps its rows, marked as old, and they live again after', async () => {
  test.skip(!clientsAvailable, 'kubectl is packed for Linux on x64 only');
  const opened = await openOn(simulator.kubeconfig);
  await choose(opened, 'porthole-course');
  await opened.page.getByTestId('nav.configmaps').click();
  const row = (name: string) => opened.page.getByTestId(`row:configmaps/default/${name}`);
  const clients: Clients = await startClients(simulator.kubeconfig);
  await clients.kubectl(['create', 'configmap', 'before', '--from-literal=a=1']);
  await expect(row('before')).toBeVisible();
  const port = Number(new URL(simulator.server).port);
  await simulator.stop('SIGKILL');
  await expect(opened.page.getByTestId('banner.disconnected')).toContainText('Not live since');
  await expect(row('before')).toBeVisible();
  simulator = await startSimulator({ data: join(folder.path, 'data'), kubeconfig: join(folder.path, 'good'), port });
  await clients.kubectl(['create', 'configmap', 'after', '--from-literal=a=1']);
  await expect(row('after')).toBeVisible({ timeout: 30_000 });
  await expect(row('before')).toBeVisible();
  await expect(opened.page.getByTestId('banner.disconnected')).toHaveCount(0);
  await clients.remove();
});

test('a certificate that does not fit is refused, and the reason told', async () => {
  const other = await startSimulator();
  try {
    // The one cluster's address with the other's authority.
    const authority = /"certificate-authority-data":\s*"([^"]+)"/;
    const [, wrong] = authority.exec(await readFile(other.kubeconfig, 'utf8')) ?? [];
    const text = await readFile(simulator.kubeconfig, 'utf8');
    const file = join(folder.path, 'untrusted');
    await writeFile(file, text.replace(authority, `"certificate-authority-data": "${wrong}"`));
    const opened = await openOn(file);
    await choose(opened, 'porthole-course');
    await opened.page.getByTestId('nav.nodes').click();
    await expect(opened.page.getByTestId('picture.untrusted')).toContainText(/certificate/i);
  } finally {
    await other.stop();
  }
});

test('credentials that are not accepted are told as such', async () => {
  const text = JSON.parse(await readFile(simulator.kubeconfig, 'utf8')) as { users: { name: string; user: unknown }[] };
  const [user] = text.users;
  const file = join(folder.path, 'unauthorized');
  await writeFile(file, JSON.stringify({ ...text, users: [{ name: user?.name, user: { token: 'not-a-token' } }] }));
  const opened = await openOn(file);
  await choose(opened, 'porthole-course');
  await opened.page.getByTestId('nav.nodes').click();
  await expect(opened.page.getByTestId('picture.unauthorized')).toBeVisible();
});
