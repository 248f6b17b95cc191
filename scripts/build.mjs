import { ensureBuilt } from './lib/build.mjs';
import { ensureDependencies } from './lib/dependencies.mjs';
import { main } from './lib/process.mjs';

/** Builds what has changed; the modes of vite.config.ts as arguments, or none for all. */
await main(async () => {
  const modes = process.argv.slice(2);
  await ensureDependencies();
  await ensureBuilt(modes.length === 0 ? undefined : modes);
});
