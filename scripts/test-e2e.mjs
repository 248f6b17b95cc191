import { ensureBuilt } from './lib/build.mjs';
import { ensureDependencies } from './lib/dependencies.mjs';
import { main, tool } from './lib/process.mjs';
import { prepareWindow } from './lib/window.mjs';

/** End-to-end tests alone; arguments go to Playwright, e.g. `npm run test:e2e -- pods`. */
await main(async () => {
  await ensureDependencies();
  await ensureBuilt();
  const window = await prepareWindow();
  try {
    return await tool('@playwright/test/cli.js', ['test', ...process.argv.slice(2)], {
      env: window.env,
      stdio: 'inherit',
    });
  } finally {
    window.stop();
  }
});
