import { createHash } from 'node:crypto';
import { byteLength, bytesOf, textOf } from '../runtime/bytes';
import { FileSystemError } from '../runtime/file-system';
import type { Process, Program } from '../runtime/process';
import { readAll } from '../runtime/streams';
import { parseOptions } from './options';

/** The text of the operands, or of standard input without any. `undefined` when one cannot be read; it has been said. */
async function inputOf(process: Process, operands: readonly string[]): Promise<string | undefined> {
  if (operands.length === 0) return process.wait(readAll(process.stdin));
  let text = '';
  for (const path of operands) {
    try {
      text +=
        path === '-' ? await process.wait(readAll(process.stdin)) : process.container.files.read(process.path(path));
    } catch (error) {
      if (!(error instanceof FileSystemError)) throw error;
      await process.fail(`${path}: ${error.message}`);
      return undefined;
    }
  }
  return text;
}

function linesOf(text: string): string[] {
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines;
}

/** A program from a function over the whole input. */
function filter(
  withValue: readonly string[],
  apply: (text: string, options: ReturnType<typeof parseOptions>) => string | { text: string; code: number },
  operandsOf: (operands: readonly string[]) => readonly string[] = (operands) => operands,
): Program {
  return async (process) => {
    const options = parseOptions(process.arguments, withValue);
    const text = await inputOf(process, operandsOf(options.operands));
    if (text === undefined) return 1;
    const result = apply(text, options);
    const { text: output, code } = typeof result === 'string' ? { text: result, code: 0 } : result;
    if (output !== '') await process.print(output);
    return code;
  };
}

const joined = (lines: readonly string[]) => lines.map((line) => `${line}\n`).join('');

const grep: Program = async (process) => {
  const options = parseOptions(process.arguments, ['e', 'm', 'A', 'B', 'C']);
  const { flags, values } = options;
  const [first, ...rest] = options.operands;
  const source = values.get('e') ?? first ?? '';
  const operands = values.has('e') ? options.operands : rest;
  const escaped = flags.has('F') ? source.replace(/[.*+?^${}()|[\]\\]/g, '\\$&') : source;
  const expression = new RegExp(flags.has('w') ? `\\b(?:${escaped})\\b` : escaped, flags.has('i') ? 'i' : '');
  let count = 0;
  const show = async (line: string) => {
    if (expression.test(line) === flags.has('v')) return;
    count++;
    if (flags.has('q') || flags.has('c')) return;
    await process.print(flags.has('o') ? `${expression.exec(line)?.[0] ?? ''}\n` : `${line}\n`);
  };
  if (operands.length === 0) {
    // Line by line, so that `some-server | grep word` shows lines as they come.
    for (let line = await process.wait(process.stdin.readLine()); line !== undefined; ) {
      await show(line);
      if (flags.has('q') && count > 0) return 0;
      line = await process.wait(process.stdin.readLine());
    }
  } else {
    const text = await inputOf(process, operands);
    if (text === undefined) return 2;
    for (const line of linesOf(text)) await show(line);
  }
  if (flags.has('c')) await process.print(`${count}\n`);
  return count > 0 ? 0 : 1;
};

const count = (values: ReadonlyMap<string, string>): number =>
  Math.abs(Number(values.get('n') ?? values.get('lines') ?? 10));

/** Takes its lines and goes, so that what writes them may end too. */
const head: Program = async (process) => {
  const { operands, values } = parseOptions(process.arguments, ['n', 'lines', 'c']);
  const characters = values.get('c');
  if (operands.length > 0 || characters !== undefined) {
    const text = await inputOf(process, operands);
    if (text === undefined) return 1;
    const taken =
      characters === undefined
        ? joined(linesOf(text).slice(0, count(values)))
        : textOf(bytesOf(text).subarray(0, Number(characters)));
    await process.print(taken);
    return 0;
  }
  for (let left = count(values); left > 0; left--) {
    const line = await process.wait(process.stdin.readLine());
    if (line === undefined) return 0;
    await process.print(`${line}\n`);
  }
  return 0;
};

const tailOnce = filter(['n', 'lines', 'c'], (text, { values }) => {
  const bytes = values.get('c');
  if (bytes === undefined) return joined(linesOf(text).slice(-count(values) || text.length));
  // `+N` counts from the beginning, and from one.
  const from = bytes.startsWith('+') ? Math.max(0, Number(bytes) - 1) : -Math.abs(Number(bytes));
  return textOf(bytesOf(text).subarray(from));
});

/** `tail -f`: the end of a file, then what is appended to it. */
const tail: Program = async (process) => {
  const { flags, operands, values } = parseOptions(process.arguments, ['n', 'lines', 'c']);
  const path = operands[0];
  if (path === undefined || !(flags.has('f') || flags.has('F'))) return tailOnce(process);
  const { files } = process.container;
  const resolved = process.path(path);
  if (resolved === '/dev/null') await process.sleep(Number.POSITIVE_INFINITY);
  if (files.lookup(resolved) === undefined && !flags.has('F')) {
    return process.fail(`can't open '${path}': No such file or directory`);
  }
  let text = files.lookup(resolved) === undefined ? '' : files.read(resolved);
  await process.print(joined(linesOf(text).slice(-count(values))));
  for (;;) {
    await process.sleep(1000);
    const now = files.lookup(resolved) === undefined ? '' : files.read(resolved);
    if (now.length > text.length) await process.print(now.slice(text.length));
    text = now;
  }
};

const wc = filter([], (text, { flags }) => {
  const lines = text.split('\n').length - 1;
  const words = text.split(/\s+/).filter((word) => word !== '').length;
  const all = flags.size === 0;
  const numbers = [
    ...(all || flags.has('l') ? [lines] : []),
    ...(all || flags.has('w') ? [words] : []),
    ...(all || flags.has('c') ? [byteLength(text)] : []),
  ];
  return `${numbers.length === 1 ? numbers[0] : numbers.map((number) => String(number).padStart(7)).join(' ')}\n`;
});

const sort = filter(['k', 't'], (text, { flags }) => {
  const lines = linesOf(text);
  lines.sort(flags.has('n') ? (a, b) => Number.parseFloat(a) - Number.parseFloat(b) || (a < b ? -1 : 1) : undefined);
  if (flags.has('r')) lines.reverse();
  return joined(flags.has('u') ? [...new Set(lines)] : lines);
});

const uniq = filter([], (text, { flags }) => {
  const groups: { line: string; count: number }[] = [];
  for (const line of linesOf(text)) {
    const last = groups.at(-1);
    if (last?.line === line) last.count++;
    else groups.push({ line, count: 1 });
  }
  return joined(
    groups.map(({ line, count: times }) => (flags.has('c') ? `${String(times).padStart(7)} ${line}` : line)),
  );
});

const cut = filter(['d', 'f', 'c'], (text, { values }) => {
  const delimiter = values.get('d') ?? '\t';
  const wanted = (list: string, length: number): number[] =>
    list.split(',').flatMap((range) => {
      const [from = '', to] = range.split('-');
      const low = Number(from || 1);
      const high = to === undefined ? low : Number(to || length);
      return Array.from({ length: Math.max(0, high - low + 1) }, (_, i) => low + i - 1);
    });
  const pick = (parts: readonly string[], list: string) => wanted(list, parts.length).flatMap((i) => parts[i] ?? []);
  const characters = values.get('c');
  return joined(
    linesOf(text).map((line) => {
      if (characters !== undefined) return pick([...line], characters).join('');
      const parts = line.split(delimiter);
      return parts.length === 1 ? line : pick(parts, values.get('f') ?? '1').join(delimiter);
    }),
  );
});

const tr: Program = async (process) => {
  const { flags, operands } = parseOptions(process.arguments);
  const expand = (set: string) =>
    set
      .replace(/\\n/g, '\n')
      .replace('[:lower:]', 'a-z')
      .replace('[:upper:]', 'A-Z')
      .replace('[:space:]', ' \t\n')
      .replace(/(.)-(.)/g, (_, low: string, high: string) => {
        let range = '';
        for (let code = low.charCodeAt(0); code <= high.charCodeAt(0); code++) range += String.fromCharCode(code);
        return range;
      });
  const from = expand(operands[0] ?? '');
  const to = expand(operands[1] ?? '');
  const text = await process.wait(readAll(process.stdin));
  const result = [...text].map((character) => {
    const index = from.indexOf(character);
    if (index < 0) return character;
    return flags.has('d') ? '' : (to[Math.min(index, to.length - 1)] ?? character);
  });
  await process.print(result.join(''));
  return 0;
};

const sed: Program = async (process) => {
  const { flags, values, operands } = parseOptions(process.arguments, ['e']);
  const script = values.get('e') ?? operands[0] ?? '';
  const match = /^s(.)(.*?)\1(.*?)\1([gi]*)$/s.exec(script);
  if (match === null) return process.fail(`unsupported command ${script}`);
  const [, , pattern = '', replacement = '', modifiers = ''] = match;
  const text = await inputOf(process, values.has('e') ? operands : operands.slice(1));
  if (text === undefined) return 1;
  const source = flags.has('E') || flags.has('r') ? pattern : pattern.replace(/\\([(){}|+?])/g, '$1');
  const expression = new RegExp(source, modifiers);
  const substitute = replacement.replace(/\\(\d)/g, '$$$1').replace(/(^|[^\\])&/g, '$1$$&');
  await process.print(joined(linesOf(text).map((line) => line.replace(expression, substitute))));
  return 0;
};

const tee: Program = async (process) => {
  const { flags, operands } = parseOptions(process.arguments);
  const { files } = process.container;
  const paths = operands.map((path) => process.path(path));
  for (const path of paths) files.write(path, '', flags.has('a'));
  for (;;) {
    const chunk = await process.wait(process.stdin.read());
    if (chunk === undefined) return 0;
    for (const path of paths) files.write(path, chunk, true);
    await process.print(chunk);
  }
};

function digest(algorithm: string): Program {
  return async (process) => {
    const { operands } = parseOptions(process.arguments);
    for (const path of operands.length > 0 ? operands : ['-']) {
      const text = await inputOf(process, [path]);
      if (text === undefined) return 1;
      await process.print(`${createHash(algorithm).update(bytesOf(text)).digest('hex')}  ${path}\n`);
    }
    return 0;
  };
}

const base64: Program = filter([], (text, { flags }) =>
  flags.has('d') ? textOf(Buffer.from(text, 'base64')) : `${bytesOf(text).toString('base64')}\n`,
);

/** Programs that read text and write text. */
export const textCommands: Readonly<Record<string, Program>> = {
  base64,
  cut,
  grep,
  egrep: grep,
  fgrep: grep,
  head,
  md5sum: digest('md5'),
  rev: filter([], (text) => joined(linesOf(text).map((line) => [...line].reverse().join('')))),
  sed,
  sha256sum: digest('sha256'),
  sort,
  tac: filter([], (text) => joined(linesOf(text).reverse())),
  tail,
  tee,
  tr,
  uniq,
  wc,
};
