import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from './process.mjs';

/**
 * The functions that the TypeScript files of a folder export: `{ file, name, run }` each. For what runs by hand and not in
 * a test runner.
 * @param folder below the repository's root
 * @param suffix which files count
 * @param words only those whose file or name contains one of them; all when there are none
 */
export async function exportedFunctions(folder, suffix, words) {
  if (!existsSync(join(root, folder))) return [];
  const { runnerImport } = await import('vite');
  const files = (await readdir(join(root, folder))).filter((file) => file.endsWith(suffix)).sort();
  const found = [];
  for (const file of files) {
    const { module } = await runnerImport(join(root, folder, file), { configFile: false, root, logLevel: 'warn' });
    for (const [name, run] of Object.entries(module)) {
      const wanted = words.length === 0 || words.some((word) => file.includes(word) || name.includes(word));
      if (typeof run === 'function' && wanted) found.push({ file, name, run });
    }
  }
  return found;
}
