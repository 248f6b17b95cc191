import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { exportedFunctions } from './lib/modules.mjs';
import { main, root, SetupError, say } from './lib/process.mjs';
import { withWindow } from './lib/window.mjs';

/**
 * Runs the functions that test/screenshots/*.ts export; each is given the folder to write its pictures to. Words choose, as
 * with the bench.
 */
await main(() =>
  withWindow(async (env) => {
    Object.assign(process.env, env);
    const folder = join(root, 'docs', 'pictures');
    await mkdir(folder, { recursive: true });
    const pictures = await exportedFunctions('test/screenshots', '.ts', process.argv.slice(2));
    if (pictures.length === 0) throw new SetupError('no picture matches');
    for (const { file, name, run } of pictures) {
      say(`${file}: ${name}`);
      await run(folder);
    }
  }),
);
