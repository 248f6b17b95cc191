import type { RowsProblem } from '../../../shared/contract/rows';
import { messageOf } from '../../../shared/error-message';
import type { KubeObject, Status } from '../../../shared/kubernetes/objects';
import type { Resource } from '../../../shared/kubernetes/resources';
import { isExpired, StatusError } from '../../../shared/kubernetes/status-error';
import { type Backoff, exponentialBackoff, pause } from '../connection/backoff';
import type { Connection } from '../connection/connection';
import { JsonLines } from './json-lines';
import { collectionPath, queryString } from './paths';
import { trim } from './trim';

/** What a reflector watches. */
export interface WatchScope {
  readonly resource: Resource;
  /** Absent: all namespaces, or a cluster-scoped kind. */
  readonly namespace?: string;
  readonly fieldSelector?: string;
  readonly labelSelector?: string;
}

/** Where a reflector puts what it learns. Objects are trimmed and complete with apiVersion and kind. */
export interface WatchSink {
  /** A full list begins: what is not in it when it ends is gone. */
  listing(): void;
  put(objects: readonly KubeObject[]): void;
  listed(): void;
  remove(object: KubeObject): void;
  /** The list is complete and the watch stands: all is as of now. */
  live(): void;
  problem(problem: RowsProblem): void;
}

export interface ReflectorOptions {
  readonly backoff?: Backoff;
  /** Objects asked for at once. */
  readonly pageSize?: number;
  /** How long the server lets a watch live. Seconds. */
  readonly watchSeconds?: number;
  /** A watch that says nothing for so long is opened anew; servers send bookmarks about once a minute. Milliseconds. */
  readonly silence?: number;
}

interface List {
  readonly metadata?: { readonly resourceVersion?: string; readonly continue?: string };
  readonly items?: KubeObject[] | null;
}

interface WatchEvent {
  readonly type?: string;
  readonly object?: KubeObject;
}

/** A server that ends watches sooner than this is not asked again at once. Milliseconds. */
const shortWatch = 1000;
/** Refused for good until somebody grants it or installs it; asked again at this pace. Milliseconds. */
const refusedRetry = 30_000;

/**
 * Lists a resource in pages, then watches it from there, and keeps on through cuts, silence and expired versions
 * (client-go's `tools/cache/reflector.go`). A watch that was cut resumes where it stood.
 */
export class Reflector {
  private readonly connection: Connection;
  private readonly scope: WatchScope;
  private readonly sink: WatchSink;
  private readonly backoff: Backoff;
  private readonly pageSize: number;
  private readonly watchSeconds: number;
  private readonly silence: number;
  private readonly stopped = new AbortController();
  private readonly unsubscribe: () => void;
  /** Where the watch stands; absent before the first list and after it expired. */
  private resourceVersion: string | undefined;
  /** When the server last said something. Milliseconds since the epoch. */
  private heard = Date.now();
  private failures = 0;

  constructor(connection: Connection, scope: WatchScope, sink: WatchSink, options: ReflectorOptions = {}) {
    this.connection = connection;
    this.scope = scope;
    this.sink = sink;
    this.backoff = options.backoff ?? exponentialBackoff(500, 30_000);
    this.pageSize = options.pageSize ?? 1000;
    this.watchSeconds = options.watchSeconds ?? 300;
    this.silence = options.silence ?? 90_000;
    this.unsubscribe = connection.state.subscribe(() => this.reportConnection());
    this.reportConnection();
  }

  /** Runs until stopped. Never throws. */
  async run(): Promise<void> {
    const { signal } = this.stopped;
    while (await this.connection.connected(signal)) {
      try {
        if (this.resourceVersion === undefined) this.resourceVersion = await this.list(signal);
        const opened = Date.now();
        await this.watch(this.resourceVersion, signal);
        if (Date.now() - opened < shortWatch) await pause(this.backoff.delay(1), signal);
      } catch (error) {
        if (signal.aborted) return;
        await this.failed(error, signal);
      }
    }
  }

  stop(): void {
    this.unsubscribe();
    this.stopped.abort();
  }

  /** Reads all pages; returns the version that the list is of. */
  private async list(signal: AbortSignal): Promise<string> {
    let next: string | undefined;
    this.sink.listing();
    for (;;) {
      const query = queryString({ ...this.selectors(), limit: this.pageSize, continue: next });
      const page = await this.connection.requests.getJson<List>(this.path() + query, signal);
      this.heard = Date.now();
      this.sink.put((page.items ?? []).map((item) => this.complete(item)));
      next = page.metadata?.continue || undefined;
      if (next === undefined) {
        this.sink.listed();
        return page.metadata?.resourceVersion ?? '';
      }
    }
  }

  /** Follows changes until the server or the silence ends it. @throws when the watch cannot go on from there. */
  private async watch(from: string, signal: AbortSignal): Promise<void> {
    const query = queryString({
      ...this.selectors(),
      watch: true,
      allowWatchBookmarks: true,
      resourceVersion: from,
      timeoutSeconds: this.watchSeconds,
    });
    const ended = new AbortController();
    const end = () => ended.abort();
    signal.addEventListener('abort', end);
    let silent: NodeJS.Timeout | undefined;
    try {
      const response = await this.connection.requests.get(this.path() + query, ended.signal);
      silent = setTimeout(end, this.silence);
      this.succeeded();
      const lines = new JsonLines();
      for await (const chunk of response) {
        this.heard = Date.now();
        silent.refresh();
        for (const event of lines.push(chunk)) this.take(event as WatchEvent);
      }
    } catch (error) {
      // Ended by us because nothing came: resume quietly. Whether the server still lives shows in the next request.
      if (!(ended.signal.aborted && !signal.aborted)) throw error;
    } finally {
      clearTimeout(silent);
      signal.removeEventListener('abort', end);
    }
  }

  private take({ type, object }: WatchEvent): void {
    if (object === undefined) return;
    if (type === 'ERROR') throw new StatusError(object as Status);
    this.resourceVersion = object.metadata.resourceVersion ?? this.resourceVersion;
    if (type === 'ADDED' || type === 'MODIFIED') this.sink.put([this.complete(object)]);
    if (type === 'DELETED') this.sink.remove(this.complete(object));
  }

  private succeeded(): void {
    this.failures = 0;
    this.heard = Date.now();
    this.sink.live();
  }

  private async failed(error: unknown, signal: AbortSignal): Promise<void> {
    this.failures += 1;
    if (isExpired(error) || (error instanceof StatusError && error.code === 410)) {
      this.resourceVersion = undefined;
      // Once is life; a server that expires what it has just listed is asked more slowly.
      if (this.failures === 1) return;
    }
    const cut = this.connection.doubt(error);
    // A watch is cut now and then; it is a problem when it cannot be taken up again at once.
    if (cut && this.failures === 1) return;
    this.sink.problem(this.problemOf(error, cut));
    const refused = error instanceof StatusError && (error.code === 403 || error.code === 404);
    await pause(refused ? refusedRetry : this.backoff.delay(this.failures), signal);
  }

  private problemOf(error: unknown, cut: boolean): RowsProblem {
    const message = messageOf(error);
    if (cut) return { type: 'disconnected', message, since: this.heard };
    if (error instanceof StatusError && error.code === 403) return { type: 'forbidden', message };
    if (error instanceof StatusError && error.code === 404) return { type: 'missing', message };
    return { type: 'error', message };
  }

  /** While the cluster cannot be talked to, the connection knows best why. */
  private reportConnection(): void {
    const state = this.connection.state.value;
    if (state.state === 'connected' || state.state === 'connecting') return;
    this.sink.problem({ type: 'disconnected', message: state.message, since: this.heard });
  }

  private path(): string {
    return collectionPath(this.scope.resource, this.scope.namespace);
  }

  private selectors() {
    return { fieldSelector: this.scope.fieldSelector, labelSelector: this.scope.labelSelector };
  }

  /** Items of a list lack what the list says for all of them. */
  private complete(object: KubeObject): KubeObject {
    const { group, version, kind } = this.scope.resource;
    object.apiVersion ??= group === '' ? version : `${group}/${version}`;
    object.kind ??= kind;
    return trim(object, kind);
  }
}
