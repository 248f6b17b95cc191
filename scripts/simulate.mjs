import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ensureBuilt } from './lib/build.mjs';
import { ensureDependencies } from './lib/dependencies.mjs';
import { main, root } from './lib/process.mjs';

await main(async () => {
  await ensureDependencies();
  await ensureBuilt(['simulate']);
  // In this very process: signals, status and standard output are the cluster's own, and nothing is started twice.
  const program = join(root, 'dist', 'simulate.cjs');
  process.argv[1] = program;
  // npm moves to the repository; the person's relative paths count from where they are.
  if (process.env.INIT_CWD) process.chdir(process.env.INIT_CWD);
  await import(pathToFileURL(program).href);
  return process.exitCode;
});
