import { readFileSync } from 'node:fs';
import { messageOf } from '../../../../shared/error-message';
import { hasCode } from '../../../error-code';

// LMDB maps its file into memory and trusts it: a damaged one takes the whole process down, with no error to catch. So the
// file is walked through before it is opened. The layout is that of data version 2 (dependencies/lmdb/libraries/liblmdb/mdb.c
// of the npm package), little-endian throughout.

const MAGIC = 0xbeefc0de;
const DATA_VERSION = 2;
const PAGE_HEADER = 24;
const NODE_HEADER = 8;

const PAGE_BRANCH = 0x01;
const PAGE_LEAF = 0x02;
const PAGE_OVERFLOW = 0x04;
const PAGE_META = 0x08;
const NODE_BIG_DATA = 0x01;

/** What the tree's root says when it is empty. */
const NO_PAGE = 0xffffffffffffffffn;

interface Meta {
  readonly pageSize: number;
  readonly roots: readonly bigint[];
  readonly depths: readonly number[];
  readonly transaction: bigint;
}

/**
 * Looks for damage that LMDB would not survive.
 * @returns what is wrong with the file, or `undefined` when it is sound, empty or missing.
 */
export function damageOf(file: string): string | undefined {
  let data: Buffer;
  try {
    data = readFileSync(file);
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
  if (data.length === 0) return undefined;
  try {
    const first = readMeta(data, 0);
    const second = readMeta(data, first.pageSize);
    const meta = second.transaction > first.transaction ? second : first;
    meta.roots.forEach((root, index) => {
      if (root !== NO_PAGE) walk(data, meta.pageSize, Number(root), meta.depths[index] ?? 0);
    });
    return undefined;
  } catch (error) {
    // Reading past the end is a RangeError of the buffer's.
    return error instanceof RangeError ? `it ends too early, at ${data.length} bytes` : messageOf(error);
  }
}

function readMeta(data: Buffer, start: number): Meta {
  if (data.readUInt16LE(start + 18) !== PAGE_META || data.readUInt32LE(start + 24) !== MAGIC) {
    throw new Error('it is no LMDB file');
  }
  const version = data.readUInt32LE(start + 28);
  if (version !== DATA_VERSION) throw new Error(`its data version is ${version}, not ${DATA_VERSION}`);
  const pageSize = data.readUInt32LE(start + 48);
  if (pageSize < 512 || pageSize > 65536 || (pageSize & (pageSize - 1)) !== 0) {
    throw new Error(`its page size is ${pageSize}`);
  }
  return {
    pageSize,
    depths: [data.readUInt16LE(start + 54), data.readUInt16LE(start + 102)],
    roots: [data.readBigUInt64LE(start + 88), data.readBigUInt64LE(start + 136)],
    transaction: data.readBigUInt64LE(start + 152),
  };
}

/** Visits a page and all below it. */
function walk(data: Buffer, pageSize: number, page: number, depth: number): void {
  const start = page * pageSize;
  const fault = (what: string) => new Error(`page ${page} ${what}`);
  if (data.readBigUInt64LE(start) !== BigInt(page)) throw fault('is not the page it should be');
  const flags = data.readUInt16LE(start + 18) & (PAGE_BRANCH | PAGE_LEAF | PAGE_OVERFLOW | PAGE_META);
  if (flags !== (depth > 1 ? PAGE_BRANCH : PAGE_LEAF)) throw fault('is of the wrong kind');
  // Places in a page are counted from the end of its header.
  const base = start + PAGE_HEADER;
  const size = pageSize - PAGE_HEADER;
  const lower = data.readUInt16LE(start + 20);
  const upper = data.readUInt16LE(start + 22);
  if (lower > upper || upper > size || lower % 2 !== 0) throw fault('has a broken header');
  for (let pointer = 0; pointer < lower; pointer += 2) {
    const offset = data.readUInt16LE(base + pointer);
    if (offset < upper || offset + NODE_HEADER > size) throw fault('points outside itself');
    const node = base + offset;
    const low = data.readUInt32LE(node);
    const nodeFlags = data.readUInt16LE(node + 4);
    const keySize = data.readUInt16LE(node + 6);
    const value = offset + NODE_HEADER + keySize;
    if (value > size) throw fault('has a key that does not fit');
    if (depth > 1) {
      walk(data, pageSize, low + nodeFlags * 2 ** 32, depth - 1);
    } else if ((nodeFlags & NODE_BIG_DATA) !== 0) {
      checkOverflow(data, pageSize, data.readBigUInt64LE(base + value), low);
    } else if (value + low > size) {
      throw fault('has a value that does not fit');
    }
  }
}

/** A value too long for its page stands on pages of its own. */
function checkOverflow(data: Buffer, pageSize: number, page: bigint, length: number): void {
  const start = Number(page) * pageSize;
  if (data.readBigUInt64LE(start) !== page || (data.readUInt16LE(start + 18) & PAGE_OVERFLOW) === 0) {
    throw new Error(`page ${page} is not the page it should be`);
  }
  const pages = data.readUInt32LE(start + 20);
  if (PAGE_HEADER + length > pages * pageSize) throw new Error(`page ${page} is too short for its value`);
  if (start + PAGE_HEADER + length > data.length) throw new RangeError();
}
