import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { ensureBuilt } from './lib/build.mjs';
import { ensureDependencies } from './lib/dependencies.mjs';
import { exportedFunctions } from './lib/modules.mjs';
import { main, root, SetupError, say } from './lib/process.mjs';
import { prepareWindow } from './lib/window.mjs';

/**
 * Runs the functions that test/screenshots/*.ts export; each is given the folder to write its pictures to. Words choose, as
 * with the bench.
 */
await main(async () => {
  await ensureDependencies();
  await ensureBuilt();
  const window = await prepareWindow();
  Object.assign(process.env, window.env);
  try {
    const folder = join(root, 'docs', 'pictures');
    await mkdir(folder, { recursive: true });
    const pictures = await exportedFunctions('test/screenshots', '.ts', process.argv.slice(2));
    if (pictures.length === 0) throw new SetupError('no picture matches');
    for (const { file, name, run } of pictures) {
      say(`${file}: ${name}`);
      await run(folder);
    }
  } finally {
    window.stop();
  }
});
