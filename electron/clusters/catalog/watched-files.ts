import { type FSWatcher, watch } from 'node:fs';
import { basename, dirname } from 'node:path';

/** Editors and credential helpers write in several steps; a burst counts as one change. Milliseconds. */
const settle = 100;
/** How long until a folder that is not there, or whose watch broke, is looked for again. Milliseconds. */
const retry = 5000;

/**
 * Tells when any of some files changes, appears or goes. Folders are watched, not files, so that replacing a file by
 * renaming, as editors do, is seen too.
 */
export class WatchedFiles {
  private readonly onChange: () => void;
  private readonly folders = new Map<string, { names: Set<string>; watcher?: FSWatcher; retry?: NodeJS.Timeout }>();
  private settling: NodeJS.Timeout | undefined;

  constructor(onChange: () => void) {
    this.onChange = onChange;
  }

  /** Watches exactly these files from now on. Paths are absolute. */
  set(files: readonly string[]): void {
    const wanted = new Map<string, Set<string>>();
    for (const file of files) {
      const folder = dirname(file);
      wanted.set(folder, (wanted.get(folder) ?? new Set()).add(basename(file)));
    }
    for (const folder of [...this.folders.keys()]) if (!wanted.has(folder)) this.drop(folder);
    for (const [folder, names] of wanted) {
      const known = this.folders.get(folder);
      if (known !== undefined) known.names = names;
      else {
        this.folders.set(folder, { names });
        this.open(folder);
      }
    }
  }

  close(): void {
    clearTimeout(this.settling);
    for (const folder of [...this.folders.keys()]) this.drop(folder);
  }

  private open(folder: string): void {
    const entry = this.folders.get(folder);
    if (entry === undefined) return;
    const again = () => {
      entry.watcher?.close();
      delete entry.watcher;
      clearTimeout(entry.retry);
      entry.retry = setTimeout(() => {
        this.open(folder);
        // Files may have come while nobody looked.
        if (entry.watcher !== undefined) this.changed();
      }, retry);
      entry.retry.unref();
    };
    try {
      // `persistent: false`: a watch alone keeps no process alive.
      entry.watcher = watch(folder, { persistent: false }, (event, name) => {
        if (name === null || entry.names.has(name)) this.changed();
        // The folder itself was moved or deleted: the watch is on what it was.
        if (event === 'rename' && name === basename(folder)) again();
      });
      entry.watcher.on('error', again);
    } catch {
      // No such folder yet, or not readable: that is a state to wait out, and reading the file says so to the person.
      again();
    }
  }

  private drop(folder: string): void {
    const entry = this.folders.get(folder);
    entry?.watcher?.close();
    clearTimeout(entry?.retry);
    this.folders.delete(folder);
  }

  private changed(): void {
    clearTimeout(this.settling);
    this.settling = setTimeout(this.onChange, settle);
  }
}
