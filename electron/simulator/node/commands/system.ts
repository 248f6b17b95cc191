import type { Process, Program, Signal } from '../runtime/process';
import { signalNumbers } from '../runtime/process';
import { echoText, formatText } from './format';
import { parseOptions } from './options';
import { sh } from './sh';
import { evaluateTest } from './test';

const UNITS: Readonly<Record<string, number>> = { '': 1, s: 1, m: 60, h: 3600, d: 86_400 };

/** Milliseconds in `1`, `0.5`, `1h`, `infinity`; `undefined` for what is no time. */
function durationOf(text: string): number | undefined {
  if (text === 'infinity' || text === 'inf') return Number.POSITIVE_INFINITY;
  const match = /^(\d+(?:\.\d+)?)([smhd]?)$/.exec(text);
  return match === null ? undefined : Number(match[1]) * (UNITS[match[2] ?? ''] ?? 1) * 1000;
}

const sleep: Program = async (process) => {
  let total = 0;
  for (const argument of process.arguments) {
    const duration = durationOf(argument);
    if (duration === undefined) return process.fail(`invalid number '${argument}'`);
    total += duration;
  }
  if (process.arguments.length === 0) return process.fail('missing operand');
  await process.sleep(total);
  return 0;
};

const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];

/** `strftime` in UTC. */
function formatDate(format: string, milliseconds: number): string {
  const date = new Date(milliseconds);
  const pad = (value: number, length = 2, fill = '0') => String(value).padStart(length, fill);
  const fields: Record<string, () => string> = {
    a: () => (DAYS[date.getUTCDay()] ?? '').slice(0, 3),
    A: () => DAYS[date.getUTCDay()] ?? '',
    b: () => (MONTHS[date.getUTCMonth()] ?? '').slice(0, 3),
    B: () => MONTHS[date.getUTCMonth()] ?? '',
    d: () => pad(date.getUTCDate()),
    e: () => pad(date.getUTCDate(), 2, ' '),
    F: () => date.toISOString().slice(0, 10),
    D: () => formatDate('%m/%d/%y', milliseconds),
    H: () => pad(date.getUTCHours()),
    I: () => pad(date.getUTCHours() % 12 || 12),
    M: () => pad(date.getUTCMinutes()),
    S: () => pad(date.getUTCSeconds()),
    T: () => date.toISOString().slice(11, 19),
    R: () => date.toISOString().slice(11, 16),
    Y: () => String(date.getUTCFullYear()),
    y: () => pad(date.getUTCFullYear() % 100),
    m: () => pad(date.getUTCMonth() + 1),
    j: () => pad(Math.floor((milliseconds - Date.UTC(date.getUTCFullYear(), 0, 1)) / 86_400_000) + 1, 3),
    N: () => `${pad(date.getUTCMilliseconds(), 3)}000000`,
    p: () => (date.getUTCHours() < 12 ? 'AM' : 'PM'),
    s: () => String(Math.floor(milliseconds / 1000)),
    u: () => String(date.getUTCDay() || 7),
    w: () => String(date.getUTCDay()),
    z: () => '+0000',
    Z: () => 'UTC',
    n: () => '\n',
    t: () => '\t',
    '%': () => '%',
  };
  return format.replace(/%([A-Za-z%])/g, (whole, letter: string) => fields[letter]?.() ?? whole);
}

const date: Program = async (process) => {
  const { flags, operands } = parseOptions(process.arguments, ['d']);
  const format = operands.find((operand) => operand.startsWith('+'))?.slice(1);
  const now = process.container.clock.now();
  const standard = flags.has('R') ? '%a, %d %b %Y %T +0000' : flags.has('I') ? '%F' : '%a %b %e %T UTC %Y';
  await process.print(`${formatDate(format ?? standard, now)}\n`);
  return 0;
};

const env: Program = async (process) => {
  const args = [...process.arguments];
  const environment = new Map(process.environment);
  while (args[0]?.startsWith('-')) if (args.shift() === '-i') environment.clear();
  for (let pair = args[0]; pair?.includes('='); pair = args[0]) {
    args.shift();
    environment.set(pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1));
  }
  if (args.length === 0) {
    for (const [name, value] of environment) await process.print(`${name}=${value}\n`);
    return 0;
  }
  const searched = process.container.findProgram(args[0] ?? '', environment.get('PATH') ?? '', process.cwd);
  if (typeof searched === 'string') return process.fail(`can't execute '${args[0]}': No such file or directory`, 127);
  const { stdin, stdout, stderr, cwd } = process;
  return process.wait(process.container.spawn(args, { stdin, stdout, stderr, cwd, environment }).exited);
};

const printenv: Program = async (process) => {
  const name = process.arguments[0];
  if (name === undefined) return env(process);
  const value = process.environment.get(name);
  if (value === undefined) return 1;
  await process.print(`${value}\n`);
  return 0;
};

const userName = (process: Process) => (process.container.config.uid === 0 ? 'root' : undefined);

const id: Program = async (process) => {
  const { flags } = parseOptions(process.arguments);
  const { uid, gid, groups } = process.container.config;
  if (flags.has('u')) await process.print(`${flags.has('n') ? (userName(process) ?? uid) : uid}\n`);
  else if (flags.has('g')) await process.print(`${gid}\n`);
  else {
    const name = (number: number) => (number === 0 ? '(root)' : '');
    const all = [...new Set([gid, ...groups])]
      .sort((a, b) => a - b)
      .map((number) => `${number}${name(number)}`)
      .join(',');
    await process.print(`uid=${uid}${name(uid)} gid=${gid}${name(gid)} groups=${all}\n`);
  }
  return 0;
};

const whoami: Program = async (process) => {
  const name = userName(process);
  if (name === undefined) return process.fail(`unknown uid ${process.container.config.uid}`);
  await process.print(`${name}\n`);
  return 0;
};

const ps: Program = async (process) => {
  await process.print('PID   USER     TIME  COMMAND\n');
  const user = (userName(process) ?? String(process.container.config.uid)).padEnd(8);
  for (const other of [...process.container.processes.values()].sort((a, b) => a.pid - b.pid)) {
    await process.print(`${String(other.pid).padStart(5)} ${user}  0:00 ${other.argv.join(' ')}\n`);
  }
  return 0;
};

const hostname: Program = async (process) => {
  const { flags } = parseOptions(process.arguments);
  const { sandbox } = process.container.config;
  await process.print(`${flags.has('i') || flags.has('I') ? sandbox.ip : sandbox.hostname}\n`);
  return 0;
};

const uname: Program = async (process) => {
  const { flags } = parseOptions(process.arguments);
  const { hostname: host } = process.container.config.sandbox;
  const all = `Linux ${host} 6.1.0-porthole #1 SMP x86_64 GNU/Linux`;
  const parts = [flags.has('n') ? host : '', flags.has('r') ? '6.1.0-porthole' : '', flags.has('m') ? 'x86_64' : ''];
  const chosen = parts.filter((part) => part !== '').join(' ');
  await process.print(`${flags.has('a') ? all : chosen === '' ? 'Linux' : chosen}\n`);
  return 0;
};

const kill: Program = async (process) => {
  let signal: Signal = 'SIGTERM';
  let code = 0;
  for (const argument of process.arguments) {
    if (argument.startsWith('-')) {
      const wanted = argument.slice(1).replace(/^SIG/, '');
      const found = Object.entries(signalNumbers).find(
        ([name, number]) => name === `SIG${wanted}` || String(number) === wanted,
      );
      if (found === undefined) return process.fail(`bad signal name '${wanted}'`);
      signal = found[0] as Signal;
      continue;
    }
    const target = process.container.processes.get(Number(argument));
    if (target === undefined) code = await process.fail(`can't kill pid ${argument}: No such process`);
    // From inside, even SIGKILL does not reach the first process.
    else if (target.pid !== 1 || signal !== 'SIGKILL') target.deliver(signal);
  }
  return code;
};

const seq: Program = async (process) => {
  const numbers = process.arguments.map(Number);
  const [first, step, last] =
    numbers.length >= 3
      ? [numbers[0], numbers[1], numbers[2]]
      : [numbers.length === 2 ? numbers[0] : 1, 1, numbers.at(-1)];
  if (first === undefined || step === undefined || last === undefined || step === 0)
    return process.fail('missing operand');
  for (let value = first; step > 0 ? value <= last : value >= last; value += step) await process.print(`${value}\n`);
  return 0;
};

const yes: Program = async (process) => {
  const line = `${process.arguments.length > 0 ? process.arguments.join(' ') : 'y'}\n`;
  for (;;) {
    await process.print(line.repeat(100));
    await process.sleep(100);
  }
};

const expr: Program = async (process) => {
  const [left = '0', operator = '', right = '0'] = process.arguments;
  const [a, b] = [Number(left), Number(right)];
  const results: Record<string, number> = {
    '+': a + b,
    '-': a - b,
    '*': a * b,
    '/': Math.trunc(a / b),
    '%': a % b,
    '=': Number(left === right),
    '>': Number(a > b),
    '<': Number(a < b),
  };
  const result = results[operator];
  if (result === undefined) return process.fail('syntax error', 2);
  await process.print(`${result}\n`);
  return result === 0 ? 1 : 0;
};

const timeout: Program = async (process) => {
  const { operands } = parseOptions(process.arguments.slice(0, 1));
  const duration = durationOf(operands[0] ?? '');
  if (duration === undefined) return process.fail(`invalid number '${operands[0] ?? ''}'`);
  const { stdin, stdout, stderr, cwd, environment } = process;
  const child = process.container.spawn(process.arguments.slice(1), { stdin, stdout, stderr, cwd, environment });
  const timer = process.container.clock.setTimeout(() => child.process.deliver('SIGTERM'), duration);
  try {
    return await process.wait(child.exited);
  } finally {
    timer.cancel();
  }
};

const which: Program = async (process) => {
  let code = 0;
  for (const name of process.arguments) {
    const found = process.container.findProgram(name, process.environment.get('PATH') ?? '', process.cwd);
    if (typeof found === 'string') code = 1;
    else await process.print(`${found.path}\n`);
  }
  return code;
};

const print =
  (text: (process: Process) => string): Program =>
  async (process) => {
    await process.print(text(process));
    return 0;
  };

/** Programs that look at the machine, the time and other processes. */
export const systemCommands: Readonly<Record<string, Program>> = {
  '[': ({ argv, container, cwd }) => (evaluateTest(argv.slice(1, -1), container.files, cwd) ? 0 : 1),
  basename: print(({ arguments: [path = '', suffix = ''] }) => {
    const name = path.replace(/\/+$/, '').split('/').pop() ?? '';
    return `${suffix !== '' && name.endsWith(suffix) ? name.slice(0, -suffix.length) : name}\n`;
  }),
  date,
  dirname: print(({ arguments: [path = ''] }) => `${path.includes('/') ? path.replace(/\/[^/]*$/, '') || '/' : '.'}\n`),
  echo: print((process) => echoText(process.arguments)),
  env,
  expr,
  false: () => 1,
  hostname,
  id,
  kill,
  nproc: print(() => '4\n'),
  printenv,
  printf: print((process) => formatText(process.arguments[0] ?? '', process.arguments.slice(1))),
  ps,
  pwd: print((process) => `${process.cwd}\n`),
  seq,
  sh,
  sleep,
  test: ({ argv, container, cwd }) => (evaluateTest(argv.slice(1), container.files, cwd) ? 0 : 1),
  timeout,
  true: () => 0,
  tty: print((process) => (process.tty ? '/dev/pts/0\n' : 'not a tty\n')),
  uname,
  which,
  whoami,
  yes,
};
