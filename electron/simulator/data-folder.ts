import { closeSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { messageOf } from '../../shared/error-message';
import { hasCode } from '../error-code';
import type { Backend } from './apiserver/storage/backend';
import { LmdbBackend } from './apiserver/storage/lmdb-backend';
import { makePrivateFolder, writePrivateFile } from './private-file';

/** Where a preset's cluster lives when nobody says otherwise: the platform's folder for applications' data. */
export function defaultDataFolder(preset: string, environment: NodeJS.ProcessEnv = process.env): string {
  return join(applicationData(environment), 'porthole', 'simulator', preset);
}

function applicationData(environment: NodeJS.ProcessEnv): string {
  switch (process.platform) {
    case 'win32':
      return environment.LOCALAPPDATA || join(homedir(), 'AppData', 'Local');
    case 'darwin':
      return join(homedir(), 'Library', 'Application Support');
    default:
      return environment.XDG_DATA_HOME || join(homedir(), '.local', 'share');
  }
}

/** What a cluster remembers of itself besides its objects. */
export interface Memory {
  /** The port it was served on: kubeconfigs that are about stay good. */
  readonly port?: number;
  /** Cluster time at the last stop, in milliseconds since the epoch: it never runs backwards. */
  readonly clusterTime?: number;
}

/** A folder that is this process's alone, from opening to release. */
export class DataFolder {
  readonly path: string;
  readonly #lock: string;

  /** @throws Error that names the process which has the folder, when one has. */
  constructor(path: string) {
    makePrivateFolder(path);
    this.path = path;
    this.#lock = join(path, 'lock');
    takeLock(this.#lock, path);
  }

  /**
   * The objects. A damaged store is moved aside under a name with the time in it, and a fresh one takes its place.
   * @param now the host's time in milliseconds since the epoch.
   * @returns also what to tell the person, when there is something.
   */
  async openBackend(now: number): Promise<{ backend: Backend; notice?: string }> {
    const folder = join(this.path, 'objects');
    makePrivateFolder(folder);
    try {
      return { backend: await LmdbBackend.open(folder) };
    } catch (error) {
      const aside = `${folder}.damaged-${new Date(now).toISOString().slice(0, 19).replaceAll(':', '-')}`;
      renameSync(folder, aside);
      makePrivateFolder(folder);
      const reason = messageOf(error);
      const notice = `the cluster's data in ${folder} is damaged (${reason}): it is kept in ${aside}, and the cluster starts afresh`;
      return { backend: await LmdbBackend.open(folder), notice };
    }
  }

  recall(): Memory {
    try {
      const { port, clusterTime }: Record<keyof Memory, unknown> = JSON.parse(
        readFileSync(join(this.path, 'cluster.json'), 'utf8'),
      );
      return {
        ...(typeof port === 'number' && Number.isInteger(port) && port > 0 && port < 65_536 ? { port } : {}),
        ...(typeof clusterTime === 'number' ? { clusterTime } : {}),
      };
    } catch {
      // Missing or damaged, it costs a port that others may remember, no more.
      return {};
    }
  }

  remember(memory: Memory): void {
    writePrivateFile(join(this.path, 'cluster.json'), `${JSON.stringify(memory)}\n`);
  }

  release(): void {
    rmSync(this.#lock, { force: true });
  }
}

interface Holder {
  readonly pid: number;
  /** Tells a process from a later one of the same number, where the platform lets us know. */
  readonly started: string | undefined;
}

function takeLock(lock: string, folder: string): void {
  const mine = JSON.stringify({ pid: process.pid, started: startOf(process.pid) });
  // A second round, for when the first has found a lock that nobody holds.
  for (let round = 0; round < 2; round++) {
    try {
      mkdirSync(folder, { recursive: true });
      const file = openSync(lock, 'wx', 0o600);
      writeFileSync(file, mine);
      closeSync(file);
      return;
    } catch (error) {
      if (!hasCode(error, 'EEXIST')) throw error;
    }
    const holder = readHolder(lock);
    if (holder !== undefined && isAlive(holder)) {
      throw new Error(
        `the data folder ${folder} is in use by the process ${holder.pid}: stop it, or choose another folder with --data`,
      );
    }
    rmSync(lock, { force: true });
  }
  throw new Error(`the data folder ${folder} is being taken by another process: try again`);
}

function readHolder(lock: string): Holder | undefined {
  try {
    const { pid, started }: Record<keyof Holder, unknown> = JSON.parse(readFileSync(lock, 'utf8'));
    if (typeof pid !== 'number' || !Number.isInteger(pid)) return undefined;
    return { pid, started: typeof started === 'string' ? started : undefined };
  } catch {
    // Half written by a process that was killed, or just gone.
    return undefined;
  }
}

function isAlive({ pid, started }: Holder): boolean {
  if (pid === process.pid) return startOf(pid) === started;
  try {
    process.kill(pid, 0);
  } catch (error) {
    // Somebody else's process is alive all the same.
    if (!hasCode(error, 'EPERM')) return false;
  }
  const now = startOf(pid);
  return started === undefined || now === undefined || now === started;
}

/** When a process was started, in ticks since the machine was (proc(5), field 22); `undefined` off Linux. */
function startOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The second field is a name in parentheses, which may hold anything.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
  }
}
