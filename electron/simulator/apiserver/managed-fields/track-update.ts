import type { Comparison } from './compare';
import { difference, union } from './field-set';
import { compareText, type ManagedEntry, ManagedFields } from './managed-fields';
import { isSameManager, type Manager } from './manager';

/** How many entries updates may have before the oldest are put together (DefaultMaxUpdateManagers). */
const MOST_UPDATERS = 10;
const OLD_UPDATERS = 'ancient-changes';

/**
 * Who manages what after an update (structured-merge-diff merge/update.go Update): whoever changes a field has it, and has
 * it alone; what is gone is nobody's.
 * @param time now; kept as it was for who takes nothing, or where it is `undefined`.
 */
export function trackUpdate(
  managed: ManagedFields,
  { changed, removed }: Comparison,
  by: Manager,
  time: string | undefined,
): ManagedFields {
  if (changed === undefined && removed === undefined) return managed;
  let found = false;
  const entries = managed.entries.map((entry): ManagedEntry => {
    if (changed !== undefined && isSameManager(entry.manager, by)) {
      found = true;
      return { ...entry, time: time ?? entry.time, fields: union(difference(entry.fields, removed), changed) };
    }
    const fields = difference(difference(entry.fields, changed), removed);
    return fields === entry.fields ? entry : { ...entry, fields };
  });
  if (!found && changed !== undefined) entries.push({ manager: by, time, fields: changed });
  return ManagedFields.of(withFewUpdaters(entries));
}

/** fieldmanager/capmanagers.go: the oldest entries of one version become one, until few enough are left. */
function withFewUpdaters(entries: ManagedEntry[]): ManagedEntry[] {
  const updaters = entries.filter(({ manager, fields }) => manager.operation === 'Update' && fields !== undefined);
  if (updaters.length <= MOST_UPDATERS) return entries;
  updaters.sort((a, b) => compareText(a.time ?? '', b.time ?? '') || compareText(a.manager.name, b.manager.name));
  const kept = new Set(entries);
  /** What stands for a version so far: its oldest entry alone, or the bucket. */
  const buckets = new Map<string, ManagedEntry>();
  let count = updaters.length;
  for (const entry of updaters) {
    if (count <= MOST_UPDATERS) break;
    const { apiVersion } = entry.manager;
    const bucket = buckets.get(apiVersion);
    if (bucket === undefined) {
      buckets.set(apiVersion, entry);
      continue;
    }
    const merged: ManagedEntry = {
      manager: { name: OLD_UPDATERS, operation: 'Update', apiVersion, subresource: '' },
      time: entry.time,
      fields: union(bucket.fields, entry.fields),
    };
    kept.delete(bucket);
    kept.delete(entry);
    kept.add(merged);
    buckets.set(apiVersion, merged);
    count--;
  }
  return [...kept];
}
