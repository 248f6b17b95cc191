import type { KindDefinition } from '../../../shared/kinds/kind';
import type { Connection } from '../connection/connection';
import { Reflector, type ReflectorOptions } from './reflector';
import { WatchedKind } from './watched-kind';

/** How long a watch lives on after its last reader, who often comes back at once. Milliseconds. */
const defaultLinger = 15_000;

interface Pooled {
  readonly watched: WatchedKind;
  readonly reflector: Reflector;
  readers: number;
  lingering?: NodeJS.Timeout;
}

/** A reader's hold on a watch. */
export interface Lease {
  readonly watched: WatchedKind;
  release(): void;
}

export interface WatchPoolOptions extends ReflectorOptions {
  readonly linger?: number;
}

/** One shared watch for each kind and scope that somebody reads. */
export class WatchPool {
  private readonly connection: Connection;
  private readonly options: WatchPoolOptions;
  private readonly pool = new Map<string, Pooled>();

  constructor(connection: Connection, options: WatchPoolOptions = {}) {
    this.connection = connection;
    this.options = options;
  }

  /**
   * A watch that covers a namespace, or (absent) all. It may cover more: a watch of all namespaces that runs already
   * serves for one, so readers pick what is theirs. With a field selector it covers what that chooses, and no more.
   */
  lease(definition: KindDefinition, namespace?: string, fieldSelector?: string): Lease {
    const all = this.pool.get(keyOf(definition, undefined));
    const covers = all !== undefined && all.watched.currentProblem === undefined && fieldSelector === undefined;
    const scope = definition.resource.namespaced && !covers ? namespace : undefined;
    const key = keyOf(definition, scope, fieldSelector);
    const pooled = this.pool.get(key) ?? this.open(key, definition, scope, fieldSelector);
    clearTimeout(pooled.lingering);
    pooled.readers += 1;
    let released = false;
    return {
      watched: pooled.watched,
      release: () => {
        if (released) return;
        released = true;
        pooled.readers -= 1;
        if (pooled.readers === 0) this.linger(key, pooled);
      },
    };
  }

  /** The namespace of the context that all watches use. */
  get defaultNamespace(): string {
    return this.connection.namespace;
  }

  /** The watches that run now, whoever reads them. */
  *running(): Generator<WatchedKind> {
    for (const pooled of this.pool.values()) yield pooled.watched;
  }

  close(): void {
    for (const pooled of this.pool.values()) {
      clearTimeout(pooled.lingering);
      pooled.reflector.stop();
    }
    this.pool.clear();
  }

  private open(
    key: string,
    definition: KindDefinition,
    namespace: string | undefined,
    fieldSelector: string | undefined,
  ): Pooled {
    const watched = new WatchedKind(definition);
    const scope = {
      resource: definition.resource,
      ...(namespace === undefined ? {} : { namespace }),
      ...(fieldSelector === undefined ? {} : { fieldSelector }),
    };
    const reflector = new Reflector(this.connection, scope, watched, this.options);
    const pooled: Pooled = { watched, reflector, readers: 0 };
    this.pool.set(key, pooled);
    void reflector.run();
    return pooled;
  }

  private linger(key: string, pooled: Pooled): void {
    pooled.lingering = setTimeout(() => {
      pooled.reflector.stop();
      this.pool.delete(key);
    }, this.options.linger ?? defaultLinger);
  }
}

function keyOf(definition: KindDefinition, namespace: string | undefined, fieldSelector = ''): string {
  return `${definition.id}/${namespace ?? ''}/${fieldSelector}`;
}
