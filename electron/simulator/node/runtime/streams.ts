/** Where a process writes. Resolves when it may write more. */
export interface Output {
  write(text: string): Promise<void> | void;
}

/** Where a process reads. */
export interface Input {
  /** The next piece of text, `undefined` at the end. */
  read(): Promise<string | undefined>;
}

/** What a container without `stdin: true` reads: nothing. */
export const emptyInput: Input = { read: async () => undefined };

/** Output to nowhere. */
export const nullOutput: Output = { write: () => {} };

/** Input that is all there already. */
export function textInput(text: string): Input {
  let rest: string | undefined = text;
  return {
    read: async () => {
      const chunk = rest;
      rest = undefined;
      return chunk === '' ? undefined : chunk;
    },
  };
}

/** Reads line by line, keeping what came after the line for the next reader of the same stream. */
export class LineInput implements Input {
  readonly #source: Input;
  #buffer = '';
  #ended = false;

  constructor(source: Input) {
    this.#source = source;
  }

  async read(): Promise<string | undefined> {
    if (this.#buffer !== '') {
      const text = this.#buffer;
      this.#buffer = '';
      return text;
    }
    return this.#ended ? undefined : this.#source.read();
  }

  /** A line without its end, or `undefined` when there is none left. */
  async readLine(): Promise<string | undefined> {
    for (;;) {
      const end = this.#buffer.search(/[\r\n]/);
      if (end >= 0) {
        const line = this.#buffer.slice(0, end);
        const skip = this.#buffer.startsWith('\r\n', end) ? 2 : 1;
        this.#buffer = this.#buffer.slice(end + skip);
        return line;
      }
      const chunk = this.#ended ? undefined : await this.#source.read();
      if (chunk === undefined) {
        this.#ended = true;
        if (this.#buffer === '') return undefined;
        const line = this.#buffer;
        this.#buffer = '';
        return line;
      }
      this.#buffer += chunk;
    }
  }
}

/** Everything up to the end. */
export async function readAll(input: Input): Promise<string> {
  let text = '';
  for (;;) {
    const chunk = await input.read();
    if (chunk === undefined) return text;
    text += chunk;
  }
}

/** How much a pipe holds before its writer waits, as Linux's 64 KiB. */
const PIPE_CAPACITY = 65_536;

/** Joins one process's output to another's input. */
export class Pipe implements Input, Output {
  #buffer = '';
  #closed = false;
  #broken = false;
  #discards = false;
  #readable: (() => void) | undefined;
  #writable: (() => void) | undefined;

  /** @throws BrokenPipe when the reader is gone. */
  async write(text: string): Promise<void> {
    if (this.#broken) throw new BrokenPipe();
    if (this.#discards) return;
    this.#buffer += text;
    this.#readable?.();
    while (this.#buffer.length > PIPE_CAPACITY && !this.#broken && !this.#discards) {
      await new Promise<void>((resolve) => {
        this.#writable = resolve;
      });
    }
  }

  async read(): Promise<string | undefined> {
    while (this.#buffer === '' && !this.#closed) {
      await new Promise<void>((resolve) => {
        this.#readable = resolve;
      });
    }
    if (this.#buffer === '') return undefined;
    const text = this.#buffer;
    this.#buffer = '';
    this.#writable?.();
    return text;
  }

  /** The writer is done. */
  close(): void {
    this.#closed = true;
    this.#readable?.();
  }

  /** Nobody reads what is still in it: whoever waits to write goes on, to no effect. */
  discard(): void {
    this.#buffer = '';
    this.#discards = true;
    this.#writable?.();
  }

  /** The reader is done. */
  abandon(): void {
    this.#broken = true;
    this.#writable?.();
  }
}

/** SIGPIPE: the reader of what was written is gone. */
export class BrokenPipe extends Error {
  constructor() {
    super('Broken pipe');
    this.name = 'BrokenPipe';
  }
}
