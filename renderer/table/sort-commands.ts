import type { KindDefinition } from '../../shared/kinds/kind';
import type { Command } from '../app/commands';
import type { RowStore } from './row-store';

/** As k9s has them: Shift and the column's letter. */
const letters: Readonly<Record<string, string>> = {
  name: 'N',
  age: 'A',
  status: 'S',
  namespace: 'P',
  cpu: 'C',
  memory: 'M',
  ready: 'R',
  restarts: 'T',
  ip: 'I',
};

/** Sorting by the columns that the kind has; again, the other way round. */
export function sortCommands(kind: KindDefinition, store: RowStore): Command[] {
  const columns = [
    { id: 'name', title: 'name' },
    ...(kind.resource.namespaced ? [{ id: 'namespace', title: 'namespace' }] : []),
    ...kind.columns.map(({ id, title }) => ({ id, title: /^[A-Z]{2}/.test(title) ? title : title.toLowerCase() })),
    { id: 'age', title: 'age' },
  ];
  return columns.map(({ id, title }) => ({
    id: `table.sort.${id}`,
    title: `Sort by ${title}`,
    group: 'Sort',
    ...(letters[id] === undefined ? {} : { keys: [`Shift+${letters[id]}`] }),
    run: () => {
      const { sort } = store.snapshot();
      store.setSort({ column: id, descending: sort.column === id && !sort.descending });
    },
  }));
}
