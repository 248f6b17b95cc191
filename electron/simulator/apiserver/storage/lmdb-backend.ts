import { join } from 'node:path';
import { open, type RootDatabase } from 'lmdb';
import type { Backend, DurableChange } from './backend';

/** Where the last used revision stands, for when the object that used it is gone. Sorts apart from every object's key. */
const REVISION_KEY = 'revision';

/** Marks the layout of keys and values; a change of layout changes it. */
const FILE = 'objects-v1.mdb';

/**
 * Objects in an LMDB file: the key as given, the value `REVISION JSON`. All changes of one turn of the event loop share a
 * transaction, and transactions follow one another, so what is on disk is always a prefix of the history.
 */
export class LmdbBackend implements Backend {
  readonly #database: RootDatabase<string, string>;
  readonly #loaded: { key: string; revision: number; value: string }[] = [];
  readonly revision: number;
  #last: Promise<unknown> = Promise.resolve();
  /** The first failure. Nothing is written after it: a later change without an earlier one would be no prefix. */
  #failure: Error | undefined;

  /**
   * @param folder an existing folder of the cluster's own.
   * @throws Error when the file is there but is no readable database.
   */
  constructor(folder: string) {
    this.#database = open<string, string>({
      path: join(folder, FILE),
      noSubdir: true,
      encoding: 'string',
      // A commit resolves once it is on disk, not only visible to others.
      overlappingSync: false,
    });
    let revision = 0;
    try {
      for (const { key, value } of this.#database.getRange()) {
        const entry = decode(key, value);
        if (entry.revision > revision) revision = entry.revision;
        if (key !== REVISION_KEY) this.#loaded.push({ key, ...entry });
      }
    } catch (error) {
      void this.#database.close();
      throw error;
    }
    this.revision = revision;
  }

  /** Gives what was there at the start, once. */
  *load(): Iterable<{ key: string; revision: number; value: string }> {
    yield* this.#loaded.splice(0);
  }

  append(change: DurableChange): void {
    if (this.#failure !== undefined) return;
    if (change.value === undefined) {
      this.#track(this.#database.remove(change.key));
      this.#track(this.#database.put(REVISION_KEY, `${change.revision} `));
    } else {
      this.#track(this.#database.put(change.key, `${change.revision} ${change.value}`));
    }
  }

  async flushed(): Promise<void> {
    // What fails fails for good, and is told to everyone who waits.
    await this.#last;
    if (this.#failure !== undefined) throw this.#failure;
  }

  async close(): Promise<void> {
    await this.#last;
    await this.#database.close();
    if (this.#failure !== undefined) throw this.#failure;
  }

  #track(written: Promise<boolean>): void {
    this.#last = written.catch((error: unknown) => {
      this.#failure ??= error instanceof Error ? error : new Error(String(error));
    });
  }
}

/** @throws Error when the value is none of ours. */
function decode(key: string, stored: string): { revision: number; value: string } {
  const space = stored.indexOf(' ');
  const revision = Number(stored.slice(0, space));
  const value = stored.slice(space + 1);
  if (space < 1 || !Number.isSafeInteger(revision)) throw new Error(`the entry "${key}" has no revision`);
  if (key !== REVISION_KEY && !value.startsWith('{')) throw new Error(`the entry "${key}" is no object`);
  return { revision, value };
}
