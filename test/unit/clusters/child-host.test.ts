import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ChildHost } from '../../../electron/clusters/child-host';
import { temporaryFolder } from '../../support/paths';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;

beforeAll(async () => {
  folder = await temporaryFolder('host');
  await writeFile(
    join(folder.path, 'connection.cjs'),
    "process.on('message', () => {}); process.on('SIGTERM', () => {}); console.log(process.pid);",
  );
});
afterAll(() => folder.remove());

it('stops in order although its child has died with messages on their way to it', async () => {
  const child = new ChildHost(folder.path).start('connection', []);
  const pid = Number(await new Promise<string>((resolve) => child.onLine(resolve)));
  const stopped = child.stop();
  process.kill(pid, 'SIGKILL');
  // This process does not get to hear of it before it sends.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200);
  child.send({ type: 'reload' });
  await expect(stopped).resolves.toBeUndefined();
});
