import { main, tool } from './lib/process.mjs';
import { withWindow } from './lib/window.mjs';

/** End-to-end tests alone; arguments go to Playwright, e.g. `npm run test:e2e -- pods`. */
await main(() =>
  withWindow((env) => tool('@playwright/test/cli.js', ['test', ...process.argv.slice(2)], { env, stdio: 'inherit' })),
);
