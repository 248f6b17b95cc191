import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { makeTemporaryFolder } from '../../../electron/simulator/temporary-folder';
import { temporaryFolder } from '../../support/paths';

it('removes what processes that were killed have left, and nothing else', async () => {
  const parent = await temporaryFolder('parent');
  const { pid } = spawnSync(process.execPath, ['--version']);
  const left = join(parent.path, `porthole-ephemeral-${pid}-a1b2c3`);
  const others = [`porthole-ephemeral-${process.pid}-a1b2c3`, 'porthole-ephemeral-', 'something-else'];
  for (const path of [left, ...others.map((name) => join(parent.path, name))]) mkdirSync(path);
  const made = makeTemporaryFolder(parent.path);
  expect(existsSync(left)).toBe(false);
  for (const path of [made, ...others.map((name) => join(parent.path, name))])
    expect(existsSync(path), path).toBe(true);
  await parent.remove();
});
