import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DataFolder, defaultDataFolder } from '../../../electron/simulator/data-folder';

let folder: string;

beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), 'porthole-data-')), 'cluster');
});
afterEach(() => rmSync(join(folder, '..'), { recursive: true, force: true }));

describe('DataFolder', () => {
  it('belongs to one at a time, and says to whom', () => {
    const first = new DataFolder(folder);
    expect(() => new DataFolder(folder)).toThrow(
      `the data folder ${folder} is in use by the process ${process.pid}: stop it, or choose another folder with --data`,
    );
    first.release();
    new DataFolder(folder).release();
    expect(existsSync(join(folder, 'lock'))).toBe(false);
  });

  it.each([
    ['a process that is gone', JSON.stringify({ pid: 2 ** 22 + 1, started: '1' })],
    ['an earlier process of the same number', JSON.stringify({ pid: process.pid, started: '1' })],
    ['a process that died while it wrote', '{"pi'],
  ])('is taken over from %s', (_name, lock) => {
    new DataFolder(folder).release();
    writeFileSync(join(folder, 'lock'), lock);
    new DataFolder(folder).release();
  });

  it('keeps damaged objects aside and starts afresh', async () => {
    const data = new DataFolder(folder);
    await (await data.openBackend(0)).backend.close();
    const file = join(folder, 'objects', 'objects-v1.mdb');
    writeFileSync(file, 'garbage');
    const { backend, notice } = await data.openBackend(Date.parse('2026-11-23T05:06:07Z'));
    const aside = join(folder, 'objects.damaged-2026-11-23T05-06-07');
    expect(notice).toContain(join(folder, 'objects'));
    expect(notice).toContain(aside);
    expect(readFileSync(join(aside, 'objects-v1.mdb'), 'utf8')).toBe('garbage');
    expect(backend.revision).toBe(0);
    await backend.close();
    data.release();
  });

  it('remembers the port, and forgets it rather than failing', () => {
    const data = new DataFolder(folder);
    expect(data.recall()).toEqual({});
    data.remember({ port: 40123, clusterTime: 5 });
    expect(data.recall()).toEqual({ port: 40123, clusterTime: 5 });
    for (const damaged of ['{', 'null', '{"port": "many", "clusterTime": true}', '{"port": 70000}']) {
      writeFileSync(join(folder, 'cluster.json'), damaged);
      expect(data.recall(), damaged).toEqual({});
    }
    expect(readdirSync(folder).filter((name) => name.endsWith('.tmp'))).toEqual([]);
    data.release();
  });
});

describe.skipIf(process.platform !== 'linux')('defaultDataFolder', () => {
  it('follows the XDG base directories', () => {
    expect(defaultDataFolder('course', { XDG_DATA_HOME: '/data' })).toBe('/data/porthole/simulator/course');
  });
});
