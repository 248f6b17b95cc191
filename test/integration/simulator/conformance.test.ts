import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Answer, withoutPace } from '../../conformance/normalize';
import { play, type Target } from '../../conformance/player';
import { caseFiles, folder, stepsOf } from '../../conformance/steps';
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

let target: Target;
let stop = async () => {};

beforeAll(async () => {
  if (recordFrom === undefined) ({ target, stop } = await ours());
  else target = upstream(recordFrom);
});

afterAll(() => stop());

for (const file of caseFiles().filter((name) => chosen?.includes(name) ?? true)) {
  const path = join(folder, 'recorded', `${file}.json`);
  const steps = stepsOf(file);
  const recorded: Record<string, Answer> = existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : {};

  describe(file, () => {
    let answers: Map<string, Answer>;

    beforeAll(async () => {
      answers = await play(target, file, steps);
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
