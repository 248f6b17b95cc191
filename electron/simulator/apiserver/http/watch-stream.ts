import type { KubeObject } from '../../../../shared/kubernetes/objects';
import { apiVersionOf } from '../../../../shared/kubernetes/resources';
import type { StatusError } from '../../../../shared/kubernetes/status-error';
import type { Clock, Timer } from '../../clock';
import type { Random } from '../../random';
import { checkReached } from '../registry/read';
import type { Registry } from '../registry/registry';
import { type ChangeType, watch } from '../registry/watch';
import type { Stored } from '../storage/stored';
import type { Exchange } from './exchange';
import type { ListOptions } from './list-options';
import type { Representation } from './representation';

/** How many events wait for a reader before it is cut off. They are shared objects, so the wait costs little. */
const MOST_WAITING = 20_000;
/** Bytes in the connection's own buffer above which events wait unencoded. */
const HIGH_WATER = 256 * 1024;
/** About a minute, as upstream's cacher. */
const BOOKMARK_EVERY = 60_000;
/** Without a timeout asked for, a watch ends after this many seconds to twice as many (`--min-request-timeout`). */
const SHORTEST_WATCH = 1800;

/** Plain frames, encoded once for all watchers: an object version is only ever told with one type, but for selections. */
const frames = new WeakMap<Stored, { type: ChangeType; frame: Buffer }>();

type Waiting = { readonly type: ChangeType; readonly stored: Stored } | { readonly frame: string };

/** One watch over HTTP: events as JSON, one a line. */
export class WatchStream {
  readonly #registry: Registry;
  readonly #exchange: Exchange;
  readonly #representation: Representation;
  readonly #options: ListOptions;
  readonly #clock: Clock;
  readonly #timers = new Set<Timer>();
  #waiting: Waiting[] = [];
  #next = 0;
  #first = true;
  #ended = false;
  #stop: () => void = () => {};

  constructor(registry: Registry, exchange: Exchange, representation: Representation, options: ListOptions) {
    this.#registry = registry;
    this.#exchange = exchange;
    this.#representation = representation;
    this.#options = options;
    this.#clock = registry.clock;
  }

  /** @throws StatusError before anything is sent, when the watch cannot be. */
  start(random: Random): void {
    const { store } = this.#registry;
    const { sendInitialEvents, allowWatchBookmarks, timeoutSeconds } = this.#options;
    checkReached(sendInitialEvents === undefined ? undefined : this.#options.resourceVersion, store.revision);
    const { response } = this.#exchange;
    const revision = store.revision;
    this.#stop = watch(
      this.#registry,
      { ...this.#options, resourceVersion: this.#since(revision) },
      {
        event: (type, stored) => this.#add({ type, stored }),
        initialDone: () => {
          if (sendInitialEvents === true) this.#bookmark(revision, { 'k8s.io/initial-events-end': 'true' });
        },
      },
    );
    response.on('drain', () => this.#pump());
    response.on('close', () => this.#end());
    response.on('error', () => this.#end());
    // A resource that is no longer served, as when its CustomResourceDefinition goes, has nothing more to tell.
    this.#registry.retired.addEventListener('abort', this.#finishNow);
    this.#exchange.setCommonHeaders();
    response.setHeader('content-type', 'application/json');
    response.writeHead(200);
    response.flushHeaders();

    const seconds = timeoutSeconds || random.between(SHORTEST_WATCH, 2 * SHORTEST_WATCH);
    this.#after(seconds * 1000, () => this.#finish());
    if (allowWatchBookmarks) this.#bookmarkLater();
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
      this.#exchange.response.destroy();
      return;
    }
    this.#pump();
  }

  #pump(): void {
    const { response } = this.#exchange;
    while (!this.#ended && response.writableLength < HIGH_WATER) {
      const waiting = this.#waiting[this.#next];
      if (waiting === undefined) {
        this.#waiting = [];
        this.#next = 0;
        return;
      }
      this.#next++;
      response.write('frame' in waiting ? waiting.frame : this.#frame(waiting.type, waiting.stored));
    }
  }

  #frame(type: ChangeType, stored: Stored): Buffer | string {
    if (!this.#representation.isPlain) {
      const json = this.#representation.event(stored, this.#first);
      this.#first = false;
      return `{"type":"${type}","object":${json}}\n`;
    }
    const known = frames.get(stored);
    if (known?.type === type) return known.frame;
    const frame = Buffer.from(`{"type":"${type}","object":${stored.json}}\n`);
    frames.set(stored, { type, frame });
    return frame;
  }

  #bookmarkLater(): void {
    this.#after(BOOKMARK_EVERY, () => {
      this.#bookmarkNow();
      this.#bookmarkLater();
    });
  }

  /** A bookmark may only name a version whose changes have all been told. */
  #bookmarkNow(): void {
    const { revision } = this.#registry.store;
    this.#registry.store.afterDeliveries(() => this.#bookmark(revision));
  }

  #bookmark(revision: number, annotations?: Record<string, string>): void {
    const { resource } = this.#registry;
    const object: KubeObject = {
      kind: resource.kind,
      apiVersion: apiVersionOf(resource),
      metadata: { resourceVersion: String(revision), ...(annotations === undefined ? {} : { annotations }) },
    };
    this.#add({ frame: `{"type":"BOOKMARK","object":${JSON.stringify(object)}}\n` });
  }

  /** The time is up: a last bookmark, so that the client goes on where this ends. */
  #finish(): void {
    if (this.#options.allowWatchBookmarks) this.#bookmarkNow();
    this.#registry.store.afterDeliveries(() => {
      this.#exchange.response.end();
      this.#end();
    });
  }

  readonly #finishNow = () => this.#finish();

  #end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#registry.retired.removeEventListener('abort', this.#finishNow);
    this.#stop();
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

/** Answers a watch whose version is too old as upstream's watch cache does: with a stream whose only event says so. */
export async function refuseWatch(exchange: Exchange, error: StatusError): Promise<void> {
  await exchange.send(200, 'application/json', `{"type":"ERROR","object":${JSON.stringify(error.status)}}\n`);
}
