import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Backend, DurableChange } from '../../../../../electron/simulator/apiserver/storage/backend';
import type { Change } from '../../../../../electron/simulator/apiserver/storage/change';
import { memoryBackend } from '../../../../../electron/simulator/apiserver/storage/memory-backend';
import { Store } from '../../../../../electron/simulator/apiserver/storage/store';
import type { Table } from '../../../../../electron/simulator/apiserver/storage/table';
import { silentLog } from '../../../../../electron/simulator/log';
import type { KubeObject } from '../../../../../shared/kubernetes/objects';

const object = (name: string, value = 0): KubeObject & { value: number } => ({ metadata: { name }, value });
const turn = () => new Promise<void>((resolve) => setImmediate(resolve));
const keys = (entries: Iterable<{ key: string }> | undefined) => [...(entries ?? [])].map((entry) => entry.key);

type Step = { readonly op: 'put' | 'remove'; readonly key: string; readonly value: number };

const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.record({
    op: fc.constantFrom('put', 'put', 'remove'),
    key: fc.constantFrom('a/1', 'a/2', 'b/1', 'b/2', 'b/3', 'c/1'),
    value: fc.nat(100),
  }),
  { maxLength: 40 },
);

function run(table: Table, step: Step): void {
  if (step.op === 'put') table.put(step.key, object(step.key, step.value));
  else table.remove(step.key);
}

describe('the store', () => {
  it('counts revisions over all tables', () => {
    const store = new Store(memoryBackend(), silentLog);
    const first = store.table('', 'pods').put('a/p', object('p'));
    const second = store.table('apps', 'deployments').put('a/d', object('d'));
    expect(second.revision).toBe(first.revision + 1);
    expect(store.revision).toBe(second.revision);
    expect(second.object.metadata.resourceVersion).toBe(String(second.revision));
  });

  it('is at every moment what a plain map would be, in order, and remembers every earlier moment', () => {
    fc.assert(
      fc.property(steps, (sequence) => {
        const store = new Store(memoryBackend(), silentLog);
        const table = store.table('', 'pods');
        const model = new Map<string, number>();
        const past: { revision: number; state: [string, number][] }[] = [];
        for (const step of sequence) {
          run(table, step);
          if (step.op === 'put') model.set(step.key, step.value);
          else model.delete(step.key);
          past.push({ revision: store.revision, state: [...model].sort(([a], [b]) => (a < b ? -1 : 1)) });
        }
        const read = (entries: Iterable<{ key: string; object: KubeObject }> | undefined) =>
          [...(entries ?? [])].map(({ key, object }) => [key, (object as { value?: number }).value]);
        expect(read(table.list())).toEqual(past.at(-1)?.state ?? []);
        expect(read(table.list('b/'))).toEqual((past.at(-1)?.state ?? []).filter(([key]) => key.startsWith('b/')));
        for (const { revision, state } of past) {
          expect(read(table.listAt(revision))).toEqual(state);
          expect(read(table.listAt(revision, 'b/', 'b/2'))).toEqual(
            state.filter(([key]) => key.startsWith('b/') && key >= 'b/2'),
          );
        }
      }),
      { seed: 3, numRuns: 200 },
    );
  });

  it('tells a watcher, from any version on, exactly what leads to the present state', async () => {
    await fc.assert(
      fc.asyncProperty(steps, steps, async (before, after) => {
        const store = new Store(memoryBackend(), silentLog);
        const table = store.table('', 'pods');
        for (const step of before) run(table, step);
        const state = new Map([...table.list()].map((stored) => [stored.key, stored.json]));
        const revision = store.revision;
        for (const step of after.slice(0, after.length / 2)) run(table, step);
        const revisions: number[] = [];
        table.watch('', revision, {
          change({ type, current }) {
            revisions.push(current.revision);
            if (type === 'DELETED') state.delete(current.key);
            else state.set(current.key, current.json);
          },
        });
        for (const step of after.slice(after.length / 2)) run(table, step);
        await turn();
        expect([...state].sort()).toEqual([...table.list()].map((stored) => [stored.key, stored.json]).sort());
        expect(revisions).toEqual([...new Set(revisions)].sort((a, b) => a - b));
      }),
      { seed: 5, numRuns: 200 },
    );
  });

  it('tells the present state first when asked, then changes, and nothing once stopped', async () => {
    const store = new Store(memoryBackend(), silentLog);
    const table = store.table('', 'pods');
    table.put('a/1', object('1'));
    const seen: string[] = [];
    const stop = table.watch('a/', undefined, {
      initial: (objects) => seen.push(`initial ${keys(objects)}`),
      change: ({ type, key }: Change) => seen.push(`${type} ${key}`),
    });
    table.put('a/2', object('2'));
    table.put('b/1', object('1'));
    expect(seen).toEqual([]);
    await turn();
    expect(seen).toEqual(['initial a/1', 'ADDED a/2']);
    table.put('a/3', object('3'));
    stop?.();
    await turn();
    expect(seen).toHaveLength(2);
  });

  it('lets one watcher fail alone', async () => {
    const errors: unknown[] = [];
    const store = new Store(memoryBackend(), { info: () => {}, error: (_, error) => errors.push(error) });
    const table = store.table('', 'pods');
    let heard = 0;
    table.watch('', undefined, {
      change: () => {
        throw new Error('broken');
      },
    });
    table.put('a/1', object('1'));
    await turn();
    table.watch('', store.revision, { change: () => heard++ });
    table.put('a/2', object('2'));
    await turn();
    expect(errors).toHaveLength(2);
    expect(heard).toBe(1);
  });

  it('forgets the oldest changes, and says so', () => {
    const store = new Store(memoryBackend(), silentLog);
    const table = store.table('', 'pods');
    for (let i = 0; i < 10_050; i++) table.put('a/1', object('1', i));
    expect(table.watch('', 10, { change: () => {} })).toBeUndefined();
    expect(table.listAt(10)).toBeUndefined();
    expect(table.watch('', store.revision - 10_000, { change: () => {} })).toBeTypeOf('function');
    expect(table.watch('', store.revision - 10_001, { change: () => {} })).toBeUndefined();
  });
});

describe('a backend', () => {
  /** Keeps what it is told, as LMDB would. */
  function recording(): Backend & { changes: DurableChange[] } {
    const changes: DurableChange[] = [];
    return { ...memoryBackend(), changes, append: (change) => changes.push(change) };
  }

  it('hears of every write in order, under the object’s whole key', () => {
    const backend = recording();
    const store = new Store(backend, silentLog);
    store.table('apps', 'deployments').put('a/d', object('d'));
    store.table('', 'nodes').put('n', object('n'));
    store.table('', 'nodes').remove('n');
    expect(backend.changes.map(({ key, revision, value }) => [key, revision, value === undefined])).toEqual([
      ['/registry/apps/deployments/a/d', 2, false],
      ['/registry//nodes//n', 3, false],
      ['/registry//nodes//n', 4, true],
    ]);
  });

  it('gives everything back, and no revision is used twice', () => {
    const backend = recording();
    const first = new Store(backend, silentLog);
    first.table('', 'pods').put('a/p', object('p', 7));
    first.table('', 'nodes').put('n', object('n'));
    const entries = backend.changes.map(({ key, revision, value = '' }) => ({ key, revision, value }));
    const store = new Store({ ...memoryBackend(), revision: first.revision, load: () => entries }, silentLog);
    expect(store.table('', 'pods').get('a/p')?.object).toMatchObject({ value: 7, metadata: { resourceVersion: '2' } });
    expect(keys(store.table('', 'nodes').list())).toEqual(['n']);
    expect(store.revision).toBeGreaterThan(first.revision);
    // What happened before is not known: whoever asks lists again.
    expect(store.table('', 'pods').watch('', first.revision, { change: () => {} })).toBeUndefined();
  });
});
