import type { Process } from '../runtime/process';
import type { LineInput, Output } from '../runtime/streams';
import type { Command } from './syntax';

/** `break` and `continue` on their way to their loop. */
export class LoopControl extends Error {
  readonly kind: 'break' | 'continue';
  levels: number;

  constructor(kind: 'break' | 'continue', levels: number) {
    super(kind);
    this.kind = kind;
    this.levels = levels;
  }
}

/** `return` on its way to its function. */
export class Return extends Error {
  readonly code: number;

  constructor(code: number) {
    super('return');
    this.code = code;
  }
}

/** The streams of the command at hand, as redirections have them. */
export interface Streams {
  readonly stdin: LineInput;
  readonly stdout: Output;
  readonly stderr: Output;
}

/** The shell as its built-in commands see and change it. */
export interface ShellState {
  readonly process: Process;
  readonly variables: Map<string, string>;
  readonly exported: Set<string>;
  readonly functions: Map<string, Command>;
  /** `set -e` and its like, by letter or name. */
  readonly options: Set<string>;
  positional: readonly string[];
  cwd: string;
  status: number;
  assign(name: string, value: string): void;
  trap(signal: string, action: string): void;
  complain(message: string, streams: Streams): Promise<void>;
  evaluate(text: string, streams: Streams): Promise<number>;
  execute(argv: readonly string[], streams: Streams, extra: ReadonlyMap<string, string>): Promise<number>;
  replace(argv: readonly string[], streams: Streams): Promise<number>;
  waitForBackground(): Promise<void>;
}
