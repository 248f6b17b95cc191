import { byteLength } from '../runtime/bytes';
import { type DirectoryNode, directory, FileSystemError, type FileSystemNode, file } from '../runtime/file-system';
import type { Process, Program } from '../runtime/process';
import { parseOptions } from './options';

/** Runs `action` for each operand; what fails is said and makes the exit code 1. */
async function forEachOperand(
  process: Process,
  operands: readonly string[],
  describe: (path: string) => string,
  action: (path: string) => Promise<void> | void,
): Promise<number> {
  let code = 0;
  for (const operand of operands) {
    try {
      await action(operand);
    } catch (error) {
      if (!(error instanceof FileSystemError)) throw error;
      code = await process.fail(`${describe(operand)}: ${error.message}`);
    }
  }
  return code;
}

const cat: Program = async (process) => {
  const { operands } = parseOptions(process.arguments);
  const sources = operands.length > 0 ? operands : ['-'];
  return forEachOperand(
    process,
    sources,
    (path) => `can't open '${path}'`,
    async (path) => {
      if (path !== '-') return process.print(process.container.files.read(process.path(path)));
      for (;;) {
        const chunk = await process.wait(process.stdin.read());
        if (chunk === undefined) return;
        await process.print(chunk);
      }
    },
  );
};

function modeText(node: FileSystemNode): string {
  const bits = [...'rwxrwxrwx'].map((letter, i) => ((node.mode >> (8 - i)) & 1 ? letter : '-'));
  if (node.mode & 0o2000) bits[5] = bits[5] === 'x' ? 's' : 'S';
  if (node.mode & 0o1000) bits[8] = bits[8] === 'x' ? 't' : 'T';
  return (node.type === 'directory' ? 'd' : '-') + bits.join('');
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

const owner = (id: number) => (id === 0 ? 'root' : String(id)).padEnd(8);

function longLine(name: string, node: FileSystemNode): string {
  const size = node.type === 'directory' ? 4096 : byteLength(node.content);
  const date = new Date(node.modified);
  const time = `${MONTHS[date.getUTCMonth()]} ${String(date.getUTCDate()).padStart(2)} ${date.toISOString().slice(11, 16)}`;
  const links = node.type === 'directory' ? 2 : 1;
  return `${modeText(node)} ${String(links).padStart(4)} ${owner(node.uid)} ${owner(node.gid)} ${String(size).padStart(9)} ${time} ${name}\n`;
}

const ls: Program = async (process) => {
  const { flags, operands } = parseOptions(process.arguments);
  const { files } = process.container;
  const paths = operands.length > 0 ? operands : ['.'];
  let code = 0;
  for (const [index, path] of paths.entries()) {
    const node = files.lookup(process.path(path));
    if (node === undefined) {
      code = await process.fail(`${path}: No such file or directory`);
      continue;
    }
    if (node.type === 'file' || flags.has('d')) {
      await process.print(flags.has('l') ? longLine(path, node) : `${path}\n`);
      continue;
    }
    if (paths.length > 1) await process.print(`${index > 0 ? '\n' : ''}${path}:\n`);
    const shown = [...node.entries].filter(([name]) => flags.has('a') || flags.has('A') || !name.startsWith('.'));
    shown.sort(([a], [b]) => (a < b ? -1 : 1));
    if (flags.has('a')) shown.unshift(['.', node], ['..', node]);
    if (flags.has('l')) await process.print(`total ${shown.length * 4}\n`);
    for (const [name, child] of shown) await process.print(flags.has('l') ? longLine(name, child) : `${name}\n`);
  }
  return code;
};

const touch: Program = (process) =>
  forEachOperand(
    process,
    parseOptions(process.arguments).operands,
    (path) => path,
    (path) => process.container.files.touch(process.path(path)),
  );

const mkdir: Program = (process) => {
  const { flags, operands } = parseOptions(process.arguments, ['m']);
  return forEachOperand(
    process,
    operands,
    (path) => `can't create directory '${path}'`,
    (path) => process.container.files.makeDirectory(process.path(path), flags.has('p') || flags.has('parents')),
  );
};

const rm: Program = (process) => {
  const { flags, operands } = parseOptions(process.arguments);
  const recursive = flags.has('r') || flags.has('R');
  return forEachOperand(
    process,
    operands,
    (path) => `can't remove '${path}'`,
    (path) => {
      const resolved = process.path(path);
      if (flags.has('f') && process.container.files.lookup(resolved) === undefined) return;
      process.container.files.remove(resolved, recursive);
    },
  );
};

const rmdir: Program = (process) =>
  forEachOperand(
    process,
    parseOptions(process.arguments).operands,
    (path) => `'${path}'`,
    (path) => {
      const node = process.container.files.lookup(process.path(path));
      if (node?.type === 'file') throw new FileSystemError(path, 'Not a directory');
      if (node !== undefined && node.entries.size > 0) throw new FileSystemError(path, 'Directory not empty');
      process.container.files.remove(process.path(path), true);
    },
  );

function copyOf(node: FileSystemNode, now: number): FileSystemNode {
  if (node.type === 'file') return file(node.content, now, node.mode);
  const copy: DirectoryNode = directory(now);
  for (const [name, child] of node.entries) copy.entries.set(name, copyOf(child, now));
  return copy;
}

function transfer(process: Process, move: boolean): Promise<number> {
  const { flags, operands } = parseOptions(process.arguments);
  const { files, clock } = process.container;
  const target = operands.at(-1) ?? '';
  return forEachOperand(
    process,
    operands.slice(0, -1),
    (path) => (move ? `can't rename '${path}'` : `can't stat '${path}'`),
    (path) => {
      const node = files.lookup(process.path(path));
      if (node === undefined) throw new FileSystemError(path, 'No such file or directory');
      if (node.type === 'directory' && !move && !(flags.has('r') || flags.has('R') || flags.has('a'))) {
        throw new FileSystemError(path, 'omitting directory');
      }
      const into = files.lookup(process.path(target));
      const destination =
        into?.type === 'directory' ? `${process.path(target)}/${path.split('/').pop()}` : process.path(target);
      files.place(destination.replace('//', '/'), move ? node : copyOf(node, clock.now()));
      if (move) files.remove(process.path(path), true);
    },
  );
}

const cp: Program = (process) => transfer(process, false);
const mv: Program = (process) => transfer(process, true);

const chmod: Program = (process) => {
  const [mode = '', ...paths] = process.arguments.filter((argument) => !/^-[A-Za-z]$/.test(argument));
  return forEachOperand(
    process,
    paths,
    (path) => path,
    (path) => {
      const node = process.container.files.lookup(process.path(path));
      if (node === undefined) throw new FileSystemError(path, 'No such file or directory');
      if (/^[0-7]+$/.test(mode)) node.mode = Number.parseInt(mode, 8);
      else if (mode.includes('+') && mode.includes('x')) node.mode |= 0o111;
      else if (mode.includes('-') && mode.includes('x')) node.mode &= ~0o111;
    },
  );
};

const find: Program = async (process) => {
  const { values, operands } = parseFind(process.arguments);
  const visit = async (shown: string, node: FileSystemNode): Promise<void> => {
    const name = shown.split('/').pop() ?? shown;
    const kind = values.get('-type');
    const wanted = values
      .get('-name')
      ?.replace(/[.+^${}()|\\]/g, '\\$&')
      .replace(/\*/g, '.*')
      .replace(/\?/g, '.');
    if (
      (kind === undefined || kind === (node.type === 'file' ? 'f' : 'd')) &&
      (wanted === undefined || new RegExp(`^${wanted}$`).test(name))
    ) {
      await process.print(`${shown}\n`);
    }
    if (node.type === 'directory') {
      for (const [child, inner] of node.entries) await visit(`${shown === '/' ? '' : shown}/${child}`, inner);
    }
  };
  return forEachOperand(
    process,
    operands.length > 0 ? operands : ['.'],
    (path) => path,
    async (path) => {
      const node = process.container.files.lookup(process.path(path));
      if (node === undefined) throw new FileSystemError(path, 'No such file or directory');
      await visit(path, node);
    },
  );
};

function parseFind(args: readonly string[]): { values: Map<string, string>; operands: string[] } {
  const values = new Map<string, string>();
  const operands: string[] = [];
  for (let i = 0; i < args.length; i++) {
    const argument = args[i] ?? '';
    if (argument.startsWith('-')) values.set(argument, args[++i] ?? '');
    else operands.push(argument);
  }
  return { values, operands };
}

/** Programs that look at files and change them. */
export const fileCommands: Readonly<Record<string, Program>> = {
  cat,
  chmod,
  chown: () => 0,
  cp,
  find,
  ls,
  mkdir,
  mv,
  rm,
  rmdir,
  sync: () => 0,
  touch,
};
