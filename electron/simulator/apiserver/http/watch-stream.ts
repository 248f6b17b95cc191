import type { KubeObject } from '../../../../shared/kubernetes/objects';
import { apiVersionOf } from '../../../../shared/kubernetes/resources';
import { StatusError } from '../../../../shared/kubernetes/status-error';
import type { Clock, Timer } from '../../clock';
import type { Random } from '../../random';
import type { Registry } from '../registry/registry';
import { checkReached, parseVersion } from '../registry/resource-version';
import { type ChangeType, type Watch, watch } from '../registry/watch';
import type { Stored } from '../storage/stored';
import { EventEncoder } from './event-encoder';
import type { ListOptions } from './list-options';
import type { Representation } from './representation';
import type { WatchConnection } from './watch-connection';

/** How many events wait for a reader before it is cut off. They are shared objects, so the wait costs little. */
const MOST_WAITING = 20_000;
/** Bytes in the connection's own buffer above which events wait unencoded. */
const HIGH_WATER = 256 * 1024;
/** About a minute, as upstream's cacher. */
const BOOKMARK_EVERY = 60_000;
/** Without a timeout asked for, a watch ends after this many seconds to twice as many (`--min-request-timeout`). */
const SHORTEST_WATCH = 1800;

/** Milliseconds before a watch's end at which it tells where it is (apiserver/pkg/storage/cacher/cache_watcher.go). */
const LAST_BOOKMARK = 2000;

type Waiting = { readonly type: ChangeType | 'BOOKMARK'; readonly body: Stored | KubeObject } | 'END';

/** One watch: events in the form and over the connection that the client asked for. */
export class WatchStream {
  readonly #registry: Registry;
  readonly #options: ListOptions;
  readonly #encoder: EventEncoder;
  readonly #clock: Clock;
  readonly #timers = new Set<Timer>();
  #connection: WatchConnection | undefined;
  #waiting: Waiting[] = [];
  /** The index of the one to be sent next. */
  #next = 0;
  /** Those before it tell of what a crash could not take back. */
  #durable = 0;
  #confirming = false;
  #deadline = 0;
  #ended = false;
  #watch: Watch | undefined;

  constructor(registry: Registry, representation: Representation, options: ListOptions) {
    this.#registry = registry;
    this.#options = options;
    this.#encoder = new EventEncoder(representation);
    this.#clock = registry.clock;
  }

  get encoder(): EventEncoder {
    return this.#encoder;
  }

  /**
   * Begins to gather events; they are sent once there is a connection.
   * @throws StatusError when the watch cannot be.
   */
  prepare(): void {
    const { store } = this.#registry;
    const { sendInitialEvents, allowWatchBookmarks } = this.#options;
    const since = parseVersion(this.#options.resourceVersion);
    if (sendInitialEvents === true) checkReached(since, store.revision);
    const revision = store.revision;
    this.#watch = watch(
      this.#registry,
      { ...this.#options, resourceVersion: this.#since(revision) },
      {
        event: (type, stored) => this.#add({ type, body: stored }),
        initialDone: () => {
          if (sendInitialEvents === true && allowWatchBookmarks) {
            this.#bookmark(revision, { 'k8s.io/initial-events-end': 'true' });
          }
        },
        // What cannot be told ends the watch without a word.
        failed: () => {
          this.#connection?.end();
          this.stop();
        },
      },
    );
    // A resource that is no longer served, as when its CustomResourceDefinition goes, has nothing more to tell.
    this.#registry.retired.addEventListener('abort', this.#finish);
  }

  /** Sends what there is and what comes, until the time is up or the client is gone. */
  connect(connection: WatchConnection, random: Random): void {
    this.#connection = connection;
    connection.listen({ drain: () => this.#pump(), gone: () => this.stop() });
    const { timeoutSeconds, allowWatchBookmarks } = this.#options;
    const seconds = timeoutSeconds || random.between(SHORTEST_WATCH, 2 * SHORTEST_WATCH);
    this.#deadline = this.#clock.now() + seconds * 1000;
    this.#after(seconds * 1000, this.#finish);
    if (allowWatchBookmarks) this.#bookmarkLater();
    this.#pump();
  }

  /** From which version on changes are told; `undefined`: the present state first. */
  #since(revision: number): string | undefined {
    const { sendInitialEvents, resourceVersion } = this.#options;
    if (sendInitialEvents === true) return undefined;
    if (sendInitialEvents === false && !resourceVersion) return String(revision);
    return resourceVersion;
  }

  #add(waiting: Waiting): void {
    if (this.#ended) return;
    this.#waiting.push(waiting);
    // The present state, which a watch may begin with, is no backlog of the reader's making.
    if (this.#waiting.length - this.#next > MOST_WAITING + this.#registry.table.size) {
      this.#connection?.cut();
      this.stop();
      return;
    }
    this.#confirm();
  }

  /** Has what waits be sent once it is durable: nobody may act on what could be gone after a crash. */
  #confirm(): void {
    if (this.#confirming || this.#ended) return;
    this.#confirming = true;
    const count = this.#waiting.length;
    this.#registry.store.flushed().then(
      () => {
        this.#confirming = false;
        this.#durable = count;
        const hasMore = this.#waiting.length > count;
        this.#pump();
        if (hasMore) this.#confirm();
      },
      // Each request is told why.
      () => {
        this.#connection?.cut();
        this.stop();
      },
    );
  }

  #pump(): void {
    const connection = this.#connection;
    while (!this.#ended && connection !== undefined && connection.waiting < HIGH_WATER) {
      const waiting = this.#next < this.#durable ? this.#waiting[this.#next++] : undefined;
      if (waiting === undefined) break;
      const bytes = waiting === 'END' ? undefined : this.#encoded(waiting);
      if (bytes === undefined) {
        connection.end();
        this.stop();
        return;
      }
      connection.send(bytes);
    }
    if (this.#next < this.#waiting.length) return;
    this.#waiting = [];
    this.#next = 0;
    this.#durable = 0;
  }

  /** @returns `undefined` for what has no such shape, which ends a watch without a word (handlers/watch.go ServeHTTP). */
  #encoded({ type, body }: Exclude<Waiting, 'END'>): Uint8Array | undefined {
    try {
      return this.#encoder.encode(type, body);
    } catch (error) {
      if (error instanceof StatusError) return undefined;
      throw error;
    }
  }

  /** About every minute, and shortly before the end. */
  #bookmarkLater(): void {
    const delay = Math.min(BOOKMARK_EVERY, this.#deadline - LAST_BOOKMARK - this.#clock.now());
    if (delay <= 0) return;
    this.#after(delay, () => {
      this.#bookmarkNow();
      this.#bookmarkLater();
    });
  }

  /** A bookmark may only name a version whose changes have all been told. */
  #bookmarkNow(): void {
    const { revision } = this.#registry.store;
    this.#watch?.afterEvents(() => this.#bookmark(revision));
  }

  #bookmark(revision: number, annotations?: Record<string, string>): void {
    const { resource } = this.#registry;
    const object: KubeObject = {
      kind: resource.kind,
      apiVersion: apiVersionOf(resource),
      metadata: { resourceVersion: String(revision), ...(annotations === undefined ? {} : { annotations }) },
    };
    this.#add({ type: 'BOOKMARK', body: object });
  }

  /** The time is up, once all that has happened has been told. */
  readonly #finish = () => {
    this.#watch?.afterEvents(() => {
      // Who is slow to read is not waited for.
      if ((this.#connection?.waiting ?? 0) < HIGH_WATER) return this.#add('END');
      this.#connection?.end();
      this.stop();
    });
  };

  stop(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#registry.retired.removeEventListener('abort', this.#finish);
    this.#watch?.stop();
    for (const timer of this.#timers) timer.cancel();
    this.#timers.clear();
    this.#waiting = [];
  }

  #after(delay: number, callback: () => void): void {
    const timer = this.#clock.setTimeout(() => {
      this.#timers.delete(timer);
      if (!this.#ended) callback();
    }, delay);
    this.#timers.add(timer);
  }
}
