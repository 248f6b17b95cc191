import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { npm, root, run, SetupError, say } from './process.mjs';

const OLDEST_NODE = [20, 19];

/** Installs the locked npm packages when they are missing or are not the ones that package-lock.json names. */
export async function ensureDependencies() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major < OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor < OLDEST_NODE[1])) {
    throw new SetupError(`Node ${OLDEST_NODE.join('.')} or later is needed; this is ${process.versions.node}`);
  }
  if (await installed()) return;
  say('installing npm packages');
  const [program, ...args] = npm();
  // Electron's engines ask for a newer Node than we need, and funding and audits are not asked for here.
  const code = await run(program, [
    ...args,
    'ci',
    '--no-audit',
    '--no-fund',
    '--no-update-notifier',
    '--loglevel=error',
  ]);
  if (code !== 0) throw new SetupError('npm ci failed; the reason is above');
}

/** npm keeps a record of what it installed, and writes it last: an interrupted installation has none. */
async function installed() {
  const wanted = await lockedPackages(join(root, 'package-lock.json'));
  const present = await lockedPackages(join(root, 'node_modules', '.package-lock.json'));
  if (wanted === undefined) throw new SetupError('package-lock.json is missing');
  if (present === undefined) return false;
  return Object.entries(wanted).every(([path, entry]) => {
    if (path === '') return true;
    const found = present[path];
    if (found === undefined) return entry.optional === true || entry.devOptional === true;
    return found.version === entry.version && found.integrity === entry.integrity;
  });
}

async function lockedPackages(file) {
  try {
    return JSON.parse(await readFile(file, 'utf8')).packages;
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
}
