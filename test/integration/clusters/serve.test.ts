import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { RowsEvent } from '../../../shared/contract/rows';
import type { Row } from '../../../shared/kinds/kind';
import { BrowserClient } from '../../support/browser-client';
import { build } from '../../support/build';
import { ListWatchServer } from '../../support/list-watch-server';
import { root, temporaryFolder } from '../../support/paths';
import { pod } from '../../unit/clusters/support';

let cluster: ListWatchServer;
let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let server: ChildProcess;
let url: string;
const browsers: BrowserClient[] = [];

beforeAll(async () => {
  await build('serve', 'connection', 'simulate', 'renderer');
  folder = await temporaryFolder('serve');
  cluster = await ListWatchServer.start();
  for (let index = 0; index < 1000; index += 1) cluster.put(pod(`pod-${index}`));
  await writeFile(join(folder.path, 'config'), cluster.kubeConfig().exportConfig());
});
afterAll(async () => {
  await cluster.close();
  await folder.remove();
});

async function serve(...args: string[]): Promise<void> {
  server = spawn(process.execPath, [join(root, 'dist', 'serve.cjs'), `--user-data-dir=${folder.path}`, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, HOME: folder.path, KUBECONFIG: join(folder.path, 'config') },
  });
  if (server.stdout === null) throw new Error('no standard output');
  const [line] = await once(createInterface(server.stdout), 'line');
  url = /http:\S+/.exec(String(line))?.[0] ?? '';
}

afterEach(async () => {
  for (const browser of browsers.splice(0)) browser.close();
  if (server.exitCode === null) {
    const ended = once(server, 'exit');
    server.kill('SIGTERM');
    await ended;
  }
});

async function enter(): Promise<BrowserClient> {
  const browser = await BrowserClient.enter(url);
  browsers.push(browser);
  return browser;
}

async function first<T>(stream: AsyncIterable<T>): Promise<T> {
  for await (const value of stream) return value;
  throw new Error('the stream ended');
}

/** The status of a request that a browser would not make. */
function status(path: string, headers: Record<string, string>): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const asked = request(new URL(path, url), { headers }, (response) => {
      let body = '';
      response.on('data', (chunk) => {
        body += chunk;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body }));
    });
    asked.on('error', reject).end();
  });
}

test('a page gets rows through the server from the connection in its own process', async () => {
  await serve('--simulator=off');
  const browser = await enter();
  const app = browser.app();
  expect(await app.info()).toMatchObject({ runtime: 'Browser', fallbackRuntime: false });
  const { contexts } = await first(await app.catalog());
  const context = contexts[0];
  expect(context).toMatchObject({ name: 'test', server: `https://127.0.0.1:${cluster.port}` });
  expect(JSON.stringify(context)).not.toContain('secret-token');
  const connection = await browser.connection(context?.id ?? '');
  const stream = await connection.rows({ kind: 'pods' });
  const rows = new Map<string, Row>();
  const until = async (condition: (event: RowsEvent) => boolean) => {
    for await (const event of { [Symbol.asyncIterator]: () => ({ next: () => stream.next() }) }) {
      if (event.type === 'rows') for (const row of event.changed) rows.set(row.id, row);
      if (condition(event)) return;
    }
  };
  await until((event) => event.type === 'synced');
  expect(rows.size).toBe(1000);
  cluster.put(pod('new'));
  await until(() => rows.size === 1001);
  await app.disconnect({ contextId: context?.id ?? '' });
  await expect(stream.next()).rejects.toThrow();
  await expect.poll(() => cluster.watching).toBe(0);
});

test('requests that make no sense are refused with what is wrong', async () => {
  await serve('--simulator=off');
  const browser = await enter();
  await expect(browser.app().connect({ contextId: '' })).rejects.toMatchObject({ code: 'BAD_REQUEST' });
  await expect(browser.app().connect({ contextId: 'none' })).rejects.toMatchObject({ code: 'NOT_FOUND' });
});

test('nobody without the token gets an answer', async () => {
  await serve('--simulator=off');
  const empty = { status: 403, body: '' };
  expect(await status('/', {})).toEqual(empty);
  expect(await status('/assets/none.js', {})).toEqual(empty);
  expect(await status(`${url}`, { host: 'evil.example' })).toEqual(empty);
  const { cookie, origin } = await enter();
  expect(await status(url, {})).toEqual(empty);
  expect(await status('/', { cookie })).toMatchObject({ status: 200 });
  expect(await status('/', { cookie, origin: 'http://evil.example' })).toEqual(empty);
  const upgrade = { connection: 'Upgrade', upgrade: 'websocket', 'sec-websocket-version': '13' };
  const key = { 'sec-websocket-key': 'AAAAAAAAAAAAAAAAAAAAAA==' };
  expect(await status('/port/app', { ...upgrade, ...key, origin })).toEqual(empty);
  expect(await status('/port/app', { ...upgrade, ...key, cookie, origin: 'http://evil.example' })).toEqual(empty);
});

test('nothing outside of the renderer is served', async () => {
  await serve('--simulator=off');
  const { cookie } = await enter();
  for (const path of ['/../main.cjs', '/..%2fmain.cjs', '/%2e%2e/package.json', '/assets/%00.js']) {
    expect(await status(path, { cookie })).toMatchObject({ body: '' });
  }
});

test('a port in use is said in one line', async () => {
  await serve('--simulator=off');
  const { port } = new URL(url);
  const second = spawn(process.execPath, [join(root, 'dist', 'serve.cjs'), '--simulator=off', '--port', port], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, HOME: folder.path },
  });
  let said = '';
  second.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  const [code] = await once(second, 'close');
  expect(code).toBe(1);
  expect(said).toBe(`Porthole cannot serve: port ${port} on 127.0.0.1 is in use\n`);
});

test('the simulated cluster is there with its context, and ends with the server', async () => {
  await serve('--simulator=ephemeral');
  const browser = await enter();
  const states = await browser.app().simulator();
  let running: string | undefined;
  for await (const state of states) {
    if (state.state === 'failed') throw new Error(state.message);
    if (state.state === 'running') {
      running = state.contextId;
      break;
    }
  }
  const connection = await browser.connection(running ?? '');
  for await (const event of await connection.rows({ kind: 'nodes' })) {
    if (event.type === 'rows' && event.changed.length > 0) break;
    if (event.type === 'problem') throw new Error(event.problem.message);
  }
  for await (const [nodes] of await connection.summary({ kinds: ['nodes'] })) if (nodes?.total === 4) break;
  const ended = once(server, 'exit');
  server.kill('SIGTERM');
  expect((await ended)[0]).toBe(0);
});
