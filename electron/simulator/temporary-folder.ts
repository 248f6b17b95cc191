import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hasCode } from '../error-code';

const PREFIX = 'porthole-ephemeral-';

/**
 * Makes a folder for what lives no longer than this process, and removes those of processes that were killed.
 * @param parent the platform's folder for such things, by default.
 * @returns its path.
 */
export function makeTemporaryFolder(parent = tmpdir()): string {
  for (const name of readdirSync(parent)) {
    const pid = name.startsWith(PREFIX) ? Number.parseInt(name.slice(PREFIX.length), 10) : Number.NaN;
    if (Number.isNaN(pid) || isAlive(pid)) continue;
    try {
      rmSync(join(parent, name), { recursive: true, force: true });
    } catch (error) {
      // Another person's: it is theirs to remove.
      if (!hasCode(error, 'EPERM') && !hasCode(error, 'EACCES')) throw error;
    }
  }
  return mkdtempSync(join(parent, `${PREFIX}${process.pid}-`));
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Somebody else's process is alive all the same.
    return hasCode(error, 'EPERM');
  }
}
