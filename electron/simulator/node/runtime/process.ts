import type { Timer } from '../../clock';
import type { ContainerInstance } from './container';
import { resolvePath } from './file-system';
import { BrokenPipe, type Input, LineInput, type Output } from './streams';

export type Signal = 'SIGHUP' | 'SIGINT' | 'SIGQUIT' | 'SIGKILL' | 'SIGTERM' | 'SIGUSR1' | 'SIGUSR2';

export const signalNumbers: Readonly<Record<Signal, number>> = {
  SIGHUP: 1,
  SIGINT: 2,
  SIGQUIT: 3,
  SIGKILL: 9,
  SIGUSR1: 10,
  SIGUSR2: 12,
  SIGTERM: 15,
};

/** Unwinds a process that was killed by a signal or has called exit. */
export class Exit extends Error {
  readonly code: number;

  constructor(code: number) {
    super(`exit ${code}`);
    this.name = 'Exit';
    this.code = code;
  }
}

/** What a program does: it lives as long as the promise, and ends with the exit code that this gives. */
export type Program = (process: Process) => Promise<number> | number;

export interface ProcessOptions {
  readonly container: ContainerInstance;
  readonly pid: number;
  /** With the program's own name first. */
  readonly argv: readonly string[];
  readonly environment: Map<string, string>;
  readonly cwd: string;
  readonly stdin: Input;
  readonly stdout: Output;
  readonly stderr: Output;
  readonly tty: boolean;
}

/** A running program, as the program sees itself: its arguments, its streams, time, signals. */
export class Process {
  readonly container: ContainerInstance;
  readonly pid: number;
  readonly argv: readonly string[];
  readonly environment: Map<string, string>;
  readonly stdin: LineInput;
  readonly stdout: Output;
  readonly stderr: Output;
  readonly tty: boolean;
  /** Cluster time of its start in milliseconds. */
  readonly started: number;
  cwd: string;
  readonly #handlers = new Map<Signal, () => void>();
  readonly #interrupts = new Set<(reason: Exit) => void>();
  #exit: Exit | undefined;

  constructor(options: ProcessOptions) {
    this.container = options.container;
    this.pid = options.pid;
    this.argv = options.argv;
    this.environment = options.environment;
    this.cwd = options.cwd;
    this.stdin = options.stdin instanceof LineInput ? options.stdin : new LineInput(options.stdin);
    this.stdout = options.stdout;
    this.stderr = options.stderr;
    this.tty = options.tty;
    this.started = options.container.clock.now();
  }

  get arguments(): readonly string[] {
    return this.argv.slice(1);
  }

  /** Text to standard output. */
  async print(text: string): Promise<void> {
    this.check();
    await this.wait(Promise.resolve(this.stdout.write(text)));
  }

  /** A line to standard error, with the program's name before it as most programs do. Gives `code` back. */
  async fail(message: string, code = 1): Promise<number> {
    this.check();
    await this.stderr.write(`${(this.argv[0] ?? '').split('/').pop()}: ${message}\n`);
    return code;
  }

  path(path: string): string {
    return resolvePath(this.cwd, path);
  }

  /** @param duration milliseconds of cluster time; `Infinity` waits for a signal. */
  async sleep(duration: number): Promise<void> {
    this.check();
    if (duration === Number.POSITIVE_INFINITY) return this.wait(new Promise<void>(() => {}));
    let timer: Timer | undefined;
    try {
      await this.wait(
        new Promise<void>((resolve) => {
          timer = this.container.clock.setTimeout(resolve, duration);
        }),
      );
    } finally {
      timer?.cancel();
    }
  }

  /** Waits for something outside of the process; a deadly signal cuts it short. */
  async wait<T>(promise: Promise<T>): Promise<T> {
    this.check();
    let interrupt: ((reason: Exit) => void) | undefined;
    try {
      return await Promise.race([
        promise,
        new Promise<never>((_, reject) => {
          interrupt = reject;
          this.#interrupts.add(reject);
        }),
      ]);
    } finally {
      if (interrupt !== undefined) this.#interrupts.delete(interrupt);
    }
  }

  /** Throws when the process has been killed: a loop that never waits calls it. */
  check(): void {
    if (this.#exit !== undefined) throw this.#exit;
  }

  /** What to do on a signal instead of dying of it. */
  onSignal(signal: Signal, handler: () => void): void {
    this.#handlers.set(signal, handler);
  }

  /** Ends a waiting program from outside, as its signal handler does. */
  end(code: number): void {
    if (this.#exit !== undefined) return;
    this.#exit = new Exit(code);
    for (const interrupt of [...this.#interrupts]) interrupt(this.#exit);
  }

  /**
   * Delivers a signal. The first process of a container is the kernel's init: it ignores what it has no handler for, except
   * SIGKILL from outside.
   */
  deliver(signal: Signal): void {
    const handler = this.#handlers.get(signal);
    if (signal !== 'SIGKILL' && handler !== undefined) handler();
    else if (signal === 'SIGKILL' || this.pid !== 1) this.end(128 + signalNumbers[signal]);
  }

  /** Runs a program to its end. @returns the exit code. */
  async run(program: Program): Promise<number> {
    try {
      const code = await program(this);
      return this.#exit?.code ?? code & 0xff;
    } catch (error) {
      if (error instanceof Exit) return error.code & 0xff;
      if (error instanceof BrokenPipe) return 141;
      throw error;
    }
  }
}
