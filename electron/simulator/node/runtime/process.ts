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
  /** Copied when the process first looks at it: most servers never do. */
  readonly environment: ReadonlyMap<string, string>;
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
  readonly stdout: Output;
  readonly stderr: Output;
  readonly tty: boolean;
  /** Cluster time of its start in milliseconds. */
  readonly started: number;
  cwd: string;
  readonly #inherited: ReadonlyMap<string, string>;
  readonly #source: Input;
  /** The latest last. */
  readonly #handlers: SignalHandler[] = [];
  readonly #interrupts: ((reason: Exit) => void)[] = [];
  #environment: Map<string, string> | undefined;
  #stdin: LineInput | undefined;
  #exit: Exit | undefined;

  constructor(options: ProcessOptions) {
    this.container = options.container;
    this.pid = options.pid;
    this.argv = options.argv;
    this.#inherited = options.environment;
    this.cwd = options.cwd;
    this.#source = options.stdin;
    this.stdout = options.stdout;
    this.stderr = options.stderr;
    this.tty = options.tty;
    this.started = options.container.clock.now();
  }

  /** Its own: what it changes here, its children inherit. */
  get environment(): Map<string, string> {
    this.#environment ??= new Map(this.#inherited);
    return this.#environment;
  }

  get stdin(): LineInput {
    this.#stdin ??= this.#source instanceof LineInput ? this.#source : new LineInput(this.#source);
    return this.#stdin;
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
    if (duration === Number.POSITIVE_INFINITY) return this.#untilEnded();
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

  /**
   * Waits for something outside of the process; a deadly signal cuts it short. Not a race of promises: thousands of servers
   * wait here for as long as they live, and each should weigh little.
   */
  wait<T>(promise: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.check();
      this.#interrupts.push(reject);
      const release = () => {
        const index = this.#interrupts.indexOf(reject);
        if (index >= 0) this.#interrupts.splice(index, 1);
      };
      promise.then(
        (value) => {
          release();
          resolve(value);
        },
        (error: unknown) => {
          release();
          reject(error);
        },
      );
    });
  }

  #untilEnded(): Promise<never> {
    return new Promise((_, reject) => {
      this.check();
      this.#interrupts.push(reject);
    });
  }

  /** Throws when the process has been killed: a loop that never waits calls it. */
  check(): void {
    if (this.#exit !== undefined) throw this.#exit;
  }

  /** What to do on any of these signals instead of dying of it. */
  onSignal(signals: readonly Signal[], handler: (signal: Signal) => void): void {
    this.#handlers.push({ signals, handler });
  }

  /** Ends a waiting program from outside, as its signal handler does. */
  end(code: number): void {
    if (this.#exit !== undefined) return;
    this.#exit = new Exit(code);
    for (const interrupt of this.#interrupts.splice(0)) interrupt(this.#exit);
  }

  /**
   * Delivers a signal. The first process of a container is the kernel's init: it ignores what it has no handler for, except
   * SIGKILL from outside.
   */
  deliver(signal: Signal): void {
    const known = this.#handlers.findLast(({ signals }) => signals.includes(signal));
    if (signal !== 'SIGKILL' && known !== undefined) known.handler(signal);
    else if (signal === 'SIGKILL' || this.pid !== 1) this.end(128 + signalNumbers[signal]);
  }

  /**
   * Runs a program to its end.
   * @param ended told the exit code. Nothing of the program's promise is kept otherwise.
   * @param failed told of an error that is the simulator's, not the program's.
   */
  run(program: Program, ended: (code: number) => void, failed: (error: unknown) => void): void {
    const end = (code: number) => ended((this.#exit?.code ?? code) & 0xff);
    const fail = (error: unknown) => {
      if (error instanceof Exit) ended(error.code & 0xff);
      else if (error instanceof BrokenPipe) ended(141);
      else failed(error);
    };
    new Promise<number>((resolve) => resolve(program(this))).then(end, fail);
  }
}

interface SignalHandler {
  readonly signals: readonly Signal[];
  readonly handler: (signal: Signal) => void;
}
