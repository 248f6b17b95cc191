import type { RowsEvent, RowsProblem } from '../../shared/contract/rows';
import type { KindDefinition, Row } from '../../shared/kinds/kind';
import { type Filter, parseFilter } from './filter';
import { eachFrame, type Schedule } from './flush-schedule';
import { SortedList } from './sorted-list';
import { defaultSort, rowOrder, type Sort } from './sorting';

/** How a table's rows stand. A new object with each flush, so that it can be compared. */
export interface RowsSnapshot {
  /** Counts the flushes. */
  readonly version: number;
  /** Rows in all, and rows that pass the filter. */
  readonly total: number;
  readonly visible: number;
  /** False until the first complete list is there. */
  readonly synced: boolean;
  /** The rows are of what was asked for before; those asked for now are not complete yet. */
  readonly outdated: boolean;
  /** Where all namespaces were asked for but only these may be read. */
  readonly only: readonly string[] | undefined;
  readonly problem: RowsProblem | undefined;
  readonly sort: Sort;
  readonly filter: string;
  readonly filterProblem: string | undefined;
}

/** How long a row counts as just changed, in milliseconds. */
const fresh = 1200;

/**
 * The rows of one table: all of them by id, and those that pass the filter in order. Events are gathered and taken in at most
 * once a frame; each changed row costs a search in the sorted list, whatever the list's length.
 */
export class RowStore {
  private readonly kind: KindDefinition;
  private readonly schedule: Schedule;
  private readonly rows = new Map<string, Row>();
  private readonly changes = new Map<string, number>();
  private readonly listeners = new Set<() => void>();
  private pending: RowsEvent[] = [];
  private scheduled = false;
  private order: (a: Row, b: Row) => number;
  private filter: Filter = parseFilter('');
  private visible: SortedList<Row>;
  /** After a reset: the rows that the new list has not named yet. */
  private unseen: Set<string> | undefined;
  private current: RowsSnapshot;

  constructor(kind: KindDefinition, schedule: Schedule = eachFrame(), sort: Sort = defaultSort(kind)) {
    this.kind = kind;
    this.schedule = schedule;
    this.order = rowOrder(kind, sort);
    this.visible = new SortedList(this.order);
    this.current = {
      version: 0,
      total: 0,
      visible: 0,
      synced: false,
      outdated: false,
      only: undefined,
      problem: undefined,
      sort,
      filter: '',
      filterProblem: undefined,
    };
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  readonly snapshot = (): RowsSnapshot => this.current;

  /** Takes an event of the stream; it shows with the next flush. */
  push(event: RowsEvent): void {
    this.pending.push(event);
    if (this.scheduled) return;
    this.scheduled = true;
    this.schedule(() => this.flush());
  }

  /** Something else is asked for from now on: what is shown stays until the next list is complete. */
  restart(): void {
    if (this.current.version === 0) return;
    const shown = this.rows.size > 0;
    this.publish({ synced: shown, outdated: shown, only: undefined, problem: undefined });
  }

  setSort(sort: Sort): void {
    this.order = rowOrder(this.kind, sort);
    this.rebuild();
    this.publish({ sort });
  }

  setFilter(text: string): void {
    if (text === this.current.filter) return;
    this.filter = parseFilter(text);
    this.rebuild();
    this.publish({ filter: text, filterProblem: this.filter.problem });
  }

  /** The visible rows at these positions. */
  slice(start: number, end: number): Row[] {
    return this.visible.slice(start, end);
  }

  at(index: number): Row | undefined {
    return this.visible.at(index);
  }

  get(id: string): Row | undefined {
    return this.rows.get(id);
  }

  /** The position among the visible rows, or -1. */
  indexOf(id: string): number {
    const row = this.rows.get(id);
    return row === undefined ? -1 : this.visible.indexOf(row);
  }

  /** The row of an object by its names. Looks through all rows: for a deep link, not for each event. */
  named(namespace: string, name: string): Row | undefined {
    for (const row of this.rows.values()) if (row.name === name && row.namespace === namespace) return row;
    return undefined;
  }

  /** When the row last changed under the person's eyes, if that is only just now. */
  changedAt(id: string, now: number): number | undefined {
    const at = this.changes.get(id);
    return at !== undefined && now - at < fresh ? at : undefined;
  }

  private flush(): void {
    this.scheduled = false;
    const events = this.pending;
    this.pending = [];
    const now = Date.now();
    this.forgetOldChanges(now);
    let { synced, outdated, only, problem } = this.current;
    for (const event of events) {
      if (event.type === 'reset') {
        this.unseen = new Set(this.rows.keys());
      } else if (event.type === 'rows') {
        const marks = synced && this.unseen === undefined ? now : undefined;
        for (const id of event.removed) this.remove(id);
        if (this.rows.size === 0 && event.changed.length > 1) this.fill(event.changed);
        else for (const row of event.changed) this.put(row, marks);
      } else if (event.type === 'synced') {
        for (const id of this.unseen ?? []) this.remove(id);
        this.unseen = undefined;
        synced = true;
        outdated = false;
        only = event.only;
        problem = undefined;
      } else {
        problem = event.problem;
      }
    }
    this.publish({ synced, outdated, only, problem });
  }

  private put(row: Row, changed: number | undefined): void {
    const known = this.rows.get(row.id);
    if (known !== undefined && this.filter.matches(known)) this.visible.remove(known);
    this.rows.set(row.id, row);
    this.unseen?.delete(row.id);
    if (this.filter.matches(row)) this.visible.insert(row);
    if (changed === undefined) return;
    // Deleted first, so that the map stays in the order of the changes.
    this.changes.delete(row.id);
    this.changes.set(row.id, changed);
  }

  /** The first rows of all: sorted at once. */
  private fill(rows: readonly Row[]): void {
    for (const row of rows) this.rows.set(row.id, row);
    this.rebuild();
  }

  private remove(id: string): void {
    const known = this.rows.get(id);
    if (known === undefined) return;
    if (this.filter.matches(known)) this.visible.remove(known);
    this.rows.delete(id);
    this.unseen?.delete(id);
  }

  private rebuild(): void {
    const passing: Row[] = [];
    for (const row of this.rows.values()) if (this.filter.matches(row)) passing.push(row);
    this.visible = new SortedList(this.order, passing);
  }

  private forgetOldChanges(now: number): void {
    // Oldest first.
    for (const [id, at] of this.changes) {
      if (now - at < fresh) break;
      this.changes.delete(id);
    }
  }

  private publish(changes: Partial<RowsSnapshot>): void {
    this.current = {
      ...this.current,
      ...changes,
      version: this.current.version + 1,
      total: this.rows.size,
      visible: this.visible.length,
    };
    for (const listener of this.listeners) listener();
  }
}
