import { Terminal } from '../terminal';
import type { LogSink } from './container';
import { emptyInput, type Input, type Output, Pipe } from './streams';

/** What a caller that reads too slowly may have waiting for it, in units of text; then it is let go. */
const MOST_WAITING = 4 * 1024 * 1024;

/** Somebody who watches a container's output. */
export interface Viewer {
  readonly stdout: Output;
  readonly stderr: Output;
  /** Called when the viewer has fallen too far behind. */
  lost(): void;
}

interface Attached {
  readonly viewer: Viewer;
  waiting: number;
}

/** How a container's main process reads and writes (`stdin`, `stdinOnce` and `tty` of its spec). */
export interface ConsoleOptions {
  readonly stdin: boolean;
  readonly stdinOnce: boolean;
  readonly tty: boolean;
}

/** Reads nothing, and never ends: a terminal at which nobody sits. */
const idleInput: Input = { read: () => new Promise(() => {}) };

/**
 * The standard streams of a container's main process. All output goes to the log; whoever attaches sees it from then on, and
 * types into the input that all share.
 */
export class Console {
  readonly stdin: Input;
  readonly stdout: Output;
  readonly stderr: Output;
  readonly #log: LogSink;
  readonly #pipe: Pipe | undefined;
  readonly #once: boolean;
  readonly #attached = new Set<Attached>();

  /** @param interrupt called for Ctrl-C on a terminal. */
  constructor(options: ConsoleOptions, log: LogSink, interrupt: () => void) {
    this.#log = log;
    this.#once = options.stdinOnce;
    this.#pipe = options.stdin ? new Pipe() : undefined;
    const output = (stream: 'stdout' | 'stderr'): Output => ({ write: (text) => this.#write(stream, text) });
    if (options.tty) {
      const terminal = new Terminal(this.#pipe ?? idleInput, output('stdout'), interrupt);
      this.stdin = terminal;
      this.stdout = terminal.output;
      this.stderr = terminal.output;
    } else {
      this.stdin = this.#pipe ?? emptyInput;
      this.stdout = output('stdout');
      this.stderr = output('stderr');
    }
  }

  /** Shows all further output to a viewer. @returns how to stop. */
  attach(viewer: Viewer): () => void {
    const attached = { viewer, waiting: 0 };
    this.#attached.add(attached);
    return () => this.#attached.delete(attached);
  }

  /** Types what a caller sends, until its end. Without `stdin: true` it goes nowhere, as to a closed descriptor. */
  async type(input: Input): Promise<void> {
    for (let text = await input.read(); text !== undefined; text = await input.read()) await this.#pipe?.write(text);
    if (this.#once) this.#pipe?.close();
  }

  /** The main process has ended: nobody reads any more. */
  close(): void {
    this.#pipe?.close();
    // Who still types is not kept waiting.
    this.#pipe?.discard();
  }

  #write(stream: 'stdout' | 'stderr', text: string): Promise<void> | void {
    this.#log(stream, text);
    if (this.#attached.size === 0) return;
    return Promise.all([...this.#attached].map((attached) => this.#show(attached, stream, text))).then(() => {});
  }

  async #show(attached: Attached, stream: 'stdout' | 'stderr', text: string): Promise<void> {
    attached.waiting += text.length;
    if (attached.waiting > MOST_WAITING) {
      this.#attached.delete(attached);
      attached.viewer.lost();
      return;
    }
    await attached.viewer[stream].write(text);
    attached.waiting -= text.length;
  }
}
