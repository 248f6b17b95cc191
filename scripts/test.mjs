import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { main, root, SetupError, say, tool } from './lib/process.mjs';
import { withWindow } from './lib/window.mjs';

const results = join(root, 'test-results');
const visible = { stdio: 'inherit' };

/** The worlds that are checked on their own, so that e.g. shared/ cannot lean on Node or the page. */
const WORLDS = ['tsconfig.json', 'shared', 'electron', 'electron/tsconfig.preload.json', 'renderer'];

/** Everything that must hold. Each stage answers what passed, failed and was skipped. */
const stages = [
  { name: 'types', run: types },
  { name: 'lint', run: lint },
  { name: 'unit and integration tests', run: vitest },
  { name: 'end-to-end tests', run: playwright },
];

await main(async () => {
  try {
    return await withWindow(testEverything);
  } catch (error) {
    // A tree that cannot be set up or built has failed its tests; the reason is told, and the count is still the last line.
    if (!(error instanceof SetupError)) throw error;
    say(error.message);
    process.stdout.write(`${summary({ passed: 0, failed: 1, skipped: 0 })}\n`);
    return 1;
  }
});

async function testEverything(env) {
  await rm(results, { recursive: true, force: true });
  await mkdir(results, { recursive: true });
  const total = { passed: 0, failed: 0, skipped: 0 };
  for (const { name, run } of stages) {
    say(name);
    const counts = await run(env);
    // A stage that ran nothing has proved nothing.
    if (counts.passed + counts.failed === 0) counts.failed = 1;
    for (const key of Object.keys(total)) total[key] += counts[key];
    say(`${name}: ${summary(counts)}`);
  }
  process.stdout.write(`${summary(total)}\n`);
  return total.failed === 0 ? 0 : 1;
}

function summary({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed, ${skipped} skipped`;
}

async function types() {
  let held = true;
  for (const world of WORLDS)
    held = (await tool('typescript/bin/tsc', ['--noEmit', '-p', world], visible)) === 0 && held;
  return verdict(held);
}

async function lint() {
  const biome = await tool('@biomejs/biome/bin/biome', ['check', '--error-on-warnings', '.'], visible);
  const knip = await tool('knip/bin/knip.js', [], visible);
  return verdict(biome === 0 && knip === 0);
}

async function vitest() {
  const file = join(results, 'vitest.json');
  const args = ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
  const code = await tool('vitest/vitest.mjs', args, visible);
  const report = await readReport(file);
  if (report === undefined) return verdict(false);
  // A file that could not be loaded has no tests to fail.
  const broken = report.testResults.filter(({ status, assertionResults }) => {
    return status === 'failed' && !assertionResults.some((test) => test.status === 'failed');
  });
  return counted(code, {
    passed: report.numPassedTests,
    failed: report.numFailedTests + broken.length,
    skipped: report.numPendingTests + report.numTodoTests,
  });
}

async function playwright(env) {
  const code = await tool('@playwright/test/cli.js', ['test'], { ...visible, env });
  const report = await readReport(join(results, 'e2e.json'));
  if (report === undefined) return verdict(false);
  const { expected, unexpected, flaky, skipped } = report.stats;
  return counted(code, { passed: expected, failed: unexpected + flaky, skipped });
}

/** A stage that is one test. */
function verdict(held) {
  return { passed: held ? 1 : 0, failed: held ? 0 : 1, skipped: 0 };
}

/** A runner that failed although no test did (an error outside of the tests) is a failure all the same. */
function counted(code, counts) {
  return code === 0 || counts.failed > 0 ? counts : { ...counts, failed: 1 };
}

async function readReport(file) {
  const text = await readFile(file, 'utf8').catch(() => undefined);
  return text === undefined ? undefined : JSON.parse(text);
}
