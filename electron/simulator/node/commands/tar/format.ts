import { bytesOf, textOf } from '../../runtime/bytes';

/** The size of a header, and what everything is filled up to. */
export const BLOCK = 512;

/** One entry of an archive, as far as a simulated container can have it. */
export interface TarEntry {
  readonly name: string;
  /** `0` a file, `5` a directory, anything else as POSIX has it: `2` is a symbolic link. */
  readonly type: string;
  /** Permission bits. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Bytes of content that follow. */
  readonly size: number;
  /** Milliseconds since the epoch. */
  readonly modified: number;
  readonly link: string;
}

/** An archive that is none; the message is GNU tar's. */
export class TarError extends Error {}

/** A header in the ustar format (POSIX.1-1988), with an extended one (POSIX.1-2001) before it for a long name. */
export function encodeHeader(entry: TarEntry): Buffer {
  const name = bytesOf(entry.name);
  if (name.length <= 100) return ustar(entry, name);
  const record = extendedRecord('path', entry.name);
  const extended = { ...entry, type: 'x', mode: 0o644, size: record.length };
  return Buffer.concat([
    ustar(extended, bytesOf(`./PaxHeaders/${entry.name}`).subarray(0, 100)),
    record,
    padding(record.length),
    ustar(entry, name.subarray(0, 100)),
  ]);
}

/** What fills a content of this size up to whole blocks. */
export function padding(size: number): Buffer {
  return Buffer.alloc((BLOCK - (size % BLOCK)) % BLOCK);
}

function ustar(entry: TarEntry, name: Uint8Array): Buffer {
  const header = Buffer.alloc(BLOCK);
  const octal = (value: number, at: number, length: number) =>
    header.write(
      `${Math.max(0, Math.floor(value))
        .toString(8)
        .padStart(length - 1, '0')}\0`,
      at,
      'latin1',
    );
  header.set(name, 0);
  octal(entry.mode & 0o7777, 100, 8);
  octal(entry.uid, 108, 8);
  octal(entry.gid, 116, 8);
  octal(entry.size, 124, 12);
  octal(entry.modified / 1000, 136, 12);
  header.write('        ', 148, 'latin1');
  header.write(entry.type, 156, 'latin1');
  header.set(bytesOf(entry.link).subarray(0, 100), 157);
  header.write('ustar\x0000', 257, 'latin1');
  octal(checksum(header), 148, 7);
  return header;
}

/** `LENGTH KEY=VALUE\n`, where the length counts itself. */
function extendedRecord(key: string, value: string): Buffer {
  const rest = bytesOf(` ${key}=${value}\n`);
  let length = rest.length;
  while (String(length).length + rest.length !== length) length = String(length).length + rest.length;
  return Buffer.concat([Buffer.from(String(length)), rest]);
}

function checksum(header: Uint8Array): number {
  let sum = 0;
  for (let i = 0; i < BLOCK; i++) sum += i >= 148 && i < 156 ? 0x20 : (header[i] ?? 0);
  return sum;
}

/** A header's entry; `undefined` for the empty block that ends an archive. @throws TarError */
export function decodeHeader(header: Buffer): TarEntry | undefined {
  if (header.every((byte) => byte === 0)) return undefined;
  if (number(header, 148, 8) !== checksum(header)) throw new TarError('This does not look like a tar archive');
  const isPosix = header.toString('latin1', 257, 263) === 'ustar\0';
  const prefix = isPosix ? text(header, 345, 155) : '';
  const name = text(header, 0, 100);
  const type = header.toString('latin1', 156, 157);
  const full = prefix === '' ? name : `${prefix}/${name}`;
  return {
    name: full,
    type: type === '\0' || type === '7' ? (full.endsWith('/') ? '5' : '0') : type,
    mode: number(header, 100, 8) & 0o7777,
    uid: number(header, 108, 8),
    gid: number(header, 116, 8),
    size: number(header, 124, 12),
    modified: number(header, 136, 12) * 1000,
    link: text(header, 157, 100),
  };
}

/** The entry with what an extended header says of it (`path`, `linkpath`, `size`, `mtime`). */
export function withExtended(entry: TarEntry, records: ReadonlyMap<string, string>): TarEntry {
  const numeric = (key: string, factor: number) => {
    const value = Number(records.get(key));
    return records.has(key) && Number.isFinite(value) ? value * factor : undefined;
  };
  return {
    ...entry,
    name: records.get('path') ?? entry.name,
    link: records.get('linkpath') ?? entry.link,
    size: numeric('size', 1) ?? entry.size,
    modified: numeric('mtime', 1000) ?? entry.modified,
  };
}

/** The records of an extended header. @throws TarError */
export function decodeExtended(content: Buffer): Map<string, string> {
  const records = new Map<string, string>();
  for (let at = 0; at < content.length; ) {
    const space = content.indexOf(0x20, at);
    const length = Number(content.toString('latin1', at, space));
    const equals = content.indexOf(0x3d, space);
    if (space < 0 || equals < 0 || !Number.isInteger(length) || length <= 0 || at + length > content.length) {
      throw new TarError('Malformed extended header: missing newline');
    }
    records.set(textOf(content.subarray(space + 1, equals)), textOf(content.subarray(equals + 1, at + length - 1)));
    at += length;
  }
  return records;
}

function text(header: Buffer, at: number, length: number): string {
  const field = header.subarray(at, at + length);
  const end = field.indexOf(0);
  return textOf(end < 0 ? field : field.subarray(0, end));
}

/** Octal digits, or GNU's binary form for what is too large for them. */
function number(header: Buffer, at: number, length: number): number {
  if ((header[at] ?? 0) & 0x80) return Number(header.readBigUInt64BE(at + length - 8));
  return (
    Number.parseInt(
      header
        .toString('latin1', at, at + length)
        .trim()
        .replace(/\0.*/s, ''),
      8,
    ) || 0
  );
}
