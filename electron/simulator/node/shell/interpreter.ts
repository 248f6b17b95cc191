import { FileSystemError } from '../runtime/file-system';
import { Exit, type Process, type Signal, signalNumbers } from '../runtime/process';
import { BrokenPipe, emptyInput, LineInput, Pipe } from '../runtime/streams';
import { builtins } from './builtins';
import { LoopControl, Return, type ShellState, type Streams } from './control';
import { type ExpansionContext, expandPattern, expandToText, expandWords, patternExpression } from './expansion';
import { glob } from './glob';
import { parseScript } from './parser';
import { runProgram } from './program';
import { redirected } from './redirection';
import { type AndOr, type Command, type List, type Pipeline, type Redirection, ShellSyntaxError } from './syntax';

/**
 * Commands that a loop may run in one instant of cluster time, and what the next one then costs. A real loop without a sleep
 * keeps a core busy; this one must not keep the host's busy.
 */
const BURST = 200;
const BURST_COST = 100;

/** A POSIX shell over one process: its variables, functions, traps, and the walk over a script's tree. */
export class Shell implements ShellState {
  readonly process: Process;
  readonly variables: Map<string, string>;
  readonly exported: Set<string>;
  readonly functions: Map<string, Command>;
  readonly traps = new Map<string, string>();
  readonly options = new Set<string>();
  positional: readonly string[];
  cwd: string;
  status = 0;
  readonly #name: string;
  #pending: string[] = [];
  readonly #background: Promise<unknown>[] = [];
  #commands = 0;
  #lastBackground = '';
  /** Set while the outcome of a command is being tested, where `set -e` does not apply. */
  #tested = 0;

  constructor(process: Process, name: string, positional: readonly string[], parent?: Shell) {
    this.process = process;
    this.#name = name;
    this.positional = positional;
    this.cwd = parent?.cwd ?? process.cwd;
    this.variables = new Map(parent?.variables ?? process.environment);
    this.exported = new Set(parent?.exported ?? process.environment.keys());
    this.functions = new Map(parent?.functions ?? []);
    for (const option of parent?.options ?? []) this.options.add(option);
  }

  get streams(): Streams {
    return { stdin: this.process.stdin, stdout: this.process.stdout, stderr: this.process.stderr };
  }

  /** Runs a whole script. @returns its exit code. */
  async runScript(text: string): Promise<number> {
    let script: List;
    try {
      script = parseScript(text);
    } catch (error) {
      if (!(error instanceof ShellSyntaxError)) throw error;
      await this.complain(error.message, this.streams);
      return 2;
    }
    try {
      await this.list(script, this.streams);
    } catch (error) {
      if (error instanceof Exit) this.status = error.code;
      else if (error instanceof Return) this.status = error.code;
      else if (!(error instanceof LoopControl)) throw error;
    }
    const atExit = this.traps.get('EXIT');
    if (atExit !== undefined) {
      this.traps.delete('EXIT');
      const status = this.status;
      await this.runScript(atExit);
      this.status = status;
    }
    return this.status;
  }

  /** Runs more text as part of the script at hand. */
  async evaluate(text: string, streams: Streams): Promise<number> {
    try {
      return await this.list(parseScript(text), streams);
    } catch (error) {
      if (!(error instanceof ShellSyntaxError)) throw error;
      await this.complain(error.message, streams);
      throw new Exit(2);
    }
  }

  /** Registers `trap`'s action; an empty one ignores the signal. */
  trap(signal: string, action: string): void {
    this.traps.set(signal, action);
    const name = `SIG${signal}`;
    if (name in signalNumbers) this.process.onSignal([name as Signal], () => this.#pending.push(action));
  }

  async complain(message: string, streams: Streams): Promise<void> {
    await streams.stderr.write(`${this.#name}: ${message}\n`);
  }

  async waitForBackground(): Promise<void> {
    // A trap's action ends the wait, so that `sleep infinity & wait` reacts to SIGTERM at once.
    const all = Promise.all(this.#background);
    let finished = false;
    void all.then(() => {
      finished = true;
    });
    while (!finished && this.#pending.length === 0) await Promise.race([all, this.process.sleep(100)]);
  }

  async list(list: List, streams: Streams): Promise<number> {
    for (const item of list) {
      if (item.background) this.#startBackground(item, streams);
      else this.status = await this.#andOr(item, streams);
    }
    return this.status;
  }

  #startBackground(item: AndOr, streams: Streams): void {
    const child = new Shell(this.process, this.#name, this.positional, this);
    const run = child.#subshell({ ...item, background: false }, { ...streams, stdin: new LineInput(emptyInput) });
    // The process may end before its background command does.
    this.#background.push(run.catch((error: unknown) => this.complain(String(error), streams)));
    this.#lastBackground = String(this.process.pid + this.#background.length);
    this.status = 0;
  }

  async #subshell(item: AndOr, streams: Streams): Promise<number> {
    try {
      return await this.list([item], streams);
    } catch (error) {
      if (error instanceof Exit || error instanceof Return) return error.code;
      if (error instanceof LoopControl) return 0;
      if (error instanceof BrokenPipe) return 141;
      throw error;
    }
  }

  async #andOr(item: AndOr, streams: Streams): Promise<number> {
    const tested = item.rest.length > 0;
    let status = await this.#pipeline(item.first, streams, tested);
    for (const [index, { operator, pipeline }] of item.rest.entries()) {
      this.status = status;
      if ((operator === '&&') === (status === 0)) {
        status = await this.#pipeline(pipeline, streams, index < item.rest.length - 1);
      }
    }
    return status;
  }

  async #pipeline(pipeline: Pipeline, streams: Streams, tested: boolean): Promise<number> {
    const { commands, negated } = pipeline;
    let status: number;
    if (tested || negated) this.#tested++;
    try {
      const only = commands[0];
      status =
        commands.length === 1 && only !== undefined
          ? await this.command(only, streams)
          : await this.#pipe(commands, streams);
    } finally {
      if (tested || negated) this.#tested--;
    }
    this.status = negated ? (status === 0 ? 1 : 0) : status;
    if (status !== 0 && !negated && !tested && this.#tested === 0 && this.options.has('e')) throw new Exit(status);
    return this.status;
  }

  async #pipe(commands: readonly Command[], streams: Streams): Promise<number> {
    let stdin = streams.stdin;
    let previous: Pipe | undefined;
    const running: Promise<number>[] = [];
    commands.forEach((command, index) => {
      const pipe = index < commands.length - 1 ? new Pipe() : undefined;
      const own: Streams = { stdin, stdout: pipe ?? streams.stdout, stderr: streams.stderr };
      const reader = previous;
      const child = new Shell(this.process, this.#name, this.positional, this);
      const item: AndOr = { first: { negated: false, commands: [command] }, rest: [], background: false };
      running.push(
        child.#subshell(item, own).finally(() => {
          pipe?.close();
          reader?.abandon();
        }),
      );
      if (pipe !== undefined) stdin = new LineInput(pipe);
      previous = pipe;
    });
    const statuses = await Promise.all(running);
    if (this.options.has('pipefail')) return statuses.findLast((status) => status !== 0) ?? 0;
    return statuses.at(-1) ?? 0;
  }

  async command(command: Command, outer: Streams): Promise<number> {
    this.process.check();
    if (++this.#commands % BURST === 0) await this.process.sleep(BURST_COST);
    await this.#runTraps(outer);
    let streams = outer;
    try {
      for (const redirection of command.redirections) streams = await this.#redirect(redirection, streams);
      return await this.#perform(command, streams);
    } catch (error) {
      if (!(error instanceof FileSystemError)) throw error;
      const reason = error.message === 'No such file or directory' ? 'nonexistent directory' : error.message;
      const reading = command.redirections.some((redirection) => redirection.operator === '<');
      await this.complain(
        reading ? `can't open ${error.path}: no such file` : `can't create ${error.path}: ${reason}`,
        outer,
      );
      return 1;
    } finally {
      await this.#runTraps(outer);
    }
  }

  async #runTraps(streams: Streams): Promise<void> {
    for (const action of this.#pending.splice(0)) await this.list(parseScript(action), streams);
  }

  async #perform(command: Command, streams: Streams): Promise<number> {
    switch (command.kind) {
      case 'simple':
        return this.#simple(command, streams);
      case 'group': {
        if (!command.subshell) return this.list(command.body, streams);
        const child = new Shell(this.process, this.#name, this.positional, this);
        try {
          return await child.list(command.body, streams);
        } catch (error) {
          if (error instanceof Exit && !this.#isDying()) return error.code;
          throw error;
        }
      }
      case 'function':
        this.functions.set(command.name, command.body);
        return 0;
      case 'if':
        for (const { condition, body } of command.branches) {
          if (await this.#holds(condition, streams)) return this.list(body, streams);
        }
        return command.otherwise === undefined ? 0 : this.list(command.otherwise, streams);
      case 'loop': {
        let status = 0;
        while ((await this.#holds(command.condition, streams)) !== command.until) {
          const result = await this.#iterate(command.body, streams);
          if (result === 'break') break;
          status = this.status;
        }
        return status;
      }
      case 'for': {
        const values = command.words === undefined ? this.positional : await this.#words(command.words, streams);
        for (const value of values) {
          this.assign(command.variable, value);
          if ((await this.#iterate(command.body, streams)) === 'break') break;
        }
        return this.status;
      }
      case 'case': {
        const context = this.#context(streams);
        const subject = await expandToText(command.word, context);
        for (const { patterns, body } of command.arms) {
          for (const pattern of patterns) {
            if (patternExpression((await expandPattern(pattern, context)).pattern).test(subject)) {
              return body.length === 0 ? 0 : this.list(body, streams);
            }
          }
        }
        return 0;
      }
    }
  }

  #isDying(): boolean {
    try {
      this.process.check();
      return false;
    } catch {
      return true;
    }
  }

  async #holds(condition: List, streams: Streams): Promise<boolean> {
    this.#tested++;
    try {
      return (await this.list(condition, streams)) === 0;
    } finally {
      this.#tested--;
    }
  }

  async #iterate(body: List, streams: Streams): Promise<'next' | 'break'> {
    try {
      await this.list(body, streams);
      return 'next';
    } catch (error) {
      if (!(error instanceof LoopControl)) throw error;
      if (error.levels > 1) {
        error.levels--;
        throw error;
      }
      return error.kind === 'break' ? 'break' : 'next';
    }
  }

  async #simple(command: Extract<Command, { kind: 'simple' }>, streams: Streams): Promise<number> {
    const context = this.#context(streams);
    const argv = await this.#words(command.words, streams);
    const values: [string, string][] = [];
    for (const { name, value } of command.assignments) values.push([name, await expandToText(value, context)]);
    const name = argv[0];
    if (name === undefined) {
      const status = command.words.length > 0 || values.length > 0 ? this.#substituted : 0;
      this.#substituted = 0;
      for (const [variable, value] of values) this.assign(variable, value);
      return status;
    }
    if (this.options.has('x')) await streams.stderr.write(`+ ${argv.join(' ')}\n`);
    const defined = this.functions.get(name);
    if (defined !== undefined) return this.#call(defined, argv.slice(1), streams);
    const builtin = builtins[name];
    if (builtin !== undefined) {
      for (const [variable, value] of values) this.assign(variable, value);
      return builtin(this, argv.slice(1), streams);
    }
    return this.execute(argv, streams, new Map(values));
  }

  async #call(body: Command, positional: readonly string[], streams: Streams): Promise<number> {
    const outer = this.positional;
    this.positional = positional;
    try {
      return await this.command(body, streams);
    } catch (error) {
      if (error instanceof Return) return error.code;
      throw error;
    } finally {
      this.positional = outer;
    }
  }

  /** Runs a program as a child process. */
  execute(argv: readonly string[], streams: Streams, extra: ReadonlyMap<string, string>): Promise<number> {
    return runProgram(this, argv, streams, extra);
  }

  /** Runs a program in the shell's own place: with its process number, so that signals are the program's. */
  replace(argv: readonly string[], streams: Streams): Promise<number> {
    return runProgram(this, argv, streams, new Map(), this.process.pid);
  }

  assign(name: string, value: string): void {
    this.variables.set(name, value);
  }

  #words(words: Extract<Command, { kind: 'simple' }>['words'], streams: Streams): Promise<string[]> {
    return expandWords(words, this.#context(streams));
  }

  #substituted = 0;

  #context(streams: Streams): ExpansionContext {
    return {
      parameter: (name) => this.#parameter(name),
      positional: this.positional,
      assign: (name, value) => this.assign(name, value),
      substitute: async (script) => {
        let text = '';
        const child = new Shell(this.process, this.#name, this.positional, this);
        const stdout = {
          write: (chunk: string) => {
            text += chunk;
          },
        };
        const own = { ...streams, stdout };
        try {
          this.#substituted = await child.list(script, own);
        } catch (error) {
          if (!(error instanceof Exit) || this.#isDying()) throw error;
          this.#substituted = error.code;
        }
        return text.replace(/\n+$/, '');
      },
      fail: (message) => {
        void this.complain(message, streams);
        throw new Exit(2);
      },
      glob: (pattern) => glob(pattern, this.cwd, this.process.container.files),
    };
  }

  #parameter(name: string): string | undefined {
    switch (name) {
      case '?':
        return String(this.status);
      case '$':
        return String(this.process.pid);
      case '#':
        return String(this.positional.length);
      case '!':
        return this.#lastBackground;
      case '@':
      case '*':
        return this.positional.join(' ');
      case '-':
        return [...this.options].join('');
      case '0':
        return this.#name;
      case 'PWD':
        return this.cwd;
      case 'RANDOM':
        return String(this.process.container.random.integer(0, 32_768));
      default:
        return /^\d+$/.test(name) ? this.positional[Number(name) - 1] : this.variables.get(name);
    }
  }

  async #redirect(redirection: Redirection, streams: Streams): Promise<Streams> {
    const target = await expandToText(redirection.target, this.#context(streams));
    return redirected(streams, redirection, target, this.cwd, this.process.container.files);
  }
}
