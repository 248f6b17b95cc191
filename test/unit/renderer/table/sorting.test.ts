import { describe, expect, it } from 'vitest';
import { rowOrder, type Sort } from '../../../../renderer/table/sorting';
import type { Row } from '../../../../shared/kinds/kind';
import { kindOf, podRow } from './rows';

function sorted(rows: readonly Row[], sort: Sort): string[] {
  return [...rows].sort(rowOrder(kindOf('pods'), sort)).map((row) => row.name);
}

describe('the order of rows', () => {
  it('takes numbers in names by their size', () => {
    const rows = ['web-10', 'web-2', 'Web-1', 'web', 'api'].map((name) => podRow(name));
    expect(sorted(rows, { column: 'name', descending: false })).toEqual(['api', 'web', 'Web-1', 'web-2', 'web-10']);
  });

  it('puts what is absent last in either direction', () => {
    const rows = [podRow('none'), podRow('one', { restarts: 1 }), podRow('two', { restarts: 2 })];
    expect(sorted(rows, { column: 'restarts', descending: false })).toEqual(['one', 'two', 'none']);
    expect(sorted(rows, { column: 'restarts', descending: true })).toEqual(['two', 'one', 'none']);
  });

  it('sorts ratios by their fraction and ages by how long ago', () => {
    const rows = [
      podRow('half', { ready: '2/4' }, { created: 10 }),
      podRow('whole', { ready: '1/1' }, { created: 30 }),
      podRow('tenth', { ready: '1/10' }, { created: 20 }),
    ];
    expect(sorted(rows, { column: 'ready', descending: false })).toEqual(['tenth', 'half', 'whole']);
    expect(sorted(rows, { column: 'age', descending: false })).toEqual(['whole', 'tenth', 'half']);
  });
});
