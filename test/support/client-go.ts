import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { constants, setPriority } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { root, temporaryFolder } from './paths';

/** Where the tests are, and where they run. */
export const SOURCES = join(root, 'test', 'client-go');
const MINUTES = 3;
/** Nothing here changes go.mod or fetches another Go. */
const FLAGS = { GOFLAGS: '-mod=readonly', GOTOOLCHAIN: 'local' };

/** The tests in test/client-go, built; or why they cannot be. */
export type GoTests = { readonly program: string; remove(): Promise<void> } | { readonly missing: string };

/**
 * Builds the tests in test/client-go, with what Go has cached within seconds, else within a minute or two.
 * @throws Error when they do not compile.
 */
export async function buildGoTests(): Promise<GoTests> {
  const environment = { ...process.env, ...FLAGS };
  try {
    // Fetches the modules where they are not in Go's cache.
    await promisify(execFile)('go', ['list', '-deps', '-test', '.'], {
      cwd: SOURCES,
      env: environment,
      timeout: 60_000,
      maxBuffer: 16 << 20,
    });
  } catch (error) {
    const [reason = ''] = String(error instanceof Error ? error.message : error)
      .split('\n')
      .slice(-2);
    return { missing: `without Go or the modules of client-go (${reason})` };
  }
  const folder = await temporaryFolder('client-go');
  const program = join(folder.path, 'client-go.test');
  const child = spawn('go', ['test', '-c', '-o', program, '.'], { cwd: SOURCES, env: environment });
  // Other tests run meanwhile.
  if (child.pid !== undefined) setPriority(child.pid, constants.priority.PRIORITY_BELOW_NORMAL);
  let complaints = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaints += text;
  });
  const tooLong = setTimeout(() => child.kill(), MINUTES * 60_000);
  const [code] = await once(child, 'close');
  clearTimeout(tooLong);
  if (code === 0) return { program, remove: folder.remove };
  await folder.remove();
  if (code === null) return { missing: `as building client-go took more than ${MINUTES} minutes` };
  throw new Error(`test/client-go does not compile:\n${complaints}`);
}

/** The names of the tests in test/client-go. */
export async function goTestNames(): Promise<string[]> {
  const files = (await readdir(SOURCES)).filter((name) => name.endsWith('_test.go'));
  const texts = await Promise.all(files.map((name) => readFile(join(SOURCES, name), 'utf8')));
  return texts.flatMap((text) => [...text.matchAll(/^func (Test\w+)\(/gm)].map(([, name = '']) => name));
}
