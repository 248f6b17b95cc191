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
  { mode: 'simulate', entry: 'electron/simulate.ts', sources: ['electron'] },
  {
    mode: 'simulate-program',
    entry: 'electron/simulate-program.ts',
    sources: ['electron', 'assets'],
    // Run like this, it does what every start does.
    warmUp: ['--ephemeral', '--port', '0', '--preset', 'course'],
  },
];

/**
 * Builds what has changed into dist/. Every bundle is put in place whole, so that a program that starts meanwhile finds
 * the old one or the new one.
 * @param modes the bundles to build; all of them by default
 */
export async function ensureBuilt(modes = BUNDLES.map(({ mode }) => mode)) {
  await ensureOpenApi();
  for (const bundle of BUNDLES) {
    if (modes.includes(bundle.mode.replace(/-program$/, ''))) await ensureBundle(bundle);
  }
}

async function ensureBundle({ mode, entry, sources, warmUp }) {
  const stamp = await fingerprint([...COMMON, ...sources]);
  await once(mode, stamp, async () => {
    const work = await mkdtemp(join(dist, `.${mode}-`));
    const staging = join(work, 'out');
    try {
      const args = ['build', '--mode', mode, '--outDir', staging, '--logLevel', 'warn'];
      if ((await tool('vite/bin/vite.js', args)) !== 0)
        throw new SetupError(`building ${entry} failed; the reason is above`);
      if (mode === 'renderer') await replaceFolder(staging, join(dist, 'renderer'));
      else {
        // Another program's compiled code must never meet this one: V8 would not notice where their lengths are the same.
        if (warmUp !== undefined) await rm(cacheOf(mode), { force: true });
        await rename(join(staging, `${mode}.cjs`), join(dist, `${mode}.cjs`));
        if (warmUp !== undefined) await compileAhead(mode, work, warmUp);
      }
    } finally {
      await rm(work, { recursive: true, force: true });
    }
  });
}

const cacheOf = (mode) => join(dist, `${mode}.cache`);

/** Keeps what V8 compiles of a program while it starts, for all later starts. */
async function compileAhead(mode, work, warmUp) {
  const staging = join(work, 'cache');
  const program = [join(dist, `${mode}.cjs`), staging, ...warmUp, '--kubeconfig', join(work, 'kubeconfig')];
  const args = [join(root, 'scripts', 'lib', 'code-cache.mjs'), ...program];
  if ((await run(process.execPath, args)) !== 0)
    throw new SetupError(`dist/${mode}.cjs does not start; the reason is above`);
  await rename(staging, cacheOf(mode));
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
