import { messageOf } from '../../../../shared/error-message';
import type { KubeObject } from '../../../../shared/kubernetes/objects';
import { kindText } from '../go-text';
import type { ManagedFields } from '../managed-fields/managed-fields';
import { failure } from '../status-errors';
import type { Change } from '../storage/change';
import { Stored } from '../storage/stored';
import type { Table } from '../storage/table';
import type { AskedConversion } from './definition';

/**
 * What of a table is at hand in a version that a webhook converts. Whoever reads asks for it first, and then reads at once, as everybody
 * else does. Single objects are asked for anew each time, lists and watches are served of what was asked before: upstream's watch cache.
 */
export class Conversion {
  readonly #table: Table;
  readonly #asked: AskedConversion;
  readonly #kind: string;
  readonly #presented = new WeakMap<Stored, Stored>();

  /** @param kind as a GroupVersionKind is written. */
  constructor(table: Table, asked: AskedConversion, { apiVersion, kind }: { apiVersion: string; kind: string }) {
    this.#table = table;
    this.#asked = asked;
    this.#kind = kindText(apiVersion, kind);
  }

  /** What has been asked for. */
  present(stored: Stored): Stored {
    const presented = this.#presented.get(stored);
    if (presented === undefined) throw new Error(`${this.#kind} ${stored.key} was read before it was converted`);
    return presented;
  }

  /** Asks for one object, whether it is there or not. @throws StatusError */
  async fetch(key: string): Promise<void> {
    const stored = this.#table.get(key);
    if (stored === undefined) return;
    await this.#convert(stored);
    // Another write came between.
    if (this.#table.get(key) !== stored) await this.fetch(key);
  }

  /** Asks for what has not been asked for. @throws StatusError */
  async ensure(all: Iterable<Stored>): Promise<void> {
    for (const stored of all) if (!this.#presented.has(stored)) await this.#convert(stored);
  }

  /** Asks for all that there is now. @throws StatusError 429: nothing is listed or watched that cannot be had whole. */
  async ready(): Promise<void> {
    const unknown = () => [...this.#table.list()].filter((stored) => !this.#presented.has(stored));
    try {
      for (let missing = unknown(); missing.length > 0; missing = unknown()) await this.ensure(missing);
    } catch (error) {
      const message = `storage is (re)initializing: failed to list ${this.#kind}: ${messageOf(error)}`;
      throw failure(429, 'TooManyRequests', message, { retryAfterSeconds: 1 });
    }
  }

  /** Asks for what those who watch are told of a change. @throws StatusError */
  async ensureChange(change: Change): Promise<void> {
    const { current, previous, type } = change;
    if (previous !== undefined) await this.ensure([previous]);
    if (type !== 'DELETED') await this.ensure([current]);
    if (previous !== undefined) this.depart(previous, change.departed);
  }

  /** What is the same but for its revision need not be asked for. */
  depart(previous: Stored, departed: Stored): void {
    const presented = this.#presented.get(previous);
    if (presented !== undefined) this.#presented.set(departed, presented.at(departed.revision));
  }

  /** What is to be stored of an object. @throws StatusError */
  async toStorage(object: KubeObject, managed: ManagedFields): Promise<KubeObject> {
    const { metadata, ...rest } = Stored.unwritten('', object, managed).whole;
    const { resourceVersion: _, managedFields: __, ...kept } = metadata;
    const sent = { ...rest, metadata: { ...kept, ...(managed.json && { managedFields: metadata.managedFields }) } };
    return withoutManaged(await this.#asked.toStorage(sent));
  }

  /** Stores what `toStorage` gave. */
  async put(key: string, object: KubeObject, managed: ManagedFields): Promise<Stored> {
    return this.show(this.#table.put(key, object, managed));
  }

  /** What is stored, or would be, as a client sees it. @throws StatusError */
  async show(stored: Stored): Promise<Stored> {
    await this.#convert(stored);
    return this.present(stored);
  }

  async #convert(stored: Stored): Promise<void> {
    const object = withoutManaged(await this.#asked.fromStorage(stored.whole));
    this.#presented.set(
      stored,
      stored.as(() => object),
    );
  }
}

function withoutManaged({ metadata, ...rest }: KubeObject): KubeObject {
  const { managedFields: _, ...kept } = metadata;
  return { ...rest, metadata: kept };
}
