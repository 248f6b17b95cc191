import { execFile } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildGoTests, goTestNames, SOURCES } from '../../support/client-go';
import { type RunningSimulator, startSimulator } from '../../support/simulator';

const names = await goTestNames();
const tests = await buildGoTests();

describe.skipIf('missing' in tests)(`programs with client-go ${'missing' in tests ? tests.missing : ''}`, () => {
  let simulator: RunningSimulator;

  beforeAll(async () => {
    simulator = await startSimulator({ preset: 'course', seed: 1, speed: 10 });
  });

  afterAll(async () => {
    await simulator?.stop();
    if ('program' in tests) await tests.remove();
  });

  function run(name: string, more: NodeJS.ProcessEnv = {}): Promise<string> {
    if ('missing' in tests) throw new Error(tests.missing);
    const env = { ...process.env, ...more, KUBECONFIG: simulator.kubeconfig };
    return new Promise((resolve) => {
      execFile(
        tests.program,
        ['-test.run', `^${name}$`, '-test.v'],
        { cwd: SOURCES, env, timeout: 50_000 },
        (error, stdout, stderr) => resolve(error === null ? stdout : `${stdout}\n${stderr}\n${error.message}`),
      );
    });
  }

  it.each(names)('%s', async (name) => {
    expect(await run(name)).toMatch(new RegExp(`^--- PASS: ${name} [^]*\nPASS\n$`, 'm'));
  });

  it('TestInformers, where lists are asked for', async () => {
    expect(await run('TestInformers', { KUBE_FEATURE_WatchListClient: 'false' })).toMatch(/^PASS$/m);
  });
});
