import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Clients, clientsAvailable, startClients } from '../../support/kubectl';
import { temporaryFolder } from '../../support/paths';
import { type RunningSimulator, startSimulator } from '../../support/simulator';

// In order: a release's life, as a person leads it.
describe.skipIf(!clientsAvailable)('helm', () => {
  let simulator: RunningSimulator;
  let clients: Clients;
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let chart: string;

  beforeAll(async () => {
    simulator = await startSimulator({ seed: 1, speed: 20 });
    clients = await startClients(simulator.kubeconfig);
    folder = await temporaryFolder('chart');
    chart = join(folder.path, 'web');
    await helm('create', chart);
    // What the chart's own test asks for over the network is no matter of the API.
    const check = join(chart, 'templates', 'tests', 'test-connection.yaml');
    await writeFile(
      check,
      (await readFile(check, 'utf8')).replace(/command:[\s\S]*?restartPolicy/, "command: ['true']\n  restartPolicy"),
    );
  }, 120_000);

  afterAll(async () => {
    await clients?.remove();
    await folder?.remove();
    await simulator?.stop();
  });

  async function run(program: 'helm' | 'kubectl', args: string[]): Promise<string> {
    const { code, stdout, stderr } = await clients[program](args, { timeout: 60_000 });
    expect(`${code} ${code === 0 ? '' : stderr}`, args.join(' ')).toBe('0 ');
    return stdout.trim();
  }
  const helm = (...args: string[]) => run('helm', args);
  const kubectl = (...args: string[]) => run('kubectl', args);
  const managersOf = async (object: string): Promise<string[]> => {
    const { metadata } = JSON.parse(await kubectl('get', object, '-o', 'json', '--show-managed-fields'));
    return metadata.managedFields.map(
      (entry: { manager: string; operation: string }) => `${entry.manager} ${entry.operation}`,
    );
  };

  it('lints, renders and packs a chart', async () => {
    expect(await helm('lint', chart)).toContain('1 chart(s) linted, 0 chart(s) failed');
    expect(await helm('template', 'mine', chart)).toContain('kind: Deployment');
    expect(await helm('package', chart, '-d', folder.path)).toContain('web-0.1.0.tgz');
  });

  it('installs by server-side apply, and waits until all is ready', async () => {
    expect(await helm('install', 'mine', chart, '--wait', '--timeout', '50s')).toContain('STATUS: deployed');
    expect(await kubectl('get', 'deployment', 'mine-web', '-o', 'jsonpath={.status.readyReplicas}')).toBe('1');
    expect(await managersOf('deployment/mine-web')).toContain('helm Apply');
  });

  it('tells of what is installed', async () => {
    expect(await helm('status', 'mine')).toContain('STATUS: deployed');
    expect(await helm('get', 'manifest', 'mine')).toContain('kind: Service');
    expect(await helm('get', 'values', 'mine', '--all')).toContain('replicaCount: 1');
    expect(await helm('get', 'notes', 'mine')).toContain('Get the application URL by running these commands');
    expect(await helm('get', 'hooks', 'mine')).toContain('"helm.sh/hook": test');
    expect(await helm('get', 'all', 'mine')).toMatch(
      /^NAME: mine\n[\s\S]*\nCOMPUTED VALUES:\n[\s\S]*\nHOOKS:\n[\s\S]*\nMANIFEST:\n[\s\S]*\nNOTES:\n/,
    );
    expect(JSON.parse(await helm('get', 'metadata', 'mine', '-o', 'json'))).toMatchObject({
      name: 'mine',
      status: 'deployed',
      applyMethod: 'ssa',
    });
    expect(JSON.parse(await helm('list', '-o', 'json'))).toMatchObject([{ name: 'mine', chart: 'web-0.1.0' }]);
  });

  it('runs the tests of a chart', async () => {
    expect(await helm('test', 'mine', '--timeout', '50s')).toMatch(/Phase: +Succeeded/);
  });

  it('upgrades, and rolls back', async () => {
    await helm('upgrade', 'mine', chart, '--set', 'replicaCount=2', '--wait', '--timeout', '50s');
    expect(await kubectl('get', 'deployment', 'mine-web', '-o', 'jsonpath={.spec.replicas}')).toBe('2');
    await helm('rollback', 'mine', '1', '--wait', '--timeout', '50s');
    expect(await kubectl('get', 'deployment', 'mine-web', '-o', 'jsonpath={.spec.replicas}')).toBe('1');
    const history: { revision: number; status: string }[] = JSON.parse(await helm('history', 'mine', '-o', 'json'));
    expect(history.map(({ revision, status }) => `${revision} ${status}`)).toEqual([
      '1 superseded',
      '2 superseded',
      '3 deployed',
    ]);
  });

  it('says why an upgrade fails', async () => {
    const { code, stderr } = await clients.helm(['upgrade', 'mine', chart, '--set', 'service.port=99999']);
    expect(code).toBe(1);
    expect(stderr).toContain('must be between 1 and 65535, inclusive');
    expect(await helm('history', 'mine')).toMatch(/4\s.*failed/);
  });

  it('goes back by itself from what never becomes ready', async () => {
    const { code, stderr } = await clients.helm(
      ['upgrade', 'mine', chart, '--set', 'image.repository=nobody/knows', '--rollback-on-failure', '--timeout', '6s'],
      { timeout: 60_000 },
    );
    expect(code).toBe(1);
    expect(stderr).toContain('release mine failed, and has been rolled back due to rollback-on-failure being set');
    const history: { revision: number; status: string }[] = JSON.parse(await helm('history', 'mine', '-o', 'json'));
    expect(history.slice(-2)).toMatchObject([
      { status: 'failed' },
      { status: 'deployed', description: 'Rollback to 3' },
    ]);
    expect(await kubectl('get', 'deployment', 'mine-web', '-o', 'jsonpath={..image}')).toMatch(/^nginx:/);
  });

  it('tries on the server without leaving anything', async () => {
    const objects = () => kubectl('get', 'all,secrets', '-o', 'name');
    const before = await objects();
    expect(await helm('install', 'trial', chart, '--dry-run=server')).toContain('STATUS: pending-install');
    expect(await objects()).toBe(before);
  });

  it('installs the definitions of a chart before what they define, and leaves them', async () => {
    const gadgets = join(folder.path, 'gadgets');
    await helm('create', gadgets);
    await mkdir(join(gadgets, 'crds'));
    await writeFile(join(gadgets, 'crds', 'gadgets.yaml'), GADGETS);
    await writeFile(join(gadgets, 'templates', 'gadget.yaml'), GADGET);
    expect(await helm('upgrade', '--install', 'them', gadgets, '--wait', '--timeout', '50s')).toContain(
      'Release "them" does not exist. Installing it now.',
    );
    expect(await kubectl('get', 'gadgets', 'them', '-o', 'jsonpath={.spec.size}')).toBe('1');
    await helm('upgrade', '--install', 'them', gadgets, '--set', 'replicaCount=3', '--wait', '--timeout', '50s');
    expect(await kubectl('get', 'gadgets', 'them', '-o', 'jsonpath={.spec.size}')).toBe('3');
    await helm('uninstall', 'them', '--wait', '--timeout', '50s', '--keep-history');
    expect(await kubectl('get', 'gadgets', '-o', 'name')).toBe('');
    expect(await kubectl('get', 'crd', 'gadgets.example.com', '-o', 'name')).toContain('gadgets.example.com');
    expect(await helm('list', '--uninstalled', '-q')).toBe('them');
    expect(await helm('status', 'them')).toContain('STATUS: uninstalled');
    await helm('rollback', 'them', '1', '--wait', '--timeout', '50s');
    expect(await kubectl('get', 'gadgets', 'them', '-o', 'jsonpath={.spec.size}')).toBe('1');
    await helm('uninstall', 'them', '--wait', '--timeout', '50s');
    expect(await helm('list', '--uninstalled', '-q')).toBe('');
  });

  it('installs and upgrades by client-side patches too', async () => {
    await helm('install', 'yours', chart, '--server-side=false', '--wait', '--timeout', '50s');
    expect(await managersOf('deployment/yours-web')).toContain('helm Update');
    await helm(
      'upgrade',
      'yours',
      chart,
      '--server-side=false',
      '--set',
      'image.tag=1.27',
      '--wait',
      '--timeout',
      '50s',
    );
    expect(await kubectl('get', 'deployment', 'yours-web', '-o', 'jsonpath={..image}')).toBe('nginx:1.27');
  });

  it('uninstalls all that it has installed', async () => {
    for (const release of ['mine', 'yours']) {
      expect(await helm('uninstall', release, '--wait', '--timeout', '50s')).toContain(
        `release "${release}" uninstalled`,
      );
    }
    expect(await helm('list', '-q')).toBe('');
    const kinds = 'deployments,replicasets,services,secrets,serviceaccounts';
    expect(await kubectl('get', kinds, '-l', 'app.kubernetes.io/name=web', '-o', 'name')).toBe('');
  });
});

const GADGETS = `
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: { name: gadgets.example.com }
spec:
  group: example.com
  scope: Namespaced
  names: { plural: gadgets, singular: gadget, kind: Gadget }
  versions:
    - name: v1
      served: true
      storage: true
      schema:
        openAPIV3Schema:
          type: object
          properties: { spec: { type: object, properties: { size: { type: integer } } } }
`;

const GADGET = `
apiVersion: example.com/v1
kind: Gadget
metadata: { name: {{ .Release.Name }} }
spec: { size: {{ .Values.replicaCount }} }
`;
