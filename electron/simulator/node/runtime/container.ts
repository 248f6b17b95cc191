import type { Clock } from '../../clock';
import type { Random } from '../../random';
import type { Image } from '../images/image';
import { Console } from './console';
import { type DirectoryNode, FileSystem, type FileSystemNode } from './file-system';
import type { Listener } from './listener';
import { Process, type Program, type Signal } from './process';
import { emptyInput, type Input, type Output } from './streams';

/** The network and identity that the containers of one pod share. */
export interface Sandbox {
  readonly hostname: string;
  readonly ip: string;
  /** Ports open in any of the pod's containers, by number. */
  readonly listeners: Map<number, Listener>;
}

export interface ContainerMount {
  readonly path: string;
  readonly node: FileSystemNode;
  readonly readOnly: boolean;
}

export interface ContainerConfig {
  readonly name: string;
  readonly image: Image;
  readonly tag: string;
  readonly command: readonly string[];
  readonly environment: ReadonlyMap<string, string>;
  readonly workingDirectory: string;
  readonly mounts: readonly ContainerMount[];
  /** What is written to `/etc/hosts`, `/etc/resolv.conf` and the like; asked for when somebody looks at files. */
  readonly providedFiles: () => Readonly<Record<string, string>>;
  readonly uid: number;
  readonly gid: number;
  /** Supplementary groups, the volumes' among them. */
  readonly groups: readonly number[];
  readonly readOnlyRoot: boolean;
  readonly stdin: boolean;
  readonly stdinOnce: boolean;
  readonly tty: boolean;
  /** Named container ports. */
  readonly ports: ReadonlyMap<string, number>;
  readonly sandbox: Sandbox;
}

/** What goes to the log, by stream. */
export type LogSink = (stream: 'stdout' | 'stderr', text: string) => void;

/** A command could not be started: the text is the runtime's, without containerd's and runc's preamble. */
export class StartError extends Error {}

const SEARCH_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** How far one exec's environment and streams differ from the container's. */
export interface RunOptions {
  readonly stdin?: Input;
  readonly stdout: Output;
  readonly stderr: Output;
  readonly tty?: boolean;
  readonly environment?: ReadonlyMap<string, string>;
  readonly cwd?: string;
  /** Takes the place of the process of this number, as execve does. */
  readonly pid?: number;
}

/** A container from its creation to its end: a file tree, processes, open ports. */
export class ContainerInstance {
  readonly config: ContainerConfig;
  readonly clock: Clock;
  readonly random: Random;
  /** Running processes by number; 1 is the command that the container lives by. */
  readonly processes = new Map<number, Process>();
  /** The main process's own streams. */
  readonly console: Console;
  #ended = false;
  readonly #onEnd: (() => void)[] = [];
  #files: FileSystem | undefined;
  #nextPid = 1;
  #ports: number[] = [];

  constructor(config: ContainerConfig, clock: Clock, random: Random, sink: LogSink) {
    this.config = config;
    this.clock = clock;
    this.random = random;
    this.console = new Console(config, sink, () => this.#interrupt());
  }

  /** Made when it is first looked at: most containers never are. */
  get files(): FileSystem {
    this.#files ??= this.#makeFiles();
    return this.#files;
  }

  /** The files, when anything has looked at them so far. */
  get filesIfMade(): FileSystem | undefined {
    return this.#files;
  }

  /**
   * Starts the container's command.
   * @param ended told its exit code, when it has ended.
   * @param failed told of an error of the simulator's.
   * @throws StartError at once when it cannot be started.
   */
  start(ended: (code: number) => void, failed: (error: unknown) => void): void {
    const { stdin, stdout, stderr } = this.console;
    const options = { stdin, stdout, stderr, tty: this.config.tty };
    const end = () => {
      this.console.close();
      this.#ended = true;
      for (const callback of this.#onEnd.splice(0)) callback();
      for (const process of [...this.processes.values()]) process.deliver('SIGKILL');
      for (const port of this.#ports) this.config.sandbox.listeners.delete(port);
    };
    this.#launch(
      this.config.command,
      options,
      (code) => {
        end();
        ended(code);
      },
      (error) => {
        end();
        failed(error);
      },
    );
  }

  /** Calls back when the main process has ended, at once when it already has. */
  onEnd(callback: () => void): void {
    if (this.#ended) callback();
    else this.#onEnd.push(callback);
  }

  /** Ctrl-C goes to what the main process is running, or to itself. */
  #interrupt(): void {
    const others = [...this.processes.values()].filter(({ pid, tty }) => pid !== 1 && tty);
    for (const process of others) process.deliver('SIGINT');
    if (others.length === 0) this.signal('SIGINT');
  }

  /** To the container's first process. */
  signal(signal: Signal): void {
    this.processes.get(1)?.deliver(signal);
  }

  /** Starts a further process. @throws StartError */
  spawn(argv: readonly string[], options: RunOptions): { process: Process; exited: Promise<number> } {
    let settle: { resolve(code: number): void; reject(error: unknown): void } | undefined;
    const exited = new Promise<number>((resolve, reject) => {
      settle = { resolve, reject };
    });
    const process = this.#launch(
      argv,
      options,
      (code) => settle?.resolve(code),
      (error) => settle?.reject(error),
    );
    return { process, exited };
  }

  #launch(
    argv: readonly string[],
    options: RunOptions,
    ended: (code: number) => void,
    failed: (error: unknown) => void,
  ): Process {
    const environment = options.environment ?? this.config.environment;
    const cwd = options.cwd ?? this.config.workingDirectory;
    const found = this.findProgram(argv[0] ?? '', environment.get('PATH') ?? SEARCH_PATH, cwd);
    if (typeof found === 'string') throw new StartError(found);
    const process = new Process({
      container: this,
      pid: options.pid ?? this.#nextPid++,
      argv: [...found.prefix, ...(found.prefix.length > 0 ? [found.path, ...argv.slice(1)] : argv)],
      environment,
      cwd,
      stdin: options.stdin ?? emptyInput,
      stdout: options.stdout,
      stderr: options.stderr,
      tty: options.tty ?? false,
    });
    this.processes.set(process.pid, process);
    process.run(
      found.program,
      (code) => {
        this.processes.delete(process.pid);
        ended(code);
      },
      (error) => {
        this.processes.delete(process.pid);
        failed(error);
      },
    );
    return process;
  }

  /** The program that a name stands for, or the runtime's words for why there is none. */
  findProgram(
    name: string,
    searchPath: string,
    cwd: string,
  ): { program: Program; path: string; prefix: readonly string[] } | string {
    const { programs } = this.config.image;
    const at = (path: string) => {
      const program = programs[path];
      if (program !== undefined) return { program, path, prefix: [] };
      if (this.#files === undefined && !this.#mayHold(path)) return undefined;
      const node = this.files.lookup(path);
      if (node?.type !== 'file' || (node.mode & 0o111) === 0 || !node.content.startsWith('#!')) return undefined;
      const interpreter = node.content.slice(2, node.content.indexOf('\n')).trim().split(/\s+/);
      const script = programs[interpreter[0] ?? ''];
      return script === undefined ? undefined : { program: script, path, prefix: interpreter };
    };
    if (name.includes('/')) {
      const path = name.startsWith('/') ? name : `${cwd}/${name}`;
      const found = at(path.replace(/\/\.\//g, '/'));
      if (found !== undefined) return found;
      const exists = this.files.lookup(path) !== undefined;
      return exists ? `exec: "${name}": permission denied` : `exec: "${name}": stat ${path}: no such file or directory`;
    }
    for (const directory of searchPath.split(':')) {
      const found = at(`${directory}/${name}`);
      if (found !== undefined) return found;
    }
    return `exec: "${name}": executable file not found in $PATH`;
  }

  listen(listener: Listener): void {
    this.config.sandbox.listeners.set(listener.port, listener);
    this.#ports.push(listener.port);
  }

  /** Whether a file outside of the image could be there: mounts and the image's own files. */
  #mayHold(path: string): boolean {
    return (
      this.config.image.files?.[path] !== undefined || this.config.mounts.some((mount) => path.startsWith(mount.path))
    );
  }

  #makeFiles(): FileSystem {
    const { image, mounts, providedFiles, readOnlyRoot, sandbox } = this.config;
    const files = new FileSystem(() => this.clock.now(), this.config, readOnlyRoot);
    for (const path of ['bin', 'dev', 'etc', 'home', 'proc', 'root', 'sys', 'usr/bin', 'var/log', 'var/run']) {
      files.provideDirectory(`/${path}`);
    }
    files.provideDirectory('/tmp', 0o1777);
    for (const path of Object.keys(image.programs)) files.provide(path, '', 0o755);
    for (const [path, content] of Object.entries({ ...image.files, ...providedFiles() })) {
      if (path.endsWith('/')) files.provideDirectory(path.slice(0, -1));
      else files.provide(path, content, content.startsWith('#!') ? 0o755 : 0o644);
    }
    files.provide('/etc/hostname', `${sandbox.hostname}\n`);
    files.provideDevice('/dev/null', () => {});
    // What PID 1 has as its standard streams, which scripts write to so as to reach the log.
    files.provideDevice('/dev/stdout', (text) => void this.console.stdout.write(text));
    files.provideDevice('/dev/stderr', (text) => void this.console.stderr.write(text));
    files.provideDevice('/proc/1/fd/1', (text) => void this.console.stdout.write(text));
    files.provideDevice('/proc/1/fd/2', (text) => void this.console.stderr.write(text));
    for (const mount of mounts) files.mount(mount.path, mount.node, mount.readOnly);
    return files;
  }
}

/** The node of `subPath` in a volume, made as a directory when it is not there. */
export function subPathOf(volume: FileSystemNode, subPath: string, make: () => DirectoryNode): FileSystemNode {
  let node = volume;
  for (const part of subPath.split('/')) {
    if (part === '' || part === '.') continue;
    if (node.type !== 'directory') throw new StartError(`not a directory: ${subPath}`);
    let next = node.entries.get(part);
    if (next === undefined) {
      next = make();
      node.entries.set(part, next);
    }
    node = next;
  }
  return node;
}
