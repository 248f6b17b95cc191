import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** Makes a folder, and those above it, that only its owner may look into (where the platform has modes). */
export function makePrivateFolder(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
}

/**
 * Writes a file that only its owner may read, at once or not at all: whoever reads it meanwhile finds the old text or the
 * new one.
 */
export function writePrivateFile(file: string, text: string): void {
  makePrivateFolder(dirname(file));
  const temporary = `${file}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    writeFileSync(temporary, text, { mode: 0o600 });
    // The mode above is cut by the umask, never widened; this makes it exact.
    chmodSync(temporary, 0o600);
    renameSync(temporary, file);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}
