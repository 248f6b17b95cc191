import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Answer, withoutPace } from '../../conformance/normalize';
import { play } from '../../conformance/player';
import { caseFiles, flagsOf, folder, stepsOf } from '../../conformance/steps';
import { ours, upstream } from '../../conformance/targets';
import { root } from '../../support/paths';

/**
 * Requests whose answers were recorded from a real kube-apiserver v1.35, played to ours. With UPSTREAM_KUBECONFIG set they
 * are played to that server instead, and its answers recorded anew: test/conformance/README.md.
 */
const recordFrom = process.env.UPSTREAM_KUBECONFIG;
/** Where our own answers are left, to be compared with the recorded ones by any means. */
const results = join(root, 'test-results', 'conformance');
const chosen = process.env.CASES?.split(',');

/** The flags that the server recorded from was started with, besides those that `upstream/start.sh` gives it. */
const recordedFlags = process.env.UPSTREAM_FLAGS ?? '';

/** Ours, one for each choice of flags. */
const started = new Map<string, ReturnType<typeof ours>>();

async function targetFor(flags: readonly string[]) {
  if (recordFrom !== undefined) return upstream(recordFrom);
  const key = flags.join(' ');
  const server = started.get(key) ?? ours({ flags });
  started.set(key, server);
  return (await server).target;
}

afterAll(async () => {
  for (const server of started.values()) await (await server).stop();
});

for (const file of caseFiles().filter((name) => chosen?.includes(name) ?? true)) {
  const flags = flagsOf(file);
  if (recordFrom !== undefined && flags.join(' ') !== recordedFlags) continue;
  const path = join(folder, 'recorded', `${file}.json`);
  const steps = stepsOf(file);
  const recorded: Record<string, Answer> = existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : {};

  describe(file, () => {
    let answers: Map<string, Answer>;

    beforeAll(async () => {
      answers = await play(await targetFor(flags), file, steps);
      const written = recordFrom === undefined ? join(results, `${file}.json`) : path;
      mkdirSync(dirname(written), { recursive: true });
      writeFileSync(written, `${JSON.stringify(Object.fromEntries(answers), null, 1)}\n`);
    });

    for (const { name, differs } of steps) {
      it(differs === undefined ? name : `${name} (differs: ${differs})`, () => {
        const answer = withoutPace(answers.get(name));
        const expected = withoutPace(recorded[name]);
        if (recordFrom !== undefined) return expect(answer).toBeDefined();
        // What differs on purpose must go on differing, else the reason is out of date.
        if (differs !== undefined) return expect(answer).not.toEqual(expected);
        return expect(answer).toEqual(expected);
      });
    }
  });
}
