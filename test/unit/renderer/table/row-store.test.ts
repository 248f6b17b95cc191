import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseFilter } from '../../../../renderer/table/filter';
import { RowStore } from '../../../../renderer/table/row-store';
import { rowOrder, type Sort } from '../../../../renderer/table/sorting';
import type { RowsEvent } from '../../../../shared/contract/rows';
import type { Row } from '../../../../shared/kinds/kind';
import { kindOf, podRow, rowsEvent } from './rows';

const pods = kindOf('pods');

function openStore(sort?: Sort): { store: RowStore; flush: () => void; push: (...events: RowsEvent[]) => void } {
  let pending: (() => void) | undefined;
  const store = new RowStore(
    pods,
    (flush) => {
      pending = flush;
    },
    sort,
  );
  const flush = () => {
    pending?.();
    pending = undefined;
  };
  const push = (...events: RowsEvent[]) => {
    for (const event of events) store.push(event);
    flush();
  };
  return { store, flush, push };
}

const names = (store: RowStore) => store.slice(0, store.snapshot().visible).map((row) => row.name);

describe('a row store', () => {
  it('takes events in with the flush, not before', () => {
    const { store, flush } = openStore();
    store.push({ type: 'reset' });
    store.push(rowsEvent([podRow('b'), podRow('a')]));
    expect(store.snapshot().total).toBe(0);
    flush();
    expect(names(store)).toEqual(['a', 'b']);
    expect(store.snapshot().synced).toBe(false);
  });

  it('keeps what it shows over a reset until the new list is complete', () => {
    const { store, push } = openStore();
    push({ type: 'reset' }, rowsEvent([podRow('a'), podRow('b')]), { type: 'synced', at: 1 });
    push({ type: 'reset' }, rowsEvent([podRow('b'), podRow('c')]));
    expect(names(store)).toEqual(['a', 'b', 'c']);
    push({ type: 'synced', at: 2 });
    expect(names(store)).toEqual(['b', 'c']);
  });

  it('keeps what it shows when something else is asked for, and says that it is not that', () => {
    const { store, push } = openStore();
    push({ type: 'reset' }, rowsEvent([podRow('a')]), { type: 'synced', at: 1, only: ['team-a'] });
    expect(store.snapshot()).toMatchObject({ outdated: false, only: ['team-a'] });
    store.restart();
    expect(store.snapshot()).toMatchObject({ synced: true, outdated: true, only: undefined });
    push({ type: 'reset' }, rowsEvent([podRow('b')]), { type: 'synced', at: 2 });
    expect(store.snapshot()).toMatchObject({ synced: true, outdated: false });
    expect(names(store)).toEqual(['b']);
  });

  it('is empty and waits when nothing was shown before something else is asked for', () => {
    const { store, push } = openStore();
    const problem = { type: 'forbidden', message: 'no' } as const;
    push({ type: 'reset' }, { type: 'problem', problem });
    store.restart();
    expect(store.snapshot()).toMatchObject({ synced: false, outdated: false, problem: undefined });
  });

  it('says what is wrong until it is live again', () => {
    const { store, push } = openStore();
    const problem = { type: 'disconnected', message: 'gone', since: 5 } as const;
    push(rowsEvent([podRow('a')]), { type: 'synced', at: 1 }, { type: 'problem', problem });
    expect(store.snapshot().problem).toEqual(problem);
    expect(names(store)).toEqual(['a']);
    push({ type: 'synced', at: 2 });
    expect(store.snapshot().problem).toBeUndefined();
  });

  it('marks rows as just changed only once the first list is complete', () => {
    const { store, push } = openStore();
    push(rowsEvent([podRow('a'), podRow('b')]), { type: 'synced', at: 1 });
    expect(store.changedAt('uid-a', Date.now())).toBeUndefined();
    push(rowsEvent([podRow('a', { restarts: 1 })]));
    expect(store.changedAt('uid-a', Date.now())).toBeDefined();
    expect(store.changedAt('uid-a', Date.now() + 60_000)).toBeUndefined();
    expect(store.changedAt('uid-b', Date.now())).toBeUndefined();
  });

  it('passes every row while a label selector is unfinished, and says why', () => {
    const { store, push } = openStore();
    push(rowsEvent([podRow('a'), podRow('b')]));
    store.setFilter('-l app in (');
    expect(names(store)).toEqual(['a', 'b']);
    expect(store.snapshot().filterProblem).toMatch(/found/);
  });

  it('agrees with filtering and sorting the whole list anew, whatever happens', () => {
    const name = fc.integer({ min: 0, max: 60 }).map((n) => `pod-${n}`);
    const row = fc.record({
      name,
      restarts: fc.option(fc.integer({ min: 0, max: 3 })),
      node: fc.option(fc.constantFrom('worker-1', 'worker-2', 'Worker-10')),
      created: fc.integer({ min: 0, max: 5 }),
    });
    const sort = fc.record({
      column: fc.constantFrom('name', 'age', 'restarts', 'node'),
      descending: fc.boolean(),
    });
    const step = fc.oneof(
      { weight: 6, arbitrary: fc.array(row, { maxLength: 30 }).map((rows) => ({ type: 'put', rows }) as const) },
      { weight: 3, arbitrary: fc.array(name, { maxLength: 10 }).map((gone) => ({ type: 'remove', gone }) as const) },
      { weight: 1, arbitrary: sort.map((by) => ({ type: 'sort', by }) as const) },
      {
        weight: 1,
        arbitrary: fc
          .constantFrom('', '1', '!worker-1', 'worker', '-f p2')
          .map((text) => ({ type: 'filter', text }) as const),
      },
    );
    void fc.assert(
      fc.property(fc.array(step, { maxLength: 25 }), (steps) => {
        const { store, push } = openStore();
        const all = new Map<string, Row>();
        let by: Sort = { column: 'name', descending: false };
        let text = '';
        for (const each of steps) {
          if (each.type === 'put') {
            const rows = each.rows.map(({ name: called, created, ...cells }) => podRow(called, cells, { created }));
            for (const one of rows) all.set(one.id, one);
            push(rowsEvent(rows));
          } else if (each.type === 'remove') {
            for (const gone of each.gone) all.delete(`uid-${gone}`);
            push(
              rowsEvent(
                [],
                each.gone.map((gone) => `uid-${gone}`),
              ),
            );
          } else if (each.type === 'sort') {
            by = each.by;
            store.setSort(by);
          } else {
            text = each.text;
            store.setFilter(text);
          }
          const filter = parseFilter(text);
          const expected = [...all.values()].filter((one) => filter.matches(one)).sort(rowOrder(pods, by));
          expect(store.slice(0, expected.length + 1)).toEqual(expected);
          expect(store.snapshot()).toMatchObject({ total: all.size, visible: expected.length });
          for (const [index, one] of expected.entries()) expect(store.indexOf(one.id)).toBe(index);
        }
      }),
      { seed: 20261123, numRuns: 150 },
    );
  });
});
