import { once } from 'node:events';
import { connect, type TLSSocket } from 'node:tls';
import type { HttpsApi } from '../support/https-api';
import { startManyNodes } from './cluster';
import { elapsed, quantile, type Report, round } from './figures';
import { createPods, inParallel } from './load';

const PODS = 10_000;
const WATCHERS = 1_000;
const IDLE = 10_000;

/** Writes a second from one client and from sixteen, and a list of ten thousand pods against one of a thousand. */
export async function writesAndLists(report: Report): Promise<void> {
  const cluster = await startManyNodes(1);
  const { api } = cluster;
  try {
    report('writes from 1 client', await writesPerSecond(api, 'one', 1_000, 1), 'writes/s');
    report('writes from 16 clients', await writesPerSecond(api, 'many', 4_000, 16), 'writes/s');
    await createPods(api, PODS / 10);
    const few = await listTimes(api);
    const single = await singleTimes(api);
    await createPods(api, PODS, PODS / 10);
    const many = await listTimes(api);
    report(`list of ${PODS} pods, median`, round(quantile(many, 0.5)), 'ms');
    report(`list of ${PODS} pods, p99`, round(quantile(many, 0.99)), 'ms');
    report('list of ten times the pods', round(quantile(many, 0.5) / quantile(few, 0.5)), 'times');
    const after = await singleTimes(api);
    for (const [what, times] of Object.entries(after)) {
      report(`${what} one pod of ${PODS}, median`, round(quantile(times, 0.5)), 'ms');
      const before = single[what as keyof typeof single];
      report(`${what} one pod of ten times as many`, round(quantile(times, 0.5) / quantile(before, 0.5)), 'times');
    }
  } finally {
    await cluster.stop();
  }
}

/** From a write to the last of many watchers that hear of it. */
export async function watchFanOut(report: Report): Promise<void> {
  const cluster = await startManyNodes(1);
  const { api } = cluster;
  const stops: (() => void)[] = [];
  const samples: number[] = [];
  try {
    const events = new EventTarget();
    let heard = 0;
    for (let index = 0; index < WATCHERS; index++) {
      const stop = await api.watch('/api/v1/namespaces/default/configmaps?watch=true&resourceVersion=0', (line) => {
        if (line.includes('"name":"told-') && ++heard % WATCHERS === 0) events.dispatchEvent(new Event('all'));
      });
      stops.push(stop);
    }
    for (let index = 0; index < 50; index++) {
      const all = once(events, 'all', { signal: AbortSignal.timeout(30_000) });
      samples.push(await elapsed(() => Promise.all([all, createConfigMap(api, `told-${index}`)])));
    }
  } finally {
    for (const stop of stops) stop();
    await cluster.stop();
  }
  report(`write to the last of ${WATCHERS} watchers, median`, round(quantile(samples, 0.5)), 'ms');
  report(`write to the last of ${WATCHERS} watchers, p95`, round(quantile(samples, 0.95)), 'ms');
}

/** What connections cost that say nothing, and whether others wait for their answers meanwhile. */
export async function idleConnections(report: Report): Promise<void> {
  const cluster = await startManyNodes(1);
  const { api } = cluster;
  const idle: TLSSocket[] = [];
  try {
    const alone = await singleReads(api);
    const before = await cluster.usage();
    const { hostname, port } = new URL(api.server);
    await inParallel(16, IDLE, async () => {
      const socket = connect({ host: hostname, port: Number(port), rejectUnauthorized: false });
      idle.push(socket);
      await once(socket, 'secureConnect');
    });
    const after = await cluster.usage();
    report(`each of ${IDLE} idle connections`, round((1024 * (after.memory - before.memory)) / IDLE), 'KB');
    const among = await singleReads(api);
    report(`a read among ${IDLE} idle connections`, round(quantile(among, 0.5) / quantile(alone, 0.5)), 'times');
  } finally {
    for (const socket of idle) socket.destroy();
    await cluster.stop();
  }
}

async function singleReads(api: HttpsApi): Promise<number[]> {
  const times: number[] = [];
  for (let index = 0; index < 200; index++) times.push(await elapsed(() => api.read('/api/v1/namespaces/default')));
  return times;
}

async function writesPerSecond(api: HttpsApi, prefix: string, count: number, clients: number): Promise<number> {
  const milliseconds = await elapsed(() =>
    inParallel(clients, count, (index) => createConfigMap(api, `${prefix}-${index}`)),
  );
  return Math.round((count / milliseconds) * 1000);
}

async function listTimes(api: HttpsApi): Promise<number[]> {
  const samples: number[] = [];
  for (let index = 0; index < 30; index++) samples.push(await elapsed(() => api.read('/api/v1/pods')));
  return samples;
}

/** What concerns one pod, which need not depend on how many there are. */
async function singleTimes(api: HttpsApi): Promise<{ get: number[]; patch: number[] }> {
  const path = '/api/v1/namespaces/default/pods/pod-00500';
  const times = { get: [] as number[], patch: [] as number[] };
  for (let index = 0; index < 200; index++) {
    times.get.push(await elapsed(() => api.read(path)));
    const patch = { metadata: { labels: { turn: String(index) } } };
    times.patch.push(await elapsed(() => api.send('PATCH', path, patch)));
  }
  return times;
}

function createConfigMap(api: HttpsApi, name: string): Promise<unknown> {
  const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data: { a: '1' } };
  return api.send('POST', '/api/v1/namespaces/default/configmaps', object);
}
