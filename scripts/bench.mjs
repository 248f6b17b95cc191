import { exportedFunctions } from './lib/modules.mjs';
import { main, SetupError, say } from './lib/process.mjs';
import { withWindow } from './lib/window.mjs';

/**
 * Runs the functions that test/bench/*.bench.ts export; each reports figures, and each figure is one line of JSON on
 * standard output. Words choose: `npm run --silent bench -- latency`.
 */
await main(() =>
  withWindow(async (env) => {
    Object.assign(process.env, env);
    const benches = await exportedFunctions('test/bench', '.bench.ts', process.argv.slice(2));
    if (benches.length === 0) throw new SetupError('no bench matches');
    let failed = 0;
    for (const { file, name, run } of benches) {
      say(`${file}: ${name}`);
      try {
        await run((bench, value, unit) => process.stdout.write(`${JSON.stringify({ bench, value, unit })}\n`));
      } catch (error) {
        failed++;
        say(`${name} failed: ${error instanceof Error ? error.stack : error}`);
      }
    }
    return failed === 0 ? 0 : 1;
  }),
);
