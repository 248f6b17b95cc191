import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { capture, run, SetupError, say } from './process.mjs';

/** Debian's package of each shared library that Electron links, or loads once it runs. */
const PACKAGE_OF = {
  'libasound.so.2': 'libasound2',
  'libatk-1.0.so.0': 'libatk1.0-0',
  'libatk-bridge-2.0.so.0': 'libatk-bridge2.0-0',
  'libatspi.so.0': 'libatspi2.0-0',
  'libcairo.so.2': 'libcairo2',
  'libcups.so.2': 'libcups2',
  'libdbus-1.so.3': 'libdbus-1-3',
  'libdrm.so.2': 'libdrm2',
  'libexpat.so.1': 'libexpat1',
  'libgbm.so.1': 'libgbm1',
  'libgdk_pixbuf-2.0.so.0': 'libgdk-pixbuf-2.0-0',
  'libgio-2.0.so.0': 'libglib2.0-0',
  'libglib-2.0.so.0': 'libglib2.0-0',
  'libgmodule-2.0.so.0': 'libglib2.0-0',
  'libgobject-2.0.so.0': 'libglib2.0-0',
  'libgtk-3.so.0': 'libgtk-3-0',
  'libgdk-3.so.0': 'libgtk-3-0',
  'libnspr4.so': 'libnspr4',
  'libnss3.so': 'libnss3',
  'libnssutil3.so': 'libnss3',
  'libsmime3.so': 'libnss3',
  'libpango-1.0.so.0': 'libpango-1.0-0',
  'libudev.so.1': 'libudev1',
  'libX11.so.6': 'libx11-6',
  'libxcb.so.1': 'libxcb1',
  'libXcomposite.so.1': 'libxcomposite1',
  'libXdamage.so.1': 'libxdamage1',
  'libXext.so.6': 'libxext6',
  'libXfixes.so.3': 'libxfixes3',
  'libxkbcommon.so.0': 'libxkbcommon0',
  'libXrandr.so.2': 'libxrandr2',
};

/** Loaded by name while Electron runs, so the linker does not ask for it. */
const LOADED_LATER = ['libgtk-3.so.0'];

/**
 * Makes sure that Electron's shared libraries are there, and Xvfb where it is asked for. Installs what is missing when we
 * are root on Debian or Ubuntu; otherwise fails with the line to run.
 * @param options.executable Electron's executable
 * @param options.xvfb whether a virtual display will be needed
 */
export async function ensureSystemPackages({ executable, xvfb = false }) {
  if (process.platform !== 'linux') return;
  const libraries = await missingLibraries(executable);
  const needsXvfb = xvfb && !onPath('Xvfb');
  if (libraries.length === 0 && !needsXvfb) return;
  const packages = [...new Set([...libraries.map((name) => PACKAGE_OF[name]), needsXvfb ? 'xvfb' : undefined])].filter(
    (name) => name !== undefined,
  );
  const missing = [...libraries, ...(needsXvfb ? ['Xvfb'] : [])].join(', ');
  if (!(await isDebian())) {
    throw new SetupError(`Electron needs ${missing}: install them with your system's package manager`);
  }
  if (process.getuid() !== 0) {
    const names = (await currentNames(packages)).join(' ');
    throw new SetupError(
      `Electron needs ${missing}. Run:\n  sudo apt-get update && sudo apt-get install --yes --no-install-recommends ${names}`,
    );
  }
  say(`installing system packages for ${missing}`);
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  await apt(['update', '-qq'], env);
  await apt(['install', '-qq', '--yes', '--no-install-recommends', ...(await currentNames(packages))], env);
  const still = await missingLibraries(executable);
  if (still.length > 0)
    throw new SetupError(`after installing ${packages.join(' ')}, ${still.join(', ')} is still missing`);
}

async function missingLibraries(executable) {
  const linked = await capture('ldd', [executable]);
  const linkedMissing = linked?.stdout.match(/^\s*\S+(?= => not found)/gm)?.map((name) => name.trim()) ?? [];
  // Not on every distribution's PATH of ordinary users.
  const cache = (await capture('ldconfig', ['-p'])) ?? (await capture('/sbin/ldconfig', ['-p']));
  const laterMissing = cache === null ? [] : LOADED_LATER.filter((name) => !cache.stdout.includes(`\t${name} `));
  return [...new Set([...linkedMissing, ...laterMissing])];
}

/** Ubuntu 24.04 and Debian 13 renamed the packages whose time_t grew. */
async function currentNames(packages) {
  return Promise.all(
    packages.map(async (name) => {
      const renamed = await capture('apt-cache', ['show', '--quiet=2', `${name}t64`]);
      return renamed?.code === 0 && renamed.stdout !== '' ? `${name}t64` : name;
    }),
  );
}

async function apt(args, env) {
  const code = await run('apt-get', args, { env });
  if (code !== 0) throw new SetupError(`apt-get ${args[0]} failed; the reason is above`);
}

async function isDebian() {
  const release = await readFile('/etc/os-release', 'utf8').catch(() => '');
  return /^ID(_LIKE)?=.*\b(debian|ubuntu)\b/m.test(release);
}

function onPath(program) {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => existsSync(join(folder, program)));
}
