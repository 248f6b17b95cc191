import { join } from 'node:path';
import { expect, type Locator, test } from '@playwright/test';
import { launchApp, type RunningApp, simulatorKubeconfig } from '../support/electron';
import { type Clients, clientsAvailable, startClients } from '../support/kubectl';
import { root } from '../support/paths';

test.skip(!clientsAvailable, 'kubectl is packed for Linux on x64 only');

let app: RunningApp;
let clients: Clients;

test.beforeAll(async () => {
  app = await launchApp({ args: ['--simulator=ephemeral'] });
  await app.page.getByTestId('nav.pods').click({ timeout: 30_000 });
  clients = await startClients(simulatorKubeconfig(app));
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

/** Goes to a kind's page by the sidebar, as a person does. */
async function open(page: string): Promise<void> {
  await app.page.getByTestId(`nav.${page}`).click();
}

function row(name: string): Locator {
  return app.page.getByTestId(`row:${name}`);
}

test("the course's manifests come alive in the window, and it shows what kubectl shows", async () => {
  test.setTimeout(180_000);
  await open('pods');
  await expect(row('pods/default/nginx')).toHaveCount(0);
  // What the slide with the toleration does first.
  await kubectl('taint', 'nodes', 'worker-3', 'example-key=example-value:NoSchedule');
  await kubectl('apply', '-f', join(root, 'assets', 'manifests', 'course'));

  // Pods, without a reload: they appear and come to run.
  for (const name of ['nginx', 'with-node-affinity', 'nginx-toleration', 'security-context-demo']) {
    await expect(row(`pods/default/${name}`), name).toContainText('Running', { timeout: 60_000 });
  }
  const pods: { items: { metadata: { name: string; namespace: string }; spec: { nodeName: string } }[] } = JSON.parse(
    await kubectl('get', 'pods', '-A', '-o', 'json'),
  );
  for (const { metadata, spec } of pods.items) {
    await expect(row(`pods/${metadata.namespace}/${metadata.name}`)).toContainText(spec.nodeName);
  }

  await open('daemonsets');
  // The control plane, and every worker but the tainted one.
  await expect(row('daemonsets/kube-system/fluentd-elasticsearch')).toContainText('Ready');
  expect(
    await kubectl(
      'get',
      'daemonset',
      'fluentd-elasticsearch',
      '-n',
      'kube-system',
      '-o',
      'jsonpath={.status.numberReady}',
    ),
  ).toBe('3');

  await open('jobs');
  await expect(row('jobs/default/pi')).toContainText('Complete', { timeout: 90_000 });
  expect(await kubectl('logs', 'job/pi')).toMatch(/^3\.14159265358979323846264338327950288419716939937510/);

  await open('cronjobs');
  await expect(row('cronjobs/default/hello')).toContainText('* * * * *');
  await open('serviceaccounts');
  await expect(row('serviceaccounts/default/default')).toContainText('myregistrykey');
  await open('roles');
  await expect(row('roles/default/pod-reader')).toContainText('get, list, watch');
  await open('clusterroles');
  await app.page.getByTestId('filter').fill('secret-reader');
  await expect(row('clusterroles/secret-reader')).toContainText('secrets');
  await app.page.getByTestId('filter').fill('');
  await open('rolebindings');
  await expect(row('rolebindings/default/read-pods')).toContainText('User jane');
  await open('clusterrolebindings');
  await app.page.getByTestId('filter').fill('read-secrets');
  await expect(row('clusterrolebindings/read-secrets-global')).toContainText('Group manager');
  await app.page.getByTestId('filter').fill('');

  // And they mean what they say.
  expect(await kubectl('auth', 'can-i', 'list', 'pods', '--as', 'jane')).toBe('yes\n');
  expect(await kubectl('auth', 'can-i', 'get', 'secrets', '-A', '--as', 'ann', '--as-group', 'manager')).toBe('yes\n');
  const denied = await clients.kubectl(['get', 'secrets', '--as', 'jane']);
  expect(denied.stderr).toContain('secrets is forbidden: User "jane" cannot list resource "secrets"');
  expect(await kubectl('exec', 'security-context-demo', '--', 'id')).toContain('uid=1000 gid=3000 groups=2000,3000');
});

test('a rollout, a scale and a delete are seen as they happen', async () => {
  await open('deployments');
  await kubectl('create', 'deployment', 'web', '--image=nginx', '--replicas=2');
  const web = row('deployments/default/web');
  await expect(web).toContainText('2/2', { timeout: 60_000 });
  await kubectl('scale', 'deployment', 'web', '--replicas=4');
  await expect(web).toContainText('4/4', { timeout: 60_000 });
  await kubectl('set', 'image', 'deployment/web', 'nginx=example.com/nobody/knows:1');
  await expect(web).toContainText('updated', { timeout: 60_000 });
  await open('pods');
  await expect(app.page.getByRole('row').filter({ hasText: 'ImagePullBackOff' }).first()).toBeVisible({
    timeout: 60_000,
  });
  await kubectl('rollout', 'undo', 'deployment/web');
  expect(await kubectl('rollout', 'status', 'deployment/web', '--timeout=60s')).toContain('successfully rolled out');
  await kubectl('delete', 'deployment', 'web');
  await open('deployments');
  await expect(web).toHaveCount(0, { timeout: 60_000 });
});

test('a pod tells everything about itself in its drawer', async () => {
  await kubectl('run', 'told', '--image=nginx', '--labels=app=told', '--port=80');
  await open('pods');
  await row('pods/default/told').click();
  const drawer = app.page.getByRole('complementary').or(app.page.getByRole('dialog')).last();
  await expect(drawer).toContainText('Pod in default');
  await app.page.getByTestId('tab.related').click();
  await expect(drawer).toContainText('Service account');
  await app.page.getByTestId('tab.events').click();
  await expect(drawer).toContainText('Scheduled');
  await expect(drawer).toContainText('Started', { timeout: 60_000 });
  await app.page.getByTestId('tab.yaml').click();
  await expect(drawer).toContainText('kind: Pod');
  await expect(drawer).not.toContainText('managedFields');
  await kubectl('delete', 'pod', 'told', '--now');
  await expect(row('pods/default/told')).toHaveCount(0, { timeout: 60_000 });
});

test("a secret's values stay on the other side until they are asked for", async () => {
  await kubectl('create', 'secret', 'generic', 'key', '--from-literal=password=hunter2');
  await open('secrets');
  await expect(row('secrets/default/key')).toContainText('password');
  await row('secrets/default/key').click();
  await app.page.getByTestId('tab.yaml').click();
  await expect(app.page.locator('body')).not.toContainText(/hunter2|aHVudGVyMg/);
  await app.page.getByTestId('tab.summary').click();
  await app.page
    .getByRole('button', { name: /reveal|show/i })
    .first()
    .click();
  await expect(app.page.locator('body')).toContainText('hunter2');
});
