import { afterEach, expect, test } from 'vitest';
import { Connection } from '../../../electron/clusters/connection/connection';
import { streamRows } from '../../../electron/clusters/watches/rows';
import { WatchPool } from '../../../electron/clusters/watches/watch-pool';
import type { RowsEvent, RowsQuery } from '../../../shared/contract/rows';
import type { Row } from '../../../shared/kinds/kind';
import { ListWatchServer, sendStatus } from '../../support/list-watch-server';
import { configMap, noBackoff, pod } from './support';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function cluster() {
  const server = await ListWatchServer.start();
  const connection = new Connection(() => server.kubeConfig(), { backoff: noBackoff });
  connection.check();
  const pool = new WatchPool(connection, { backoff: noBackoff, linger: 60_000 });
  cleanups.push(async () => {
    pool.close();
    connection.close();
    await server.close();
  });
  return { server, pool, connection };
}

const always = { room: () => Promise.resolve() };

/** Reads a stream of rows into a table, as the renderer does. */
class Table {
  readonly rows = new Map<string, Row>();
  readonly events: RowsEvent[] = [];
  private readonly stopped = new AbortController();
  private readonly stream: AsyncGenerator<RowsEvent, void>;

  constructor(pool: WatchPool, query: RowsQuery, pacing = always) {
    this.stream = streamRows(pool, query, pacing, this.stopped.signal);
    cleanups.push(() => this.stop());
  }

  /** Reads until the condition holds after an event. */
  async until(condition: (event: RowsEvent) => boolean): Promise<void> {
    for (;;) {
      const { value } = await this.stream.next();
      if (value === undefined) throw new Error('the stream ended');
      this.events.push(value);
      if (value.type === 'rows') {
        for (const row of value.changed) this.rows.set(row.id, row);
        for (const id of value.removed) this.rows.delete(id);
      }
      if (condition(value)) return;
    }
  }

  async stop(): Promise<void> {
    this.stopped.abort();
    await this.stream.return();
  }

  get names(): string[] {
    return [...this.rows.values()].map((row) => row.name).sort();
  }
}

const synced = (event: RowsEvent) => event.type === 'synced';

test('begins with a reset, sends all rows in batches, says when they are complete', async () => {
  const { server, pool } = await cluster();
  for (let index = 0; index < 1200; index += 1) server.put(configMap(`c${index}`));
  const table = new Table(pool, { kind: 'configmaps' });
  await table.until(synced);
  expect(table.events[0]).toEqual({ type: 'reset' });
  expect(table.rows.size).toBe(1200);
  for (const event of table.events) {
    if (event.type === 'rows') expect(event.changed.length + event.removed.length).toBeLessThanOrEqual(500);
  }
});

test('sends changes and removals', async () => {
  const { server, pool } = await cluster();
  server.put(configMap('a'));
  server.put(configMap('b'));
  const table = new Table(pool, { kind: 'configmaps' });
  await table.until(synced);
  server.put(configMap('c'));
  server.remove(configMap('a'));
  await table.until(() => table.names.join() === 'b,c');
});

test('a second table gets the rows from the watch that runs already', async () => {
  const { server, pool } = await cluster();
  server.put(configMap('a'));
  await new Table(pool, { kind: 'configmaps' }).until(synced);
  const second = new Table(pool, { kind: 'configmaps' });
  await second.until(synced);
  expect(second.names).toEqual(['a']);
  const third = new Table(pool, { kind: 'configmaps', namespaces: ['default'] });
  await third.until(synced);
  expect(third.names).toEqual(['a']);
  expect(server.listRequests).toHaveLength(1);
  expect(server.watching).toBe(1);
});

test('several namespaces are one table', async () => {
  const { server, pool } = await cluster();
  for (const namespace of ['one', 'two', 'three']) server.put(configMap(`in-${namespace}`, namespace));
  const table = new Table(pool, { kind: 'configmaps', namespaces: ['one', 'two'] });
  await table.until(synced);
  expect(table.names).toEqual(['in-one', 'in-two']);
  expect(server.listRequests.map((url) => url.pathname).sort()).toEqual([
    '/api/v1/namespaces/one/configmaps',
    '/api/v1/namespaces/two/configmaps',
  ]);
});

test('a reader who is slow gets the last state of each row once, however often it changed', async () => {
  const { server, pool } = await cluster();
  let open: () => void = () => undefined;
  let gate = Promise.resolve();
  const slow = { room: () => gate };
  const table = new Table(pool, { kind: 'configmaps' }, slow);
  await table.until(synced);
  const watcher = new Table(pool, { kind: 'configmaps' });
  await watcher.until(synced);
  gate = new Promise<void>((resolve) => {
    open = resolve;
  });
  const before = table.events.length;
  const reading = table.until(() => [...table.rows.values()].some((row) => row.labels.includes('round=99')));
  for (let round = 0; round < 100; round += 1) {
    const object = configMap('busy');
    object.metadata.labels = { round: String(round) };
    server.put(object);
  }
  await watcher.until(() => [...watcher.rows.values()].some((row) => row.labels.includes('round=99')));
  open();
  await reading;
  expect(table.events.length - before).toBe(1);
});

test('an outage is told, and its end', async () => {
  const { server, pool } = await cluster();
  server.put(configMap('a'));
  server.put(configMap('b'));
  const table = new Table(pool, { kind: 'configmaps' });
  await table.until(synced);
  await server.suspend();
  await table.until((event) => event.type === 'problem');
  expect(table.names).toEqual(['a', 'b']);
  server.remove(configMap('a'));
  server.forgetHistory();
  await server.resume();
  await table.until(synced);
  if (table.names.length > 1) await table.until(() => table.names.join() === 'b');
  expect(table.events.filter((event) => event.type === 'reset')).toHaveLength(1);
});

test('what is forbidden is told as it is', async () => {
  const { server, pool } = await cluster();
  server.override = (url, _request, response) => {
    if (url.pathname === '/version') return false;
    sendStatus(response, 403, 'Forbidden', 'pods is forbidden');
    return true;
  };
  const table = new Table(pool, { kind: 'pods' });
  await table.until((event) => event.type === 'problem');
  expect(table.events.at(-1)).toEqual({
    type: 'problem',
    problem: { type: 'forbidden', message: 'pods is forbidden' },
  });
});

/** Allows a list in some namespaces only, and says which exist to who may know. */
function allowOnly(server: ListWatchServer, allowed: readonly string[], existing?: readonly string[]): void {
  server.override = (url, _request, response) => {
    if (url.pathname === '/version') return false;
    if (url.pathname === '/api/v1/namespaces' && existing !== undefined && !url.searchParams.has('watch')) {
      const items = existing.map((name) => ({ metadata: { name, uid: name } }));
      response.writeHead(200).end(JSON.stringify({ metadata: { resourceVersion: '1' }, items }));
      return true;
    }
    if (url.pathname === '/api/v1/namespaces' && existing !== undefined) return false;
    if (allowed.some((namespace) => url.pathname === `/api/v1/namespaces/${namespace}/configmaps`)) return false;
    sendStatus(response, 403, 'Forbidden', `${url.pathname} is forbidden`);
    return true;
  };
}

test('who may not read all namespaces gets those that they may read, and is told so', async () => {
  const { server, pool } = await cluster();
  for (const namespace of ['one', 'two', 'three']) server.put(configMap(`in-${namespace}`, namespace));
  allowOnly(server, ['one', 'two'], ['one', 'two', 'three']);
  const table = new Table(pool, { kind: 'configmaps' });
  await table.until(synced);
  expect(table.names).toEqual(['in-one', 'in-two']);
  expect(table.events.at(-1)).toMatchObject({ type: 'synced', only: ['one', 'two'] });
  expect(table.events.filter((event) => event.type === 'problem')).toEqual([]);
});

test("who may not list the namespaces either gets the context's own", async () => {
  const { server, pool } = await cluster();
  server.put(configMap('mine', 'default'));
  server.put(configMap('theirs', 'other'));
  allowOnly(server, ['default']);
  const table = new Table(pool, { kind: 'configmaps' });
  await table.until(synced);
  expect(table.names).toEqual(['mine']);
  expect(table.events.at(-1)).toMatchObject({ type: 'synced', only: ['default'] });
});

test('an object that its columns cannot read is a row that says so', async () => {
  const { server, pool } = await cluster();
  const odd = pod('odd');
  server.put({ ...odd, status: { phase: 'Running', containerStatuses: [null] } } as unknown as typeof odd);
  server.put(pod('fine'));
  const table = new Table(pool, { kind: 'pods' });
  await table.until(synced);
  expect(table.names).toEqual(['fine', 'odd']);
  const row = [...table.rows.values()].find(({ name }) => name === 'odd');
  expect(row?.health).toBe('warning');
});

test('a kind that nobody knows is an error', async () => {
  const { pool } = await cluster();
  await expect(new Table(pool, { kind: 'unicorns' }).until(synced)).rejects.toMatchObject({ code: 'NOT_FOUND' });
});

test('the watch ends when nobody has read it for a while', async () => {
  const { server, connection } = await cluster();
  const pool = new WatchPool(connection, { backoff: noBackoff, linger: 1 });
  cleanups.push(() => pool.close());
  const table = new Table(pool, { kind: 'configmaps' });
  await table.until(synced);
  await table.stop();
  await expect.poll(() => server.watching).toBe(0);
});
