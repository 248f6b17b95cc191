import type { Log } from '../../log';
import type { Backend } from './backend';
import { Journal } from './journal';
import { Stored } from './stored';
import { Table } from './table';

/** All objects of the cluster: one table a resource, one revision counter over all of them, as in etcd. */
export class Store {
  readonly #backend: Backend;
  readonly #journal: Journal;
  readonly #tables = new Map<string, Table>();
  readonly #history: number | undefined;

  /**
   * Reads all that the backend holds.
   * @param history how many changes of a resource can be watched again.
   */
  constructor(backend: Backend, log: Log, history?: number) {
    this.#history = history;
    this.#backend = backend;
    this.#journal = new Journal(backend, log);
    for (const { key, revision, value } of backend.load()) {
      const [, , group = '', resource = '', namespace = '', name = ''] = key.split('/');
      const tableKey = namespace === '' ? name : `${namespace}/${name}`;
      this.table(group, resource).restore(Stored.encoded(tableKey, revision, value));
    }
  }

  get revision(): number {
    return this.#journal.revision;
  }

  /** The table of a resource. What versions of a group share, they share here. */
  table(group: string, resource: string): Table {
    const prefix = `/registry/${group}/${resource}/`;
    let table = this.#tables.get(prefix);
    if (table === undefined) {
      table = new Table(this.#journal, prefix, this.#history);
      this.#tables.set(prefix, table);
    }
    return table;
  }

  /** Calls back after every delivery due by now, in the same order for all watchers. */
  afterDeliveries(callback: () => void): void {
    this.#journal.deliver(callback);
  }

  /** Resolves once all writes so far are durable; rejects when they cannot be. */
  flushed(): Promise<void> {
    return this.#backend.flushed();
  }

  close(): Promise<void> {
    return this.#backend.close();
  }
}
