import { rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { messageOf } from '../shared/error-message';
import { type Cluster, startCluster } from './simulator/cluster';
import { parseCommandLine, type SimulateOptions, UsageError, usage } from './simulator/command-line';
import { defaultDataFolder } from './simulator/data-folder';
import { stderrLog } from './simulator/log';
import { makeTemporaryFolder } from './simulator/temporary-folder';

/** What is told to whoever waits for the cluster: a line on standard output, and a message to the parent process. */
interface Ready {
  readonly ready: true;
  readonly server: string;
  readonly kubeconfig: string;
  readonly version: string;
  readonly pid: number;
  readonly notice?: string;
}

/** What Electron gives a utility process to talk to its parent by. */
interface ParentPort {
  postMessage(message: unknown): void;
}

const { parentPort } = process as NodeJS.Process & { parentPort?: ParentPort };

async function run(options: SimulateOptions): Promise<void> {
  const temporary = options.ephemeral && options.kubeconfig === undefined ? makeTemporaryFolder() : undefined;
  const data = options.ephemeral ? undefined : resolve(options.data ?? defaultDataFolder(options.preset));
  const cleanUp = () => {
    if (temporary !== undefined) rmSync(temporary, { recursive: true, force: true });
  };
  let cluster: Cluster;
  try {
    cluster = await startCluster({
      preset: options.preset,
      data,
      kubeconfig: resolve(options.kubeconfig ?? join(temporary ?? data ?? '.', 'kubeconfig')),
      log: stderrLog,
      ...(options.port === undefined ? {} : { port: options.port }),
      ...(options.seed === undefined ? {} : { seed: options.seed }),
      ...(options.speed === undefined ? {} : { speed: options.speed }),
      ...(options.disable === undefined ? {} : { disable: options.disable }),
      ...(options.apiServer === undefined ? {} : { apiServer: options.apiServer }),
    });
  } catch (error) {
    cleanUp();
    throw error;
  }
  stopOnRequest(async () => {
    await cluster.stop();
    cleanUp();
  });
  await cluster.ready;
  tell({
    ready: true,
    server: cluster.server,
    kubeconfig: cluster.kubeconfig,
    version: cluster.version,
    pid: process.pid,
    ...(cluster.notice === undefined ? {} : { notice: cluster.notice }),
  });
}

function tell(ready: Ready): void {
  process.stdout.write(`${JSON.stringify(ready)}\n`);
  process.send?.(ready);
  parentPort?.postMessage(ready);
}

/** Ends the process in order when it is asked to, or when the one that started it is gone. */
function stopOnRequest(stop: () => Promise<void>): void {
  let stopping = false;
  const end = () => {
    // Who asks twice does not want to wait.
    if (stopping) process.exit(1);
    stopping = true;
    stop().then(
      () => process.exit(0),
      (error: unknown) => {
        stderrLog.error('the cluster did not stop in order', error);
        process.exit(1);
      },
    );
  };
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, end);
  // The channel of a parent that has forked this process; on Windows the only gentle way.
  process.on('disconnect', end);
}

function main(): void {
  let options: SimulateOptions | 'help';
  try {
    options = parseCommandLine(process.argv.slice(2));
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    // What is wrong stands last, where it is looked for. A utility process does not end by itself.
    process.stderr.write(`${usage}\nsimulate: ${error.message}\n`, () => process.exit(2));
    return;
  }
  if (options === 'help') {
    process.stdout.write(usage);
    return;
  }
  run(options).catch((error: unknown) => {
    process.stderr.write(`simulate: ${messageOf(error)}\n`);
    process.exit(1);
  });
}

main();
