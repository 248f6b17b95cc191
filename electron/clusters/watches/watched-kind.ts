import type { RowsProblem } from '../../../shared/contract/rows';
import type { HealthState, KindDefinition, Row } from '../../../shared/kinds/kind';
import type { KubeObject } from '../../../shared/kubernetes/objects';
import { projectRow, rowId } from './projection';
import type { WatchSink } from './reflector';

export type Tally = Partial<Record<HealthState, number>>;

/** Told of every change of a watched kind. */
export interface WatchListener {
  /** `row` is absent when the object is gone. */
  changed(id: string, row: Row | undefined, namespace: string): void;
  /** `live` or `problem` may have changed. */
  status(): void;
}

interface Entry {
  readonly row: Row;
  readonly version: string | undefined;
  readonly owners: readonly string[];
}

/**
 * The rows of one kind in one scope, as the watch tells them. Objects are projected once and not kept: a hundred thousand
 * of them would fill the memory with what no table shows.
 */
export class WatchedKind implements WatchSink {
  readonly definition: KindDefinition;
  /** When all was known to be as it is, in milliseconds since the epoch; absent until the first list is complete. */
  liveSince: number | undefined;
  currentProblem: RowsProblem | undefined;
  private readonly entries = new Map<string, Entry>();
  private readonly names = new Map<string, string>();
  private readonly dependents = new Map<string, Set<string>>();
  private readonly tallies = new Map<string, Tally>();
  private readonly listeners = new Set<WatchListener>();
  /** What a list in progress has not named yet. */
  private unseen: Set<string> | undefined;

  constructor(definition: KindDefinition) {
    this.definition = definition;
  }

  /** The rows now. The iterator stays valid, and shows changes, while it is read in parts. */
  *rows(): Generator<Row> {
    for (const entry of this.entries.values()) yield entry.row;
  }

  /** The row of an object by its names; `namespace` is empty for cluster-scoped kinds. */
  named(namespace: string, name: string): Row | undefined {
    const id = this.names.get(`${namespace}/${name}`);
    return id === undefined ? undefined : this.entries.get(id)?.row;
  }

  /** The rows whose objects name this uid as an owner. */
  dependentsOf(uid: string): Row[] {
    return [...(this.dependents.get(uid) ?? [])].flatMap((id) => this.entries.get(id)?.row ?? []);
  }

  /** How many there are of each health, by namespace. */
  talliesByNamespace(): ReadonlyMap<string, Tally> {
    return this.tallies;
  }

  listen(listener: WatchListener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  listing(): void {
    this.unseen = new Set(this.entries.keys());
  }

  put(objects: readonly KubeObject[]): void {
    for (const object of objects) {
      const id = rowId(object);
      this.unseen?.delete(id);
      const known = this.entries.get(id);
      const version = object.metadata.resourceVersion;
      // A new list mostly tells what is known already.
      if (known !== undefined && version !== undefined && known.version === version) continue;
      const owners = object.metadata.ownerReferences?.map((owner) => owner.uid) ?? [];
      const entry = { row: projectRow(this.definition, object), version, owners };
      if (known !== undefined) this.forget(id, known);
      this.entries.set(id, entry);
      this.names.set(`${entry.row.namespace}/${entry.row.name}`, id);
      this.count(entry.row, 1);
      for (const owner of owners) this.dependents.set(owner, (this.dependents.get(owner) ?? new Set()).add(id));
      for (const listener of this.listeners) listener.changed(id, entry.row, entry.row.namespace);
    }
  }

  remove(object: KubeObject): void {
    this.drop(rowId(object));
  }

  listed(): void {
    for (const id of this.unseen ?? []) this.drop(id);
    this.unseen = undefined;
  }

  live(): void {
    this.liveSince = Date.now();
    this.currentProblem = undefined;
    this.tellStatus();
  }

  problem(problem: RowsProblem): void {
    this.currentProblem = problem;
    this.tellStatus();
  }

  private tellStatus(): void {
    for (const listener of this.listeners) listener.status();
  }

  private drop(id: string): void {
    const known = this.entries.get(id);
    if (known === undefined) return;
    this.forget(id, known);
    this.entries.delete(id);
    const name = `${known.row.namespace}/${known.row.name}`;
    // An object made again under the name of a deleted one may have come first.
    if (this.names.get(name) === id) this.names.delete(name);
    for (const listener of this.listeners) listener.changed(id, undefined, known.row.namespace);
  }

  private forget(id: string, { row, owners }: Entry): void {
    this.count(row, -1);
    for (const owner of owners) {
      const ids = this.dependents.get(owner);
      ids?.delete(id);
      if (ids?.size === 0) this.dependents.delete(owner);
    }
  }

  private count(row: Row, by: 1 | -1): void {
    const tally = this.tallies.get(row.namespace) ?? {};
    tally[row.health] = (tally[row.health] ?? 0) + by;
    this.tallies.set(row.namespace, tally);
  }
}
