import type { KubeObject } from '../../shared/kubernetes/objects';
import type { Resource } from '../../shared/kubernetes/resources';
import { groupResourceOf } from '../../shared/kubernetes/resources';
import type { ApiClient, WatchEvent } from './client';

/** Told of changes; `previous` is what the cache held before. All are optional. */
export interface Handlers<T> {
  add?(object: T): void;
  update?(object: T, previous: T): void;
  delete?(object: T): void;
}

/** `namespace/name`, or `name` for cluster-scoped objects (client-go's `MetaNamespaceKeyFunc`). */
export function keyOf(object: KubeObject): string {
  return keyFor(object.metadata.namespace, object.metadata.name ?? '');
}

/** The key of an object known by its names only. */
export function keyFor(namespace: string | undefined, name: string): string {
  return namespace ? `${namespace}/${name}` : name;
}

/** The names in a key. */
export function splitKey(key: string): { namespace: string | undefined; name: string } {
  const slash = key.indexOf('/');
  return slash < 0
    ? { namespace: undefined, name: key }
    : { namespace: key.slice(0, slash), name: key.slice(slash + 1) };
}

type IndexFunction<T> = (object: T) => readonly string[];

class Index<T> {
  readonly #values: IndexFunction<T>;
  readonly #buckets = new Map<string, Map<string, T>>();

  constructor(values: IndexFunction<T>) {
    this.#values = values;
  }

  put(key: string, object: T): void {
    for (const value of this.#values(object)) {
      const bucket = this.#buckets.get(value) ?? new Map<string, T>();
      bucket.set(key, object);
      this.#buckets.set(value, bucket);
    }
  }

  remove(key: string, object: T): void {
    for (const value of this.#values(object)) {
      const bucket = this.#buckets.get(value);
      bucket?.delete(key);
      if (bucket?.size === 0) this.#buckets.delete(value);
    }
  }

  get(value: string): T[] {
    return [...(this.#buckets.get(value)?.values() ?? [])];
  }
}

/**
 * A live cache of one resource, kept by list and watch, as client-go's SharedIndexInformer: the cache changes first, then
 * the handlers hear of it.
 */
export class Informer<T extends KubeObject> {
  readonly #objects = new Map<string, T>();
  readonly #handlers: Handlers<T>[] = [];
  readonly #indexes = new Map<string, Index<T>>();
  readonly #client: ApiClient;
  readonly #resource: Resource<T>;
  #watch: { stop(): void } | undefined;
  #synced: Promise<void> | undefined;

  constructor(client: ApiClient, resource: Resource<T>) {
    this.#client = client;
    this.#resource = resource;
  }

  /** Looks objects up by a value computed from them; every index is kept with each change. */
  addIndex(name: string, values: IndexFunction<T>): void {
    if (this.#indexes.has(name)) return;
    const index = new Index(values);
    for (const [key, object] of this.#objects) index.put(key, object);
    this.#indexes.set(name, index);
  }

  /** Hears of all that is in the cache already (as `add`), then of every change. */
  addHandlers(handlers: Handlers<T>): void {
    this.#handlers.push(handlers);
    for (const object of this.#objects.values()) handlers.add?.(object);
  }

  /** Lists, then watches. Resolves when the first list is in the cache; calling it again gives the same promise. */
  start(): Promise<void> {
    this.#synced ??= this.#relist();
    return this.#synced;
  }

  stop(): void {
    this.#watch?.stop();
    this.#watch = undefined;
  }

  get(namespace: string | undefined, name: string): T | undefined {
    return this.#objects.get(keyFor(namespace, name));
  }

  getByKey(key: string): T | undefined {
    return this.#objects.get(key);
  }

  get size(): number {
    return this.#objects.size;
  }

  /** @param namespace absent: all. The order is that of arrival. */
  list(namespace?: string): T[] {
    if (namespace === undefined) return [...this.#objects.values()];
    // Many resources are never asked for so, and an index has a place for every object.
    this.addIndex('namespace', (object) => [object.metadata.namespace ?? '']);
    return this.byIndex('namespace', namespace);
  }

  /** @throws Error when there is no index of that name. */
  byIndex(index: string, value: string): T[] {
    const found = this.#indexes.get(index);
    if (found === undefined) throw new Error(`no index "${index}" on ${groupResourceOf(this.#resource)}`);
    return found.get(value);
  }

  async #relist(): Promise<void> {
    const list = await this.#client.list(this.#resource);
    const seen = new Set<string>();
    for (const object of list.items) {
      seen.add(keyOf(object));
      this.#put(object);
    }
    for (const [key, object] of this.#objects) if (!seen.has(key)) this.#remove(key, object);
    this.#watch = this.#client.watch(this.#resource, { resourceVersion: list.resourceVersion }, (event) =>
      this.#take(event),
    );
  }

  #take(event: WatchEvent<T>): void {
    switch (event.type) {
      case 'ADDED':
      case 'MODIFIED':
        this.#put(event.object);
        return;
      case 'DELETED':
        this.#remove(keyOf(event.object), event.object);
        return;
      case 'ERROR':
        // The version expired: what was missed is found by listing again, as a reflector does.
        this.stop();
        void this.#relist();
    }
  }

  #put(object: T): void {
    const key = keyOf(object);
    const previous = this.#objects.get(key);
    if (previous?.metadata.resourceVersion === object.metadata.resourceVersion && previous !== undefined) return;
    if (previous !== undefined) for (const index of this.#indexes.values()) index.remove(key, previous);
    this.#objects.set(key, object);
    for (const index of this.#indexes.values()) index.put(key, object);
    for (const handlers of this.#handlers) {
      if (previous === undefined) handlers.add?.(object);
      else handlers.update?.(object, previous);
    }
  }

  #remove(key: string, last: T): void {
    const previous = this.#objects.get(key);
    if (previous === undefined) return;
    this.#objects.delete(key);
    for (const index of this.#indexes.values()) index.remove(key, previous);
    for (const handlers of this.#handlers) handlers.delete?.(last);
  }
}

/** Versions of a custom resource come and go: each has a cache of its own. */
const nameOf = (resource: Resource) => `${resource.version}/${groupResourceOf(resource)}`;

/** One informer a resource, shared by all controllers of a process. */
export class InformerFactory {
  readonly #client: ApiClient;
  readonly #informers = new Map<string, Informer<KubeObject>>();

  constructor(client: ApiClient) {
    this.#client = client;
  }

  for<T extends KubeObject>(resource: Resource<T>): Informer<T> {
    const name = nameOf(resource);
    let informer = this.#informers.get(name);
    if (informer === undefined) {
      // The map forgets T; the key, made from the same handle, brings it back.
      informer = new Informer(this.#client, resource) as unknown as Informer<KubeObject>;
      this.#informers.set(name, informer);
    }
    return informer as unknown as Informer<T>;
  }

  /** Stops the informer of a resource that is served no longer; its handlers hear nothing more. */
  drop(resource: Resource): void {
    const name = nameOf(resource);
    this.#informers.get(name)?.stop();
    this.#informers.delete(name);
  }

  /** Starts every informer asked for so far and resolves when all have listed. */
  async start(): Promise<void> {
    await Promise.all([...this.#informers.values()].map((informer) => informer.start()));
  }

  stop(): void {
    for (const informer of this.#informers.values()) informer.stop();
  }
}
