import type { KubeObject } from '../../../../shared/kubernetes/objects';
import { ManagedFields } from '../managed-fields/managed-fields';
import { Change } from './change';
import { History } from './history';
import type { Journal } from './journal';
import { SortedKeys } from './sorted-keys';
import { Stored } from './stored';

/** Hears of one table's changes, in order, after each write has returned. */
export interface TableWatcher {
  /** The state at the watch's start; called once, before any change, when it was asked for. */
  initial?(objects: Stored[]): void;
  change(change: Change): void;
}

interface Watching {
  readonly watcher: TableWatcher;
  readonly prefix: string;
  /** Changes up to here have been handed over in the backlog. */
  readonly since: number;
}

/** All objects of one resource. Writes happen at once; nothing here waits. */
export class Table {
  readonly #journal: Journal;
  readonly #backendPrefix: string;
  readonly #objects = new Map<string, Stored>();
  readonly #keys = new SortedKeys();
  readonly #history: History;
  readonly #watching = new Set<Watching>();
  #revision = 0;

  /**
   * @param backendPrefix `/registry/GROUP/RESOURCE/`.
   * @param history how many changes can be watched again.
   */
  constructor(journal: Journal, backendPrefix: string, history?: number) {
    this.#journal = journal;
    this.#backendPrefix = backendPrefix;
    this.#history = new History(journal.revision, history);
  }

  get size(): number {
    return this.#objects.size;
  }

  /** Of the last change; 0 before there is any. What is made of the objects is good for as long as this stays. */
  get revision(): number {
    return this.#revision;
  }

  /** Takes an object that was durable before the process began. */
  restore(stored: Stored): void {
    if (!this.#objects.has(stored.key)) this.#keys.add(stored.key);
    this.#objects.set(stored.key, stored);
  }

  get(key: string): Stored | undefined {
    return this.#objects.get(key);
  }

  /** Stores an object under the next revision, which it gives the object as its resourceVersion. */
  put(key: string, object: KubeObject, managed = ManagedFields.none): Stored {
    const previous = this.#objects.get(key);
    const current = Stored.of(key, this.#journal.nextRevision(), object, managed);
    if (previous === undefined) this.#keys.add(key);
    this.#objects.set(key, current);
    this.#journal.append(new Durable(this.#backendKey(key), current, false));
    this.#announce(new Change(previous === undefined ? 'ADDED' : 'MODIFIED', current, previous));
    return current;
  }

  /** @returns the last state under the deletion's revision; `undefined` when there was nothing. */
  remove(key: string): Stored | undefined {
    const previous = this.#objects.get(key);
    if (previous === undefined) return undefined;
    const revision = this.#journal.nextRevision();
    const current = previous.at(revision);
    this.#objects.delete(key);
    this.#keys.remove(key);
    this.#journal.append(new Durable(this.#backendKey(key), current, true));
    this.#announce(new Change('DELETED', current, previous));
    return current;
  }

  /**
   * The objects in order of key. The table must not change while this is read.
   * @param prefix `namespace/`, or empty for all.
   * @param start the first key wanted.
   */
  *list(prefix = '', start = ''): Iterable<Stored> {
    for (const key of this.#keys.range(prefix, start)) {
      const stored = this.#objects.get(key);
      if (stored !== undefined) yield stored;
    }
  }

  /**
   * The objects as they were at a revision, in order of key, by undoing what happened since.
   * @returns `undefined` when that can no longer be known.
   */
  listAt(revision: number, prefix = '', start = ''): Iterable<Stored> | undefined {
    const since = this.#history.after(revision);
    if (since === undefined) return undefined;
    if (since.length === 0) return this.list(prefix, start);
    // The first change of an object since then knows what it was.
    const then = new Map<string, Stored | undefined>();
    for (const change of since) if (!then.has(change.key)) then.set(change.key, change.previous);
    const gone = [...then].flatMap(([key, stored]) =>
      stored !== undefined && !this.#objects.has(key) && key.startsWith(prefix) && key >= start ? [stored] : [],
    );
    gone.sort((a, b) => (a.key < b.key ? -1 : 1));
    return this.#merged(gone, then, prefix, start);
  }

  *#merged(
    gone: readonly Stored[],
    then: ReadonlyMap<string, Stored | undefined>,
    prefix: string,
    start: string,
  ): Iterable<Stored> {
    let next = 0;
    for (const now of this.list(prefix, start)) {
      for (let lost = gone[next]; lost !== undefined && lost.key < now.key; lost = gone[++next]) yield lost;
      const stored = then.has(now.key) ? then.get(now.key) : now;
      if (stored !== undefined) yield stored;
    }
    yield* gone.slice(next);
  }

  /** Whether anybody hears of changes. */
  get isWatched(): boolean {
    return this.#watching.size > 0;
  }

  /** The newest revision from which a watch can start. */
  get oldestWatchable(): number {
    return this.#history.start;
  }

  /**
   * @param since hear of changes after this revision; `undefined`: of the present state, then of changes.
   * @returns what ends the watch at once; `undefined` when changes after `since` are forgotten.
   */
  watch(prefix: string, since: number | undefined, watcher: TableWatcher): (() => void) | undefined {
    const backlog = this.#history.after(since ?? this.#journal.revision);
    if (backlog === undefined) return undefined;
    const initial = since === undefined ? [...this.list(prefix)] : undefined;
    const watching: Watching = { watcher, prefix, since: Math.max(this.#journal.revision, since ?? 0) };
    this.#watching.add(watching);
    // Through the same queue as all changes, so that what happens from now on comes after it.
    this.#journal.deliver(() => {
      if (initial !== undefined && this.#watching.has(watching)) watcher.initial?.(initial);
      for (const change of backlog) {
        if (change.key.startsWith(prefix) && this.#watching.has(watching)) watcher.change(change);
      }
    });
    return () => this.#watching.delete(watching);
  }

  /** Lets go of what is only of use to watchers: nobody can ask for its resource any more. */
  forgetChanges(): void {
    this.#history.clear(this.#journal.revision);
  }

  #announce(change: Change): void {
    this.#revision = change.revision;
    this.#history.add(change)?.current.forgetText();
    this.#journal.deliver(() => {
      for (const { watcher, prefix, since } of this.#watching) {
        if (change.revision > since && change.key.startsWith(prefix)) this.#journal.guard(() => watcher.change(change));
      }
    });
  }

  #backendKey(key: string): string {
    return this.#backendPrefix + (key.includes('/') ? key : `/${key}`);
  }
}

/** What a backend is told of a write; the object is encoded only if the backend looks at it. */
class Durable {
  readonly key: string;
  readonly revision: number;
  readonly #stored: Stored;
  readonly #deleted: boolean;

  constructor(key: string, stored: Stored, deleted: boolean) {
    this.key = key;
    this.revision = stored.revision;
    this.#stored = stored;
    this.#deleted = deleted;
  }

  get value(): string | undefined {
    return this.#deleted ? undefined : this.#stored.json;
  }
}
