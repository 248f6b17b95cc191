import { echoText, formatText } from '../commands/format';
import { evaluateTest } from '../commands/test';
import { resolvePath } from '../runtime/file-system';
import { Exit } from '../runtime/process';
import { LoopControl, Return, type ShellState, type Streams } from './control';

type Builtin = (shell: ShellState, args: readonly string[], streams: Streams) => Promise<number> | number;

/** Commands that the shell performs itself, because they change it or because a process each would be a waste. */
export const builtins: Readonly<Record<string, Builtin>> = {
  ':': () => 0,
  true: () => 0,
  false: () => 1,
  echo: async (_shell, args, streams) => {
    await streams.stdout.write(echoText(args));
    return 0;
  },
  printf: async (_shell, args, streams) => {
    await streams.stdout.write(formatText(args[0] ?? '', args.slice(1)));
    return 0;
  },
  test: (shell, args) => (evaluateTest(args, shell.process.container.files, shell.cwd) ? 0 : 1),
  '[': async (shell, args, streams) => {
    if (args.at(-1) !== ']') {
      await shell.complain('[: missing ]', streams);
      return 2;
    }
    return evaluateTest(args.slice(0, -1), shell.process.container.files, shell.cwd) ? 0 : 1;
  },
  cd: async (shell, args, streams) => {
    const target = args[0] === '-' ? shell.variables.get('OLDPWD') : (args[0] ?? shell.variables.get('HOME') ?? '/');
    const path = resolvePath(shell.cwd, target ?? '/');
    const node = shell.process.container.files.lookup(path);
    if (node?.type !== 'directory') {
      const reason = node === undefined ? 'No such file or directory' : 'Not a directory';
      await shell.complain(`cd: can't cd to ${target}: ${reason}`, streams);
      return 2;
    }
    shell.assign('OLDPWD', shell.cwd);
    shell.cwd = path;
    return 0;
  },
  pwd: async (shell, _args, streams) => {
    await streams.stdout.write(`${shell.cwd}\n`);
    return 0;
  },
  exit: (shell, args) => {
    throw new Exit(Number(args[0] ?? shell.status) & 0xff);
  },
  return: (shell, args) => {
    throw new Return(Number(args[0] ?? shell.status) & 0xff);
  },
  break: (_shell, args) => {
    throw new LoopControl('break', Number(args[0] ?? 1));
  },
  continue: (_shell, args) => {
    throw new LoopControl('continue', Number(args[0] ?? 1));
  },
  export: (shell, args) => declare(shell, args, true),
  readonly: (shell, args) => declare(shell, args, false),
  local: (shell, args) => declare(shell, args, false),
  unset: (shell, args) => {
    for (const name of args) {
      shell.variables.delete(name);
      shell.functions.delete(name);
    }
    return 0;
  },
  shift: (shell, args) => {
    shell.positional = shell.positional.slice(Number(args[0] ?? 1));
    return 0;
  },
  set: (shell, args) => {
    const rest = [...args];
    for (let flag = rest[0]; flag !== undefined && /^[-+]/.test(flag); flag = rest[0]) {
      rest.shift();
      if (flag === '--') break;
      const letters = flag.slice(1) === 'o' ? [rest.shift() ?? ''] : [...flag.slice(1).replace('o', '')];
      if (flag.endsWith('o') && flag.length > 2) letters.push(rest.shift() ?? '');
      for (const letter of letters) {
        const option = letter === 'errexit' ? 'e' : letter === 'xtrace' ? 'x' : letter;
        if (flag.startsWith('-')) shell.options.add(option);
        else shell.options.delete(option);
      }
    }
    if (rest.length > 0 || args.includes('--')) shell.positional = rest;
    return 0;
  },
  trap: (shell, args) => {
    const [action = '', ...signals] = args;
    for (const signal of signals) {
      const name = signal === '0' ? 'EXIT' : signal === '15' ? 'TERM' : signal === '2' ? 'INT' : signal;
      shell.trap(name.replace(/^SIG/, ''), action === '-' ? '' : action);
    }
    return 0;
  },
  read: async (shell, args, streams) => {
    const variables = args.filter((arg) => !arg.startsWith('-'));
    const line = await shell.process.wait(streams.stdin.readLine());
    if (line === undefined) return 1;
    const words = line.trim().split(/[ \t]+/);
    const targets = variables.length > 0 ? variables : ['REPLY'];
    targets.forEach((name, index) => {
      shell.assign(name, index === targets.length - 1 ? words.slice(index).join(' ') : (words[index] ?? ''));
    });
    return 0;
  },
  wait: async (shell) => {
    await shell.waitForBackground();
    return 0;
  },
  exec: async (shell, args, streams) => {
    if (args.length === 0) return 0;
    // The program takes the shell's place, so signals are its own to handle.
    throw new Exit(await shell.replace(args, streams));
  },
  eval: (shell, args, streams) => shell.evaluate(args.join(' '), streams),
  '.': async (shell, args, streams) => source(shell, args, streams),
  source: async (shell, args, streams) => source(shell, args, streams),
  command: async (shell, args, streams) => {
    if (args[0] === '-v' || args[0] === '-V') return locate(shell, args.slice(1), streams);
    return shell.execute(args, streams, new Map());
  },
  type: async (shell, args, streams) => locate(shell, args, streams),
  umask: () => 0,
  ulimit: () => 0,
};

function declare(shell: ShellState, args: readonly string[], exported: boolean): number {
  for (const argument of args) {
    const equals = argument.indexOf('=');
    const name = equals < 0 ? argument : argument.slice(0, equals);
    if (equals >= 0) shell.assign(name, argument.slice(equals + 1));
    if (exported) shell.exported.add(name);
  }
  return 0;
}

async function source(shell: ShellState, args: readonly string[], streams: Streams): Promise<number> {
  const path = resolvePath(shell.cwd, args[0] ?? '');
  const node = shell.process.container.files.lookup(path);
  if (node?.type !== 'file') {
    await shell.complain(`.: can't open '${args[0] ?? ''}': No such file or directory`, streams);
    throw new Exit(2);
  }
  return shell.evaluate(node.content, streams);
}

async function locate(shell: ShellState, args: readonly string[], streams: Streams): Promise<number> {
  let status = 0;
  for (const name of args) {
    if (name in builtins || shell.functions.has(name)) {
      await streams.stdout.write(`${name}\n`);
      continue;
    }
    const path = shell.variables.get('PATH') ?? '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
    const found = shell.process.container.findProgram(name, path, shell.cwd);
    if (typeof found === 'string') status = 127;
    else await streams.stdout.write(`${found.path}\n`);
  }
  return status;
}
