import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { open, type RootDatabase } from 'lmdb';
import type { Backend, DurableChange } from './backend';
import { damageOf } from './lmdb-check';

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
  readonly #loaded: { key: string; revision: number; value: string }[];
  readonly revision: number;
  #last: Promise<unknown> = Promise.resolve();
  /** The first failure. Nothing is written after it: a later change without an earlier one would be no prefix. */
  #failure: Error | undefined;

  private constructor(
    database: RootDatabase<string, string>,
    loaded: { key: string; revision: number; value: string }[],
    revision: number,
  ) {
    this.#database = database;
    this.#loaded = loaded;
    this.revision = revision;
  }

  /**
   * @param folder an existing folder of the backend's own.
   * @throws Error when the file is there but cannot be read as a database of ours; it is closed then.
   */
  static async open(folder: string): Promise<LmdbBackend> {
    const file = join(folder, FILE);
    const damage = damageOf(file);
    if (damage !== undefined) throw new Error(damage);
    // Readers of a process that is gone. Whoever opens has the folder alone.
    rmSync(`${file}-lock`, { force: true });
    const database = open<string, string>({
      path: file,
      noSubdir: true,
      encoding: 'string',
      // A commit resolves once it is on disk, not only visible to others.
      overlappingSync: false,
    });
    try {
      const loaded: { key: string; revision: number; value: string }[] = [];
      let revision = 0;
      for (const { key, value } of database.getRange()) {
        const entry = decode(key, value);
        if (entry.revision > revision) revision = entry.revision;
        if (key !== REVISION_KEY) loaded.push({ key, ...entry });
      }
      return new LmdbBackend(database, loaded, revision);
    } catch (error) {
      await database.close();
      throw error;
    }
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
function decode(key: unknown, stored: unknown): { revision: number; value: string } {
  if (typeof key !== 'string' || typeof stored !== 'string') throw new Error('an entry is no text');
  const space = stored.indexOf(' ');
  const revision = Number(stored.slice(0, space));
  const value = stored.slice(space + 1);
  if (space < 1 || !Number.isSafeInteger(revision)) throw new Error(`the entry "${key}" has no revision`);
  if (key !== REVISION_KEY) JSON.parse(value);
  return { revision, value };
}
