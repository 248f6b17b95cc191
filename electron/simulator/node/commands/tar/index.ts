import { gunzipSync, gzipSync } from 'node:zlib';
import { bytesOf, textOf } from '../../runtime/bytes';
import { FileSystemError, type FileSystemNode, resolvePath } from '../../runtime/file-system';
import type { Process, Program } from '../../runtime/process';
import { textInput } from '../../runtime/streams';
import { parseOptions } from '../options';
import { encodeHeader, padding, type TarEntry, TarError } from './format';
import { TarReader } from './reader';

/** The most that a compressed archive may unpack to. */
const LARGEST_UNPACKED = 256 * 1024 * 1024;

/** `tar`: `-c`, `-x` and `-t` over files and directories, by file or by stream, as `kubectl cp` needs it. */
export const tar: Program = async (process) => {
  const [first = '', ...rest] = process.arguments;
  // The oldest form: `tar xf -`.
  const args = /^[a-zA-Z]+$/.test(first) ? [`-${first}`, ...rest] : process.arguments;
  const { flags, values, operands } = parseOptions(args, ['f', 'file', 'C', 'directory', 'strip-components']);
  const archive = values.get('f') ?? values.get('file') ?? '-';
  const cwd = process.path(values.get('C') ?? values.get('directory') ?? '.');
  if (process.container.files.lookup(cwd)?.type !== 'directory') {
    return process.fail(`${values.get('C')}: Cannot open: No such file or directory`, 2);
  }
  const options: Options = {
    archive: archive === '-' ? undefined : process.path(archive),
    cwd,
    gzip: flags.has('z') || flags.has('gzip'),
    verbose: flags.has('v') || flags.has('verbose'),
    keepsTime: !flags.has('m') && !flags.has('touch'),
    keepsOwner: process.container.config.uid === 0 && !flags.has('o') && !flags.has('no-same-owner'),
    strip: Number(values.get('strip-components') ?? 0),
  };
  try {
    if (flags.has('c') || flags.has('create')) return await create(process, options, operands);
    if (flags.has('x') || flags.has('extract') || flags.has('get')) return await extract(process, options, operands);
    if (flags.has('t') || flags.has('list')) return await list(process, options);
  } catch (error) {
    if (error instanceof FileSystemError) return process.fail(`${error.path}: Cannot open: ${error.message}`, 2);
    if (!(error instanceof TarError)) throw error;
    await process.fail(error.message);
    return process.fail('Error is not recoverable: exiting now', 2);
  }
  return process.fail("You must specify one of the '-Acdtrux', '--delete' or '--test-label' options", 2);
};

interface Options {
  /** Absent: the standard streams. */
  readonly archive: string | undefined;
  readonly cwd: string;
  readonly gzip: boolean;
  readonly verbose: boolean;
  readonly keepsTime: boolean;
  readonly keepsOwner: boolean;
  /** Leading parts of each name to leave out. */
  readonly strip: number;
}

async function create(process: Process, options: Options, operands: readonly string[]): Promise<number> {
  if (operands.length === 0) return process.fail('Cowardly refusing to create an empty archive', 2);
  const collected: Buffer[] = [];
  const collects = options.archive !== undefined || options.gzip;
  const put = async (bytes: Buffer) => {
    if (collects) collected.push(bytes);
    else await process.print(textOf(bytes));
  };
  let code = 0;
  let told = false;
  const add = async (name: string, node: FileSystemNode): Promise<void> => {
    if (options.verbose) await process.stderr.write(`${name}\n`);
    const content = node.type === 'file' ? bytesOf(node.content) : Buffer.alloc(0);
    const isDirectory = node.type === 'directory';
    const shown = isDirectory && !name.endsWith('/') ? `${name}/` : name;
    const { mode, uid, gid, modified } = node;
    const entry = {
      name: shown,
      type: isDirectory ? '5' : '0',
      mode,
      uid,
      gid,
      size: content.length,
      modified,
      link: '',
    };
    await put(encodeHeader(entry));
    for (let at = 0; at < content.length; at += 65_536) await put(content.subarray(at, at + 65_536));
    await put(padding(content.length));
    if (node.type === 'directory') {
      for (const [child, inner] of node.entries) await add(`${shown}${child}`, inner);
    }
  };
  for (const operand of operands) {
    const node = process.container.files.lookup(resolvePath(options.cwd, operand));
    const name = operand.replace(/^\/+/, '');
    if (name !== operand && !told) {
      told = true;
      await process.stderr.write("tar: Removing leading `/' from member names\n");
    }
    if (node === undefined) code = await process.fail(`${operand}: Cannot stat: No such file or directory`, 2);
    else await add(name === '' ? './' : name, node);
  }
  await put(Buffer.alloc(1024));
  if (collects) {
    const whole = Buffer.concat(collected);
    const text = textOf(options.gzip ? gzipSync(whole) : whole);
    if (options.archive === undefined) await process.print(text);
    else process.container.files.write(options.archive, text);
  }
  if (code !== 0) await process.fail('Exiting with failure status due to previous errors');
  return code;
}

async function extract(process: Process, options: Options, operands: readonly string[]): Promise<number> {
  const reader = await open(process, options);
  let code = 0;
  for (let entry = await reader.next(); entry !== undefined; entry = await reader.next()) {
    const { name } = entry;
    const wanted = operands.length === 0 || operands.some((operand) => isBelow(name, operand));
    const parts = name.split('/').filter((part) => part !== '' && part !== '.');
    const kept = parts.slice(options.strip);
    if (!wanted || (kept.length === 0 && options.strip > 0)) {
      await reader.skip(entry);
      continue;
    }
    if (options.verbose) await process.print(`${name}\n`);
    if (parts.includes('..')) {
      await reader.skip(entry);
      code = await process.fail(`${name}: Member name contains '..', skipping`, 2);
      continue;
    }
    try {
      await place(
        process,
        options,
        reader,
        entry,
        `/${[...options.cwd.split('/'), ...kept].filter(Boolean).join('/')}`,
      );
    } catch (error) {
      if (!(error instanceof FileSystemError)) throw error;
      code = await process.fail(`${name}: Cannot open: ${error.message}`, 2);
    }
  }
  await reader.drain();
  if (code !== 0) await process.fail('Exiting with failure status due to previous errors');
  return code;
}

async function place(
  process: Process,
  options: Options,
  reader: TarReader,
  entry: TarEntry,
  path: string,
): Promise<void> {
  const { files } = process.container;
  if (entry.type !== '5' && entry.type !== '0') {
    await reader.skip(entry);
    throw new FileSystemError(path, 'Operation not permitted');
  }
  const above = path.slice(0, path.lastIndexOf('/'));
  const isDirectory = entry.type === '5';
  try {
    if (above !== '' && files.lookup(above) === undefined) files.makeDirectory(above, true);
    if (isDirectory && path !== '/') files.makeDirectory(path, true);
    files.checkSize(path, entry.size);
  } catch (error) {
    await reader.skip(entry);
    throw error;
  }
  const content = await reader.content(entry);
  if (!isDirectory) files.write(path, textOf(content));
  const node = files.lookup(path);
  if (node === undefined || (node.type === 'file' && node.write !== undefined)) return;
  node.mode = entry.mode;
  if (options.keepsTime) node.modified = entry.modified;
  if (options.keepsOwner) {
    node.uid = entry.uid;
    node.gid = entry.gid;
  }
}

async function list(process: Process, options: Options): Promise<number> {
  const reader = await open(process, options);
  for (let entry = await reader.next(); entry !== undefined; entry = await reader.next()) {
    await process.print(`${entry.name}\n`);
    await reader.skip(entry);
  }
  await reader.drain();
  return 0;
}

async function open(process: Process, options: Options): Promise<TarReader> {
  const { archive, gzip } = options;
  if (archive === undefined && !gzip) return new TarReader(process, process.stdin);
  let text = archive === undefined ? '' : process.container.files.read(archive);
  if (archive === undefined) {
    for (let chunk = await process.wait(process.stdin.read()); chunk !== undefined; ) {
      text += chunk;
      chunk = await process.wait(process.stdin.read());
    }
  }
  const bytes = bytesOf(text);
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return new TarReader(process, textInput(text));
  try {
    return new TarReader(process, textInput(textOf(gunzipSync(bytes, { maxOutputLength: LARGEST_UNPACKED }))));
  } catch {
    // Whatever is wrong with it, gzip says it in its own words and tar only sees that its child has failed.
    throw new TarError('Child returned status 1');
  }
}

function isBelow(name: string, operand: string): boolean {
  const trimmed = operand.replace(/\/+$/, '');
  return name === operand || name.replace(/\/+$/, '') === trimmed || name.startsWith(`${trimmed}/`);
}
