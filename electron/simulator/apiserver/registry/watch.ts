import type { Change } from '../storage/change';
import type { Stored } from '../storage/stored';
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
}

/**
 * Tells of each change that concerns the selection, in order, after the write that caused it has returned.
 * @returns what ends the watch at once.
 * @throws StatusError 410 when the version is too old, 500 when it is none.
 */
export function watch(registry: Registry, query: WatchQuery, sink: WatchSink): () => void {
  const since = parseVersion(query.resourceVersion) || undefined;
  const { selection } = query;
  const { present } = registry;
  const stop = registry.table.watch(listPrefix(registry, query.namespace), since, {
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
  });
  if (stop === undefined) throw tooOld(registry, since ?? 0);
  return stop;
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
