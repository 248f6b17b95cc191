import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LmdbBackend } from '../../../../../electron/simulator/apiserver/storage/lmdb-backend';
import { Random } from '../../../../../electron/simulator/random';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'porthole-lmdb-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const file = () => join(folder, 'objects-v1.mdb');
const key = (n: number) => `/registry//configmaps/default/c${n}`;
/** Values of every size: some share a page, some have pages of their own. */
const value = (n: number) => JSON.stringify({ data: { text: 'x'.repeat(n * 37) } });

async function fill(count: number): Promise<void> {
  const backend = await LmdbBackend.open(folder);
  for (let n = 1; n <= count; n++) backend.append({ key: key(n), revision: n, value: value(n) });
  await backend.close();
}

describe('LmdbBackend', () => {
  it('gives back what was written, in the order of keys', async () => {
    await fill(300);
    const backend = await LmdbBackend.open(folder);
    const entries = [...backend.load()];
    expect(entries).toHaveLength(300);
    expect(entries.map((entry) => entry.key)).toEqual(entries.map((entry) => entry.key).sort());
    expect(entries.find((entry) => entry.key === key(299))).toEqual({
      key: key(299),
      revision: 299,
      value: value(299),
    });
    await backend.close();
  });

  it('remembers the revision of a deletion', async () => {
    await fill(2);
    const first = await LmdbBackend.open(folder);
    first.append({ key: key(1), revision: 3, value: undefined });
    await first.close();
    const second = await LmdbBackend.open(folder);
    expect(second.revision).toBe(3);
    expect([...second.load()].map((entry) => entry.key)).toEqual([key(2)]);
    await second.close();
  });

  it('starts empty', async () => {
    const backend = await LmdbBackend.open(folder);
    expect(backend.revision).toBe(0);
    expect([...backend.load()]).toEqual([]);
    await backend.close();
  });

  describe('refuses a damaged file instead of crashing', () => {
    const damages: Record<string, () => void> = {
      'that is something else': () => writeFileSync(file(), 'this is no database'),
      'that is cut short': () => truncateSync(file(), 9000),
      'that is cut in half': () => truncateSync(file(), readFileSync(file()).length / 2),
      'whose head is blank': () => overwrite(0, 8192, () => 0),
      'whose pages are noise': () => {
        const random = new Random(1);
        overwrite(8192, readFileSync(file()).length, () => random.integer(0, 256));
      },
      'whose second half is blank': () => {
        const { length } = readFileSync(file());
        overwrite(length / 2, length, () => 0);
      },
    };
    it.each(Object.keys(damages))('%s', async (name) => {
      await fill(300);
      damages[name]?.();
      await expect(LmdbBackend.open(folder)).rejects.toThrow(/.+/);
    });
  });

  it('does not mind what is left of a lock of its library', async () => {
    await fill(5);
    writeFileSync(`${file()}-lock`, 'garbage');
    const backend = await LmdbBackend.open(folder);
    expect(backend.revision).toBe(5);
    await backend.close();
  });
});

function overwrite(from: number, to: number, byte: () => number): void {
  const data = readFileSync(file());
  for (let i = from; i < to; i++) data[i] = byte();
  writeFileSync(file(), data);
}
