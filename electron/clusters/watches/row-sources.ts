import type { RowsProblem } from '../../../shared/contract/rows';
import { kindById } from '../../../shared/kinds/index';
import type { KindDefinition, Row } from '../../../shared/kinds/kind';
import type { Lease, WatchPool } from './watch-pool';
import type { WatchedKind, WatchListener } from './watched-kind';

/** The most namespaces that are watched one by one: each takes a connection. */
const most = 50;

/**
 * The watches that together are one table. Where a person may not list a kind in all namespaces, those that they may read
 * are watched one by one: the namespaces that exist, or, where these may not be listed either, the context's own.
 */
export class RowSources {
  private readonly pool: WatchPool;
  private readonly definition: KindDefinition;
  private readonly listener: WatchListener;
  private readonly wanted: ReadonlySet<string> | undefined;
  private readonly leases: Lease[] = [];
  private readonly unlisten: (() => void)[] = [];
  private readonly sources = new Map<WatchedKind, string | undefined>();
  private namespaces: WatchedKind | undefined;
  private oneByOne = false;

  constructor(
    pool: WatchPool,
    definition: KindDefinition,
    namespaces: readonly string[] | undefined,
    listener: WatchListener,
  ) {
    this.pool = pool;
    this.definition = definition;
    this.listener = listener;
    const scopes = definition.resource.namespaced ? namespaces : undefined;
    this.wanted = scopes && new Set(scopes);
    for (const scope of scopes ?? [undefined]) this.add(scope);
  }

  *rows(): Generator<Row> {
    for (const source of this.sources.keys()) {
      for (const row of source.rows()) if (this.wants(row.namespace)) yield row;
    }
  }

  /** A problem of any source is one of the whole; live is only what is live everywhere. */
  get state(): RowsProblem | 'live' | undefined {
    const sources = [...this.sources.keys()];
    const readable = this.oneByOne ? sources.filter((source) => source.currentProblem?.type !== 'forbidden') : sources;
    const judged = readable.length === 0 ? sources : readable;
    const problem = judged.map((source) => source.currentProblem).find((found) => found !== undefined);
    if (problem?.type === 'forbidden' && this.fallBack()) return undefined;
    if (problem !== undefined) return problem;
    return judged.every((source) => source.liveSince !== undefined) ? 'live' : undefined;
  }

  /** Which namespaces the rows are limited to, where all were asked for. */
  get limits(): { only?: readonly string[] } {
    if (!this.oneByOne) return {};
    const live = [...this.sources].filter(([source]) => source.currentProblem === undefined);
    // Meanwhile somebody has granted all.
    if (live.some(([, namespace]) => namespace === undefined)) return {};
    return { only: live.flatMap(([, namespace]) => namespace ?? []).sort() };
  }

  release(): void {
    for (const stop of this.unlisten) stop();
    for (const lease of this.leases) lease.release();
  }

  private wants(namespace: string): boolean {
    return this.wanted === undefined || this.wanted.has(namespace);
  }

  private add(namespace: string | undefined): void {
    const lease = this.pool.lease(this.definition, namespace);
    this.leases.push(lease);
    if (this.sources.has(lease.watched)) return;
    this.sources.set(lease.watched, namespace);
    this.unlisten.push(
      lease.watched.listen({
        changed: (id, row, of) => {
          if (this.wants(of)) this.listener.changed(id, row, of);
        },
        status: () => this.listener.status(),
      }),
    );
  }

  /** Begins to watch one by one, if that may help; false when it does not. */
  private fallBack(): boolean {
    if (this.wanted !== undefined || !this.definition.resource.namespaced || this.oneByOne) return false;
    if (this.namespaces === undefined) {
      const kind = kindById('namespaces');
      if (kind === undefined) return false;
      const lease = this.pool.lease(kind);
      this.leases.push(lease);
      this.namespaces = lease.watched;
      this.unlisten.push(lease.watched.listen({ changed: () => undefined, status: () => this.listener.status() }));
    }
    if (this.namespaces.liveSince === undefined && this.namespaces.currentProblem === undefined) return true;
    const names = [...this.namespaces.rows()].map((row) => row.name).slice(0, most);
    this.oneByOne = true;
    for (const name of names.length > 0 ? names : [this.pool.defaultNamespace]) this.add(name);
    // Watches that ran before have their rows already.
    for (const row of this.rows()) this.listener.changed(row.id, row, row.namespace);
    return true;
  }
}
