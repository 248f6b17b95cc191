import { ensureBuilt } from './lib/build.mjs';
import { ensureDependencies } from './lib/dependencies.mjs';
import { main } from './lib/process.mjs';

await main(async () => {
  await ensureDependencies();
  await ensureBuilt();
});
