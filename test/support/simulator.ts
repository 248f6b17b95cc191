import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { build } from './build';
import { root, temporaryFolder } from './paths';

/** What `simulate` prints when its API answers and its nodes are ready. */
export interface ReadyLine {
  ready: true;
  server: string;
  kubeconfig: string;
  version: string;
  pid: number;
}

/** A simulated cluster in a process of its own. */
export interface RunningSimulator extends ReadyLine {
  /** Milliseconds from the start of the process to its ready line. */
  readonly startTime: number;
  /** Everything it has logged so far. */
  log(): string;
  /** Ends it with a signal, and answers its exit status (null when the signal itself ended it). */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
}

export interface SimulatorOptions {
  preset?: string;
  /** 0, the default, for a free one. */
  port?: number;
  seed?: number;
  speed?: number;
  /** Components that are not to run. */
  disable?: string[];
  /** A folder to keep its data in; without it the cluster is ephemeral. */
  data?: string;
  /** Where it writes its kubeconfig; a temporary file by default. */
  kubeconfig?: string;
}

/**
 * Starts dist/simulate.cjs, as `npm run simulate` does, and waits for its ready line.
 * @throws Error with what it logged, when it ends before it is ready
 */
export async function startSimulator(options: SimulatorOptions = {}): Promise<RunningSimulator> {
  await build('simulate');
  const folder = await temporaryFolder('simulator');
  const args = [
    ...['--port', String(options.port ?? 0)],
    ...['--kubeconfig', options.kubeconfig ?? join(folder.path, 'kubeconfig')],
    ...(options.data === undefined ? ['--ephemeral'] : ['--data', options.data]),
    ...(options.preset === undefined ? [] : ['--preset', options.preset]),
    ...(options.seed === undefined ? [] : ['--seed', String(options.seed)]),
    ...(options.speed === undefined ? [] : ['--speed', String(options.speed)]),
    ...(options.disable === undefined ? [] : ['--disable', options.disable.join(',')]),
  ];
  const begun = performance.now();
  const child = spawn(process.execPath, [join(root, 'dist', 'simulate.cjs'), ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    // Whatever the person has in the home folder is none of a test's business.
    env: { ...process.env, HOME: folder.path, KUBECONFIG: '' },
  });
  let log = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    log += text;
  });
  const ended = once(child, 'exit');
  const firstLine = new Promise<string>((done) => createInterface(child.stdout).once('line', done));
  const line = await Promise.race([firstLine, ended]);
  const startTime = performance.now() - begun;
  if (typeof line !== 'string') {
    await folder.remove();
    throw new Error(`simulate ended with status ${child.exitCode ?? child.signalCode} before it was ready:\n${log}`);
  }
  const ready: ReadyLine = JSON.parse(line);
  return {
    ...ready,
    startTime,
    log: () => log,
    async stop(signal = 'SIGTERM') {
      child.kill(signal);
      await ended;
      await folder.remove();
      return child.exitCode;
    },
  };
}
