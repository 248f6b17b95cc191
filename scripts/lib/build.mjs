import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { root, run, SetupError, say, tool } from './process.mjs';

const dist = join(root, 'dist');

/** What every bundle depends on, besides its own folders. */
const COMMON = ['shared', 'package-lock.json', 'vite.config.ts'];

/** The bundles: the vite mode, the entry, and the folders whose change asks for a new one. */
const BUNDLES = [
  { mode: 'renderer', entry: 'renderer/index.html', sources: ['renderer', 'assets'] },
  { mode: 'main', entry: 'electron/main.ts', sources: ['electron', 'assets'] },
  { mode: 'preload', entry: 'electron/preload.ts', sources: ['electron'] },
  { mode: 'serve', entry: 'electron/serve.ts', sources: ['electron', 'assets'] },
  { mode: 'connection', entry: 'electron/clusters/connection/process.ts', sources: ['electron'] },
  { mode: 'simulate', entry: 'electron/simulate.ts', sources: ['electron', 'assets'] },
];

/**
 * Builds what has changed into dist/. Every bundle is put in place whole, so that a program that starts meanwhile finds
 * the old one or the new one.
 * @param modes the bundles to build; all of them by default
 */
export async function ensureBuilt(modes = BUNDLES.map(({ mode }) => mode)) {
  await ensureOpenApi();
  for (const bundle of BUNDLES) {
    if (modes.includes(bundle.mode)) await ensureBundle(bundle);
  }
}

async function ensureBundle({ mode, entry, sources }) {
  const stamp = await fingerprint([...COMMON, ...sources]);
  await once(mode, stamp, async () => {
    const work = await mkdtemp(join(dist, `.${mode}-`));
    const staging = join(work, 'out');
    try {
      const args = ['build', '--mode', mode, '--outDir', staging, '--logLevel', 'warn'];
      if ((await tool('vite/bin/vite.js', args)) !== 0)
        throw new SetupError(`building ${entry} failed; the reason is above`);
      if (mode === 'renderer') await replaceFolder(staging, join(dist, 'renderer'));
      else await rename(join(staging, `${mode}.cjs`), join(dist, `${mode}.cjs`));
    } finally {
      await rm(work, { recursive: true, force: true });
    }
  });
}

/** The OpenAPI document that the simulator serves; made from the installed client's types. */
async function ensureOpenApi() {
  const script = 'scripts/generate-openapi.mjs';
  await once('openapi', await fingerprint([script, 'scripts/openapi', 'package-lock.json']), async () => {
    if ((await run(process.execPath, [join(root, script)])) !== 0)
      throw new SetupError(`${script} failed; the reason is above`);
    await copyFile(join(root, 'generated', 'openapi.json'), join(dist, 'openapi.json'));
  });
}

/** Runs a step unless it has run on these very inputs before. */
async function once(name, stamp, step) {
  const file = join(dist, '.stamps', name);
  const present = await readFile(file, 'utf8').catch(() => undefined);
  if (present === stamp) return;
  await mkdir(join(dist, '.stamps'), { recursive: true });
  const start = performance.now();
  await step();
  await writeFile(file, stamp);
  say(`built ${name} in ${Math.round(performance.now() - start)} ms`);
}

/** A hash over names, sizes and times: reading them takes milliseconds, where reading the files would not. */
async function fingerprint(paths) {
  const hash = createHash('sha256');
  for (const path of paths) {
    for (const file of await files(path)) {
      const { size, mtimeMs } = await stat(join(root, file));
      hash.update(`${file} ${size} ${mtimeMs}\n`);
    }
  }
  return hash.digest('hex');
}

async function files(path) {
  if (!existsSync(join(root, path))) return [];
  if (!(await stat(join(root, path))).isDirectory()) return [path];
  const entries = await readdir(join(root, path), { withFileTypes: true });
  const found = await Promise.all(
    entries.map((entry) => (entry.isDirectory() ? files(join(path, entry.name)) : [join(path, entry.name)])),
  );
  return found.flat().sort();
}

async function replaceFolder(from, to) {
  const old = `${to}.old-${process.pid}`;
  if (existsSync(to)) await rename(to, old);
  await rename(from, to);
  await rm(old, { recursive: true, force: true });
}
