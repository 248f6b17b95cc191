import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { build } from '../../support/build';
import { httpsClient } from '../../support/https-client';
import { root, temporaryFolder } from '../../support/paths';
import { type RunningSimulator, type SimulatorOptions, startSimulator } from '../../support/simulator';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
const running: RunningSimulator[] = [];

beforeAll(() => build('simulate'));
beforeEach(async () => {
  folder = await temporaryFolder('simulate');
});
afterEach(async () => {
  for (const simulator of running.splice(0)) await simulator.stop('SIGKILL');
  await folder.remove();
});

async function start(options: SimulatorOptions = {}): Promise<RunningSimulator> {
  const simulator = await startSimulator({ preset: 'empty', kubeconfig: join(folder.path, 'kubeconfig'), ...options });
  running.push(simulator);
  return simulator;
}

interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Runs the program to its end. */
const simulate = (...args: string[]): Promise<Ended> => simulateIn(join(root, 'dist'), ...args);

/** Runs the program of another folder to its end. */
async function simulateIn(dist: string, ...args: string[]): Promise<Ended> {
  const child = spawn(process.execPath, [join(dist, 'simulate.cjs'), ...args], {
    env: { ...process.env, HOME: folder.path, XDG_DATA_HOME: folder.path },
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const [code] = await once(child, 'close');
  return { code, stdout, stderr };
}

const configMap = (name: string) => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data: { name } });
const CONFIG_MAPS = '/api/v1/namespaces/default/configmaps';

describe('simulate', () => {
  it('starts without what was compiled ahead, and with what is none', async () => {
    const dist = join(root, 'dist');
    // Within the tree, so that it finds its modules.
    const copy = mkdtempSync(join(dist, '.simulate-test-'));
    try {
      for (const file of ['simulate.cjs', 'simulate-program.cjs']) copyFileSync(join(dist, file), join(copy, file));
      expect(await simulateIn(copy, '--help')).toMatchObject({ code: 0, stdout: expect.stringContaining('--preset') });
      writeFileSync(join(copy, 'simulate-program.cache'), 'compiled by a machine of another world');
      expect(await simulateIn(copy, '--help')).toMatchObject({ code: 0, stdout: expect.stringContaining('--preset') });
    } finally {
      rmSync(copy, { recursive: true });
    }
  });

  it('says where the cluster is, and ends in order', async () => {
    const simulator = await start({ preset: 'course' });
    expect(simulator).toMatchObject({ ready: true, version: expect.stringMatching(/^v1\.35\.\d+$/) });
    expect(simulator.server).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/);
    expect(statSync(simulator.kubeconfig).mode & 0o777).toBe(0o600);
    const client = httpsClient(simulator.kubeconfig);
    const { status, body } = await client.send('GET', '/api/v1/nodes');
    client.close();
    expect(status).toBe(200);
    expect(body.items).toHaveLength(4);
    expect(await simulator.stop()).toBe(0);
  });

  it('keeps strangers out', async () => {
    const { kubeconfig } = await start();
    const nobody = httpsClient(kubeconfig, 'nobody');
    expect(await nobody.send('GET', '/api/v1/pods')).toMatchObject({
      status: 403,
      body: {
        message:
          'pods is forbidden: User "system:anonymous" cannot list resource "pods" in API group "" at the cluster scope',
      },
    });
    expect(await nobody.send('GET', '/api/v1/pods', undefined, { authorization: 'Bearer x' })).toMatchObject({
      status: 401,
      body: { message: 'Unauthorized', reason: 'Unauthorized' },
    });
    expect((await nobody.send('GET', '/version')).status).toBe(200);
    nobody.close();
  });

  it('keeps everything acknowledged when it is killed', async () => {
    const data = join(folder.path, 'data');
    const first = await start({ data });
    const client = httpsClient(first.kubeconfig);
    const acknowledged = new Map<string, string | undefined>();
    let killed: Promise<unknown> | undefined;
    const writer = async (lane: number) => {
      for (let n = 0; killed === undefined; n++) {
        const name = `c-${lane}-${n}`;
        const { status, body } = await client.send('POST', CONFIG_MAPS, configMap(name));
        if (status !== 201) throw new Error(`answered ${status}: ${body.message}`);
        acknowledged.set(name, body.metadata?.uid);
        if (acknowledged.size >= 300) killed ??= first.stop('SIGKILL');
      }
    };
    await Promise.allSettled(Array.from({ length: 8 }, (_, lane) => writer(lane)));
    await killed;
    client.close();
    expect(acknowledged.size).toBeGreaterThanOrEqual(300);

    const written = readFileSync(first.kubeconfig, 'utf8');
    const second = await start({ data, port: Number(new URL(first.server).port) });
    const again = httpsClient(second.kubeconfig);
    const { body } = await again.send('GET', CONFIG_MAPS);
    const items = (body.items ?? []) as { metadata: { name: string; uid: string } }[];
    const there = new Map(items.map(({ metadata }) => [metadata.name, metadata.uid]));
    for (const [name, uid] of acknowledged) expect(there.get(name)).toBe(uid);
    // The kubeconfig of the first run is as good as that of the second.
    expect(readFileSync(second.kubeconfig, 'utf8')).toBe(written);
    again.close();
  });

  it('keeps a damaged data folder aside and starts afresh', async () => {
    const data = join(folder.path, 'data');
    mkdirSync(join(data, 'objects'), { recursive: true });
    writeFileSync(join(data, 'objects', 'objects-v1.mdb'), 'garbage');
    const simulator = await start({ data });
    const aside = readdirSync(data).find((name) => name.startsWith('objects.damaged-')) ?? '';
    expect(readFileSync(join(data, aside, 'objects-v1.mdb'), 'utf8')).toBe('garbage');
    expect(simulator.log()).toContain(join(data, aside));
    expect(simulator.log()).toContain(`${join(data, 'objects')} is damaged`);
  });

  it('says who has the data folder', async () => {
    const data = join(folder.path, 'data');
    const { pid } = await start({ data });
    const { code, stderr } = await simulate('--data', data);
    expect(code).toBe(1);
    expect(stderr).toContain(`the data folder ${data} is in use by the process ${pid}`);
  });

  it('says which port is in use', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const address = other.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const { code, stdout, stderr } = await simulate('--ephemeral', '--port', String(port));
    other.close();
    expect(code).toBe(1);
    expect(stdout).toBe('');
    expect(stderr).toContain(`port ${port} on 127.0.0.1 is in use by another program`);
  });

  it('refuses what it does not understand', async () => {
    const { code, stdout, stderr } = await simulate('--preset', 'big');
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toContain('there is no preset "big": choose one of course, empty');
  });
});
