import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Clients, clientsAvailable, startClients } from '../../support/kubectl';
import { listen } from '../../support/listen';
import { temporaryFolder } from '../../support/paths';
import { type RunningSimulator, startSimulator } from '../../support/simulator';

/** What kubectl speaks: its own choice, and what older clients know. */
const TRANSPORTS = [
  { name: 'WebSocket', env: {} },
  { name: 'SPDY', env: { KUBECTL_REMOTE_COMMAND_WEBSOCKETS: 'false', KUBECTL_PORT_FORWARD_WEBSOCKETS: 'false' } },
];

const PODS = `
apiVersion: v1
kind: Pod
metadata: { name: web, labels: { app: web } }
spec: { containers: [{ name: web, image: nginx, ports: [{ containerPort: 80 }] }] }
---
apiVersion: v1
kind: Service
metadata: { name: web }
spec: { selector: { app: web }, ports: [{ name: http, port: 8080, targetPort: 80 }] }
---
apiVersion: v1
kind: Pod
metadata: { name: ticker }
spec: { containers: [{ name: ticker, image: busybox, command: [sh, -c, "i=0; while true; do i=$((i+1)); echo tick $i; sleep 1; done"] }] }
---
apiVersion: v1
kind: Pod
metadata: { name: shell }
spec: { containers: [{ name: shell, image: busybox, command: [sh], stdin: true, tty: true }] }
---
apiVersion: v1
kind: Pod
metadata: { name: reader }
spec: { restartPolicy: Never, containers: [{ name: reader, image: busybox, command: [sh, -c, "cat; echo done"], stdin: true, stdinOnce: true }] }
`;

describe.skipIf(!clientsAvailable)('streams by kubectl', () => {
  let simulator: RunningSimulator;
  let clients: Clients;

  beforeAll(async () => {
    simulator = await startSimulator({ seed: 1, speed: 10 });
    clients = await startClients(simulator.kubeconfig);
    await succeed(['apply', '-f', '-'], PODS);
    await succeed(['wait', '--for=condition=Ready', 'pods', '--all', '--timeout=60s']);
  }, 120_000);

  afterAll(async () => {
    await clients?.remove();
    await simulator?.stop();
  });

  const succeed = (args: string[], stdin?: string) => clients.succeed(args, stdin);

  /** Starts kubectl and gives what it prints, until it is told to end. */
  const start = (args: string[], env: NodeJS.ProcessEnv) => listen(clients.start(args, env));

  for (const { name, env } of TRANSPORTS) {
    describe(`over ${name}`, () => {
      const kubectl = (args: string[], stdin = '') =>
        new Promise<{ code: number | null; stdout: string; stderr: string }>((resolve, reject) => {
          const child = clients.start(args, env);
          const output = { stdout: '', stderr: '' };
          child.stdout.on('data', (chunk: Buffer) => (output.stdout += chunk.toString()));
          child.stderr.on('data', (chunk: Buffer) => (output.stderr += chunk.toString()));
          child.on('error', reject);
          child.on('close', (code) => resolve({ code, ...output }));
          child.stdin.end(stdin);
        });

      it('runs commands', async () => {
        expect(await kubectl(['exec', '-i', 'web', '--', 'sh', '-c', 'cat; echo no >&2; exit 3'], 'hello\n')).toEqual({
          code: 3,
          stdout: 'hello\n',
          stderr: 'no\ncommand terminated with exit code 3\n',
        });
      });

      it('copies files of any bytes there and back', async () => {
        const folder = await temporaryFolder('copies');
        const bytes = Buffer.from(Array.from({ length: 200_000 }, (_, index) => (index * 7919) % 256));
        await writeFile(join(folder.path, 'there'), bytes);
        expect(await kubectl(['cp', join(folder.path, 'there'), 'web:/tmp/there'])).toMatchObject({ code: 0 });
        expect(await kubectl(['cp', 'web:/tmp/there', join(folder.path, 'back')])).toMatchObject({ code: 0 });
        expect(bytes.equals(await readFile(join(folder.path, 'back')))).toBe(true);
        await folder.remove();
      });

      it('shows what a container goes on to write', async () => {
        const attached = start(['attach', 'ticker'], env);
        await attached.prints(/tick \d+\ntick \d+\n/);
        await attached.stop();
      });

      it('types at a container’s own terminal', async () => {
        const attached = start(['attach', '-i', 'shell'], env);
        attached.child.stdin.write(`echo a$((40 + 2))b\n`);
        await attached.prints(/a42b/);
        await attached.stop();
      });

      it('forwards ports, many at a time, and says what does not answer', async () => {
        const forwarding = start(['port-forward', 'pod/web', ':80', ':81'], env);
        const [, port] = await forwarding.prints(/Forwarding from 127\.0\.0\.1:(\d+) -> 80/);
        const [, dead] = await forwarding.prints(/Forwarding from 127\.0\.0\.1:(\d+) -> 81/);
        const pages = await Promise.all(
          Array.from({ length: 20 }, async () => (await fetch(`http://127.0.0.1:${port}/`)).text()),
        );
        for (const page of pages) expect(page).toContain('Welcome to nginx!');
        await expect(fetch(`http://127.0.0.1:${dead}/`)).rejects.toThrow();
        await forwarding.prints(
          /an error occurred forwarding \d+ -> 81: error forwarding port 81 to pod .*connection refused/,
        );
        await forwarding.stop();
      });

      it('forwards a service’s port', async () => {
        const forwarding = start(['port-forward', 'service/web', ':8080'], env);
        const [, port] = await forwarding.prints(/Forwarding from 127\.0\.0\.1:(\d+) -> 80/);
        expect(await (await fetch(`http://127.0.0.1:${port}/`)).text()).toContain('Welcome to nginx!');
        await forwarding.stop();
      });
    });
  }

  it('ends the input of a container that reads it once', async () => {
    const result = await clients.kubectl(['attach', '-i', 'reader'], { stdin: 'one\ntwo\n' });
    expect(result.stdout).toContain('one\ntwo\ndone\n');
    await succeed(['wait', '--for=jsonpath={.status.phase}=Succeeded', 'pod/reader', '--timeout=30s']);
    expect(await succeed(['logs', 'reader'])).toBe('one\ntwo\ndone\n');
  });

  it('runs a pod at a terminal and takes it away', async () => {
    const run = [
      'run',
      'once',
      '-i',
      '--rm',
      '--restart=Never',
      '--image=busybox',
      '--',
      'sh',
      '-c',
      'read x; echo got $x',
    ];
    const result = await clients.kubectl(run, { stdin: 'this\n', timeout: 60_000 });
    expect(result.stdout).toContain('got this\n');
    expect(result.stdout).toContain('pod "once" deleted');
  });

  it('reaches pods and services through the API server', async () => {
    const page = (path: string) => succeed(['get', '--raw', `/api/v1/namespaces/default/${path}`]);
    expect(await page('pods/web/proxy/')).toContain('Welcome to nginx!');
    expect(await page('pods/web:80/proxy/')).toContain('Welcome to nginx!');
    expect(await page('services/web:8080/proxy/')).toContain('Welcome to nginx!');
    expect(await page('services/web:http/proxy/')).toContain('Welcome to nginx!');
    const refused = async (path: string) =>
      (await clients.kubectl(['get', '--raw', `/api/v1/namespaces/default/${path}`])).stderr;
    expect(await refused('services/web:81/proxy/')).toContain('no service port 81 found for service "web"');
    expect(await refused('pods/web:81/proxy/')).toContain('error trying to reach service: dial tcp');
    expect(await refused('pods/web:http/proxy/')).toContain('lookup tcp/http: unknown port');
    expect(await refused('pods/nobody/proxy/')).toContain('pods "nobody" not found');
  });

  it('reaches them through kubectl’s own proxy', async () => {
    const free = createServer().listen(0, '127.0.0.1');
    await once(free, 'listening');
    const address = free.address();
    free.close();
    await once(free, 'close');
    if (address === null || typeof address === 'string') throw new Error('no port');
    const proxy = start(['proxy', `--port=${address.port}`], {});
    await proxy.prints(/Starting to serve/);
    const answer = await fetch(`http://127.0.0.1:${address.port}/api/v1/namespaces/default/services/web:http/proxy`);
    expect(answer.redirected).toBe(true);
    expect(await answer.text()).toContain('Welcome to nginx!');
    await proxy.stop();
  });
});
