import type { Change } from '../storage/change';
import type { Stored } from '../storage/stored';
import type { TableWatcher } from '../storage/table';
import type { Conversion } from './conversion';
import { type ListQuery, listPrefix, tooOld } from './read';
import type { Registry } from './registry';
import { parseVersion } from './resource-version';

export type ChangeType = 'ADDED' | 'MODIFIED' | 'DELETED';

export interface WatchQuery extends Pick<ListQuery, 'namespace' | 'selection'> {
  /** Absent, empty or `0`: the present state first. */
  readonly resourceVersion?: string | undefined;
}

export interface WatchSink {
  event(type: ChangeType, stored: Stored): void;
  /** The present state has been told; called when it was asked for. */
  initialDone?(): void;
  /** Nothing more can be told: a webhook does not convert. */
  failed?(error: unknown): void;
}

/** A watch that goes on. */
export interface Watch {
  /** Ends it at once. */
  stop(): void;
  /** Calls back once all that has happened by now has been told. */
  afterEvents(callback: () => void): void;
}

/**
 * Tells of each change that concerns the selection, in order, after the write that caused it has returned.
 * @throws StatusError 410 when the version is too old, 500 when it is none.
 */
export function watch(registry: Registry, query: WatchQuery, sink: WatchSink): Watch {
  const since = parseVersion(query.resourceVersion) || undefined;
  const { selection } = query;
  const { present, conversion, store } = registry;
  const watcher: Required<TableWatcher> = {
    initial(objects) {
      for (const held of objects) {
        const stored = present(held);
        if (selection.matches(stored.object)) sink.event('ADDED', stored);
      }
      sink.initialDone?.();
    },
    change(change) {
      if (selection.isEmpty) return sink.event(change.type, present(change.current));
      const seen = through(registry, query, change);
      if (seen !== undefined) sink.event(seen.type, seen.stored);
    },
  };
  const turns = conversion === undefined ? undefined : new Turns(conversion, watcher, sink);
  const stop = registry.table.watch(listPrefix(registry, query.namespace), since, turns ?? watcher);
  if (stop === undefined) throw tooOld(registry, since ?? 0);
  return {
    stop() {
      stop();
      turns?.end();
    },
    afterEvents(callback) {
      store.afterDeliveries(turns === undefined ? callback : () => turns.take(async () => {}, callback));
    },
  };
}

/** Has a watcher wait for what is converted, one thing after another. */
class Turns implements TableWatcher {
  readonly #conversion: Conversion;
  readonly #watcher: Required<TableWatcher>;
  readonly #sink: WatchSink;
  #last: Promise<void> = Promise.resolve();
  #ended = false;

  constructor(conversion: Conversion, watcher: Required<TableWatcher>, sink: WatchSink) {
    this.#conversion = conversion;
    this.#watcher = watcher;
    this.#sink = sink;
  }

  initial(objects: Stored[]): void {
    this.take(
      () => this.#conversion.ensure(objects),
      () => this.#watcher.initial(objects),
    );
  }

  change(change: Change): void {
    this.take(
      () => this.#conversion.ensureChange(change),
      () => this.#watcher.change(change),
    );
  }

  take(ready: () => Promise<void>, tell: () => void): void {
    this.#last = this.#last.then(async () => {
      try {
        if (!this.#ended) await ready();
        if (!this.#ended) tell();
      } catch (error) {
        this.end();
        this.#sink.failed?.(error);
      }
    });
  }

  end(): void {
    this.#ended = true;
  }
}

/** How a change looks to those who see only a selection: what enters it is added, what leaves it is deleted. */
function through(
  { present }: Registry,
  { selection }: WatchQuery,
  change: Change,
): { type: ChangeType; stored: Stored } | undefined {
  const before = change.previous !== undefined && selection.matches(present(change.previous).object);
  const current = present(change.current);
  const after = change.type !== 'DELETED' && selection.matches(current.object);
  if (after) return { type: before ? 'MODIFIED' : 'ADDED', stored: current };
  return before ? { type: 'DELETED', stored: present(change.departed) } : undefined;
}
