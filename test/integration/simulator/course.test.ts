import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { build } from '../../support/build';
import { type Clients, clientsAvailable, startClients } from '../../support/kubectl';
import { root } from '../../support/paths';
import { type RunningSimulator, startSimulator } from '../../support/simulator';

const MANIFESTS = join(root, 'assets', 'manifests', 'course');

// In order: each test finds what those before it have made, as a person would.
describe.skipIf(!clientsAvailable)('the course with the real kubectl', () => {
  let simulator: RunningSimulator;
  let clients: Clients;

  beforeAll(async () => {
    await build('simulate');
    simulator = await startSimulator({ preset: 'course', seed: 1, speed: 20 });
    clients = await startClients(simulator.kubeconfig);
  });
  afterAll(async () => {
    await clients?.remove();
    expect(await simulator?.stop()).toBe(0);
  });

  /** The command's output; fails with what it said when it fails. */
  async function kubectl(...args: string[]): Promise<string> {
    const { code, stdout, stderr } = await clients.kubectl(args);
    expect(`${code} ${code === 0 ? '' : stderr}`, args.join(' ')).toBe('0 ');
    return stdout.trim();
  }

  it.each(readdirSync(MANIFESTS).filter((name) => name.endsWith('.yaml')))('takes %s', async (name) => {
    expect(await kubectl('apply', '-f', join(MANIFESTS, name))).toMatch(/ (created|configured)$/);
    // kubectl sends a patch again where admission has added to a list, and calls that configured.
    expect(await kubectl('apply', '-f', join(MANIFESTS, name))).toMatch(/ (unchanged|configured)$/);
  });

  it('brings the pods up', async () => {
    const names = ['nginx', 'with-node-affinity', 'nginx-toleration', 'security-context-demo'];
    for (const name of names) await kubectl('wait', '--for=condition=Ready', `pod/${name}`, '--timeout=30s');
    const table = await kubectl('get', 'pods', ...names);
    expect(table.split('\n')[0]?.split(/ +/)).toEqual(['NAME', 'READY', 'STATUS', 'RESTARTS', 'AGE']);
    for (const name of names) expect(table).toMatch(new RegExp(`${name} +1/1 +Running +0 `));
  });

  it('puts a pod where its affinity says', async () => {
    const node = await kubectl('get', 'pod', 'with-node-affinity', '-o', 'jsonpath={.spec.nodeName}');
    const zone = await kubectl(
      'get',
      'node',
      node,
      '-o',
      'jsonpath={.metadata.labels.topology\\.kubernetes\\.io/zone}',
    );
    expect(['europe-west1-b', 'europe-west1-c']).toContain(zone);
  });

  it('runs a daemon on every node', async () => {
    await kubectl('rollout', 'status', 'daemonset/fluentd-elasticsearch', '-n', 'kube-system', '--timeout=30s');
    const ready = 'jsonpath={.status.numberReady}/{.status.desiredNumberScheduled}';
    expect(await kubectl('get', 'ds', 'fluentd-elasticsearch', '-n', 'kube-system', '-o', ready)).toBe('4/4');
  });

  it('computes pi', async () => {
    await kubectl('wait', '--for=condition=complete', 'job/pi', '--timeout=30s');
    expect(await kubectl('logs', 'job/pi')).toMatch(/^3\.14159265358979323846/);
  });

  it('says hello every minute', async () => {
    // A minute of the cluster's is three seconds here.
    await expect
      .poll(() => kubectl('get', 'jobs', '-o', 'jsonpath={.items[*].metadata.name}'), {
        timeout: 15_000,
        interval: 500,
      })
      .toMatch(/hello-\d+/);
  });

  it('lets people do what their roles say', async () => {
    expect(await kubectl('auth', 'can-i', 'list', 'pods', '--as', 'jane')).toBe('yes');
    expect(await clients.kubectl(['auth', 'can-i', 'delete', 'pods', '--as', 'jane'])).toMatchObject({
      code: 1,
      stdout: 'no\n',
    });
    expect(await clients.kubectl(['get', 'pods', '--as', 'joe'])).toMatchObject({
      code: 1,
      stderr:
        'Error from server (Forbidden): pods is forbidden: User "joe" cannot list resource "pods" in API group "" in the namespace "default"\n',
    });
    expect(await kubectl('get', 'secrets', '-A', '--as', 'joe', '--as-group', 'manager')).toBe('');
    expect(await kubectl('auth', 'whoami', '-o', 'jsonpath={.status.userInfo.username}')).toBe('kubernetes-admin');
  });

  it('creates what kubectl sends in protobuf', async () => {
    expect(await kubectl('create', 'namespace', 'demo')).toBe('namespace/demo created');
    expect(await kubectl('create', 'deployment', 'web', '--image=nginx', '--replicas=2', '-n', 'demo')).toBe(
      'deployment.apps/web created',
    );
    await kubectl('rollout', 'status', 'deployment/web', '-n', 'demo', '--timeout=30s');
    expect(await kubectl('scale', 'deployment/web', '--replicas=0', '-n', 'demo')).toBe('deployment.apps/web scaled');
    const token = await kubectl('create', 'token', 'default', '-n', 'demo');
    const asAccount = ['--token', token, '--kubeconfig', '/dev/null', '--server', simulator.server];
    const who = await clients.kubectl(['auth', 'whoami', '--insecure-skip-tls-verify', ...asAccount]);
    expect(who.stdout).toContain('system:serviceaccount:demo:default');
    expect(await kubectl('delete', 'namespace', 'demo', '--timeout=30s')).toContain('deleted');
  });

  it('runs commands in containers', async () => {
    expect(await kubectl('exec', 'nginx', '--', 'hostname')).toBe('nginx');
    expect(await clients.kubectl(['exec', 'nginx', '--', 'sh', '-c', 'echo out; echo err >&2; exit 3'])).toMatchObject({
      code: 3,
      stdout: 'out\n',
      stderr: expect.stringContaining('err\n'),
    });
  });
});
