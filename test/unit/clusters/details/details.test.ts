import { afterEach, expect, test } from 'vitest';
import { Connection } from '../../../../electron/clusters/connection/connection';
import { streamObjectEvents } from '../../../../electron/clusters/details/events';
import { streamObject } from '../../../../electron/clusters/details/object';
import { streamRelated } from '../../../../electron/clusters/details/related';
import { revealSecret } from '../../../../electron/clusters/details/secret';
import { streamSummary } from '../../../../electron/clusters/details/summary';
import { WatchPool } from '../../../../electron/clusters/watches/watch-pool';
import type { KubeObject } from '../../../../shared/kubernetes/objects';
import { ListWatchServer, sendStatus } from '../../../support/list-watch-server';
import { configMap, noBackoff, pod } from '../support';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function cluster() {
  const server = await ListWatchServer.start();
  const connection = new Connection(() => server.kubeConfig(), { backoff: noBackoff });
  connection.check();
  const pool = new WatchPool(connection, { backoff: noBackoff });
  const ended = new AbortController();
  cleanups.push(async () => {
    ended.abort();
    pool.close();
    connection.close();
    await server.close();
  });
  return { server, connection, pool, signal: ended.signal };
}

/** The first value of a stream that a test likes. */
async function first<T>(stream: AsyncGenerator<T, void>, likes: (value: T) => boolean): Promise<T> {
  for (;;) {
    const { value } = await stream.next();
    if (value === undefined) throw new Error('the stream ended');
    if (likes(value)) return value;
  }
}

const reference = { kind: 'configmaps', namespace: 'default', name: 'a' };

test('an object is told with its YAML, with each change, and when it is gone', async () => {
  const { server, connection, signal } = await cluster();
  const object = configMap('a', 'default', { key: 'one' });
  object.metadata.managedFields = [{ manager: 'kubectl' }];
  server.put(object);
  const stream = streamObject(connection, reference, signal);
  const told = await first(stream, (event) => event.type === 'object');
  if (told.type !== 'object') throw new Error('not an object');
  expect(told.yaml).toMatch(/^apiVersion: v1\nkind: ConfigMap\nmetadata:\n/);
  expect(told.yaml).not.toContain('managedFields');
  server.put(configMap('a', 'default', { key: 'two' }));
  await first(stream, (event) => event.type === 'object' && event.yaml.includes('key: two'));
  server.remove(configMap('a'));
  await first(stream, (event) => event.type === 'deleted');
  server.put(configMap('a', 'default', { key: 'three' }));
  await first(stream, (event) => event.type === 'object' && event.yaml.includes('key: three'));
  expect(server.watchRequests[0]?.get('fieldSelector')).toBe('metadata.name=a');
});

test('an object that is not there is told as such', async () => {
  const { connection, signal } = await cluster();
  const stream = streamObject(connection, reference, signal);
  await first(stream, (event) => event.type === 'deleted');
});

test('an outage is told, and the object again after it', async () => {
  const { server, connection, signal } = await cluster();
  server.put(configMap('a'));
  const stream = streamObject(connection, reference, signal);
  await first(stream, (event) => event.type === 'object');
  await server.suspend();
  await first(stream, (event) => event.type === 'problem');
  await server.resume();
  await first(stream, (event) => event.type === 'object');
});

test('values of a Secret come only when asked for', async () => {
  const { server, connection, signal } = await cluster();
  const secret = configMap('a', 'default', { password: Buffer.from('hunter2').toString('base64'), raw: '//79' });
  server.put(secret);
  const stream = streamObject(connection, { ...reference, kind: 'secrets' }, signal);
  const told = await first(stream, (event) => event.type === 'object');
  expect(JSON.stringify(told)).toContain('password');
  expect(JSON.stringify(told)).not.toContain(secret.data?.password);
  server.override = (url, _request, response) => {
    if (url.pathname !== '/api/v1/namespaces/default/secrets/a') return false;
    response.writeHead(200).end(JSON.stringify(secret));
    return true;
  };
  const reveal = (key: string) => revealSecret(connection, { namespace: 'default', name: 'a', key });
  expect(await reveal('password')).toEqual({ value: 'hunter2', encoding: 'text' });
  expect(await reveal('raw')).toEqual({ value: '//79', encoding: 'base64' });
  await expect(reveal('none')).rejects.toMatchObject({ code: 'NOT_FOUND' });
  server.override = (_url, _request, response) => {
    sendStatus(response, 403, 'Forbidden', 'secrets "a" is forbidden');
    return true;
  };
  await expect(reveal('password')).rejects.toMatchObject({ code: 'FORBIDDEN', message: 'secrets "a" is forbidden' });
});

function eventOf(name: string, fields: object): KubeObject {
  return { metadata: { name, namespace: 'default', uid: `uid-${name}` }, ...fields };
}

test("an object's events are the newest first, in both of their forms", async () => {
  const { server, connection, signal } = await cluster();
  // The server knows no kinds and no field selectors: what has no reason is the object itself.
  server.put(configMap('a'));
  const stream = streamObjectEvents(connection, reference, signal);
  server.put(
    eventOf('old', {
      type: 'Warning',
      reason: 'BackOff',
      message: 'again',
      count: 5,
      firstTimestamp: '2026-01-01T00:00:00Z',
      lastTimestamp: '2026-01-01T00:05:00Z',
      source: { component: 'kubelet' },
    }),
  );
  server.put(
    eventOf('new', {
      type: 'Normal',
      reason: 'Scheduled',
      message: 'assigned',
      eventTime: '2026-01-01T00:06:00.000000Z',
      reportingComponent: 'default-scheduler',
    }),
  );
  const list = await first(stream, (events) => events.filter(({ reason }) => reason !== '').length === 2);
  expect(list.slice(0, 2)).toEqual([
    {
      id: 'uid-new',
      type: 'Normal',
      reason: 'Scheduled',
      message: 'assigned',
      count: 1,
      first: Date.parse('2026-01-01T00:06:00Z'),
      last: Date.parse('2026-01-01T00:06:00Z'),
      source: 'default-scheduler',
    },
    {
      id: 'uid-old',
      type: 'Warning',
      reason: 'BackOff',
      message: 'again',
      count: 5,
      first: Date.parse('2026-01-01T00:00:00Z'),
      last: Date.parse('2026-01-01T00:05:00Z'),
      source: 'kubelet',
    },
  ]);
  const selectors = server.listRequests.map(({ searchParams }) => searchParams.get('fieldSelector'));
  expect(selectors).toContain('involvedObject.uid=uid-default-a');
});

test('a pod is related to its owner and to what it names, whether that exists or not', async () => {
  const { server, connection, pool, signal } = await cluster();
  const web = pod('web', { owner: 'rs' });
  web.spec = { ...web.spec, containers: [], serviceAccountName: 'robot' };
  server.override = (url, _request, response) => {
    // One collection only: the other kinds are empty here.
    if (url.pathname === '/version' || url.pathname.endsWith('/pods') || url.searchParams.has('watch')) return false;
    response.writeHead(200).end(JSON.stringify({ metadata: { resourceVersion: '1' }, items: [] }));
    return true;
  };
  server.put(web);
  const stream = streamRelated(connection, pool, { kind: 'pods', namespace: 'default', name: 'web' }, signal);
  const related = await first(stream, (list) => list.length === 2 && list.every(({ health }) => health === undefined));
  expect(related).toEqual([
    { role: 'Owner', kind: 'replicasets.apps', namespace: 'default', name: 'rs' },
    { role: 'Service account', kind: 'serviceaccounts', namespace: 'default', name: 'robot' },
  ]);
});

test('a summary counts by health, and follows', async () => {
  const { server, pool, signal } = await cluster();
  server.put(pod('a'));
  server.put(pod('b', { phase: 'Failed' }));
  server.put(pod('c', { namespace: 'other' }));
  const all = streamSummary(pool, { kinds: ['pods', 'unicorns'] }, signal);
  const counted = await first(all, ([summary]) => summary?.total === 3);
  expect(counted).toHaveLength(1);
  expect(counted[0]?.health.ok).toBe(2);
  const some = streamSummary(pool, { kinds: ['pods'], namespaces: ['other'] }, signal);
  await first(some, ([summary]) => summary?.total === 1);
  server.remove(pod('a'));
  const after = await first(all, ([summary]) => summary?.total === 2);
  expect(after[0]?.health.ok).toBe(1);
});
