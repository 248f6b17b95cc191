import { execFile } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from '@playwright/test';
import { environment, launchApp } from '../support/electron';
import { root } from '../support/paths';

/** What `npm run package` makes, on Linux: elsewhere the folders have other names, and the way there is the same. */
const packed = join(root, 'release', 'development', 'linux-unpacked');

test.skip(process.platform !== 'linux', 'packs for Linux only');

test('the packed app carries what it needs and opens on the simulated cluster', async () => {
  test.setTimeout(180_000);
  await promisify(execFile)(process.execPath, [join(root, 'scripts', 'package.mjs'), '--development'], {
    env: environment(),
  });
  // Electron's default app would be a way to run other code under our name.
  expect((await readdir(join(packed, 'resources'))).sort()).toEqual(['app.asar', 'app.asar.unpacked']);
  const running = await launchApp({ executable: join(packed, 'porthole') });
  try {
    expect(await running.app.evaluate(({ app }) => app.isPackaged)).toBe(true);
    await expect(running.page.getByText('Live', { exact: true })).toBeVisible({ timeout: 30_000 });
    // LMDB is native: it has to have been found outside of the archive.
    const data = join(running.userData, 'simulator', 'course', 'data', 'objects');
    expect(await readdir(data)).toContain('objects-v1.mdb');
  } finally {
    await running.close();
  }
});
