import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { root } from './paths';

/**
 * Makes sure that programs in dist/ are those of this tree. Takes no time worth noticing when they are.
 * @param modes their modes in vite.config.ts
 */
export async function build(...modes: string[]): Promise<void> {
  await promisify(execFile)(process.execPath, ['scripts/build.mjs', ...modes], { cwd: root });
}
