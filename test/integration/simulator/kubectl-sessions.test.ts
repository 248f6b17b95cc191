import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Exchange, playSession, readSession, sessionText } from '../../conformance/sessions';
import { folder } from '../../conformance/steps';
import { clientsAvailable } from '../../support/kubectl';
import { type RunningSimulator, startSimulator } from '../../support/simulator';

/**
 * What kubectl printed when its commands went to a real kube-apiserver v1.35, and what it prints when they go to ours: both
 * alone, without controllers, scheduler and nodes. Recording: test/conformance/README.md.
 */
const recordFrom = process.env.UPSTREAM_KUBECONFIG;
const sessions = join(folder, 'kubectl');
const chosen = process.env.SESSIONS?.split(',');
const names = readdirSync(sessions)
  .filter((name) => name.endsWith('.txt'))
  .map((name) => name.slice(0, -'.txt'.length));

describe.skipIf(!clientsAvailable)('kubectl prints what it prints with upstream', () => {
  let simulator: RunningSimulator | undefined;
  let kubeconfig: string;

  beforeAll(async () => {
    if (recordFrom === undefined) {
      simulator = await startSimulator({
        preset: 'empty',
        seed: 1,
        disable: ['controllers', 'scheduler', 'kubelet'],
      });
    }
    kubeconfig = simulator?.kubeconfig ?? recordFrom ?? '';
  }, 120_000);

  afterAll(async () => {
    await simulator?.stop();
  });

  for (const name of names.filter((name) => chosen?.includes(name) ?? true)) {
    const path = join(sessions, `${name}.txt`);
    const session = readSession(readFileSync(path, 'utf8'));

    describe(name, () => {
      let answers: Exchange[];

      beforeAll(async () => {
        answers = await playSession(kubeconfig, session);
        if (recordFrom !== undefined) writeFileSync(path, sessionText({ ...session, exchanges: answers }));
      }, 120_000);

      session.exchanges.forEach(({ command, printed }, index) => {
        it(command, () => {
          if (recordFrom === undefined) expect(answers[index]?.printed).toBe(printed);
          else expect(answers[index]).toBeDefined();
        });
      });
    });
  }
});
