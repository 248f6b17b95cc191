import { createInflate, type Inflate } from 'node:zlib';
import { dictionary } from './dictionary';
import { SpdyError } from './frames';

/** Names in lower case; a name may have several values. */
export type Headers = ReadonlyMap<string, readonly string[]>;

/** What a header block may unpack to: those of remote commands have a few short lines. */
const LARGEST_BLOCK = 64 * 1024;
const MOST_HEADERS = 1000;

/** zlib's first bytes where the dictionary is named: compression as usual, and the dictionary's Adler-32. */
const ZLIB_START = Buffer.from('78bbe3c6a7c2', 'hex');

/**
 * Packs header blocks, one zlib stream a connection. They are stored, not compressed: what is sent here are empty replies,
 * and a reader cannot tell the difference.
 */
export class HeaderCompressor {
  #started = false;

  compress(headers: Headers): Buffer {
    const plain = encodePairs(headers);
    const start = this.#started ? [] : [ZLIB_START];
    this.#started = true;
    // The empty block behind it is what zlib's sync flush writes: up to here everything can be read.
    return Buffer.concat([...start, storedHead(plain.length), plain, storedHead(0)]);
  }
}

/** The head of a stored block that is not the last (RFC 1951, section 3.2.4). */
function storedHead(length: number): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt16LE(length, 1);
  head.writeUInt16LE(length ^ 0xffff, 3);
  return head;
}

/** Unpacks header blocks, in the order in which they came: each builds on those before it. */
export class HeaderDecompressor {
  readonly #inflate: Inflate = createInflate({ dictionary });
  #failure: Error | undefined;
  #taken: Buffer[] = [];
  #size = 0;

  constructor() {
    this.#inflate.on('data', (chunk: Buffer) => {
      this.#size += chunk.length;
      if (this.#size > LARGEST_BLOCK) this.#inflate.destroy(new SpdyError('header block is too large'));
      else this.#taken.push(chunk);
    });
    this.#inflate.on('error', (error) => {
      this.#failure = error;
    });
  }

  /** @throws SpdyError */
  async decompress(block: Uint8Array): Promise<Headers> {
    this.#taken = [];
    this.#size = 0;
    await new Promise<void>((resolve) => {
      if (this.#failure !== undefined || this.#inflate.destroyed) return resolve();
      this.#inflate.once('close', resolve);
      this.#inflate.write(block, () => {
        this.#inflate.removeListener('close', resolve);
        resolve();
      });
    });
    if (this.#failure !== undefined) throw new SpdyError(`header block: ${this.#failure.message}`);
    return decodePairs(Buffer.concat(this.#taken));
  }

  close(): void {
    this.#inflate.destroy();
  }
}

function encodePairs(headers: Headers): Buffer {
  const parts: Buffer[] = [word(headers.size)];
  for (const [name, values] of headers) {
    for (const text of [Buffer.from(name.toLowerCase()), Buffer.from(values.join('\0'))]) {
      parts.push(word(text.length), text);
    }
  }
  return Buffer.concat(parts);
}

function word(value: number): Buffer {
  const buffer = Buffer.alloc(4);
  buffer.writeUInt32BE(value);
  return buffer;
}

function decodePairs(block: Buffer): Headers {
  let at = 0;
  const take = (count: number): Buffer => {
    if (at + count > block.length) throw new SpdyError('compressed payload size was incorrect');
    at += count;
    return block.subarray(at - count, at);
  };
  const text = () => take(take(4).readUInt32BE()).toString();
  const count = take(4).readUInt32BE();
  if (count > MOST_HEADERS) throw new SpdyError('invalid control frame');
  const headers = new Map<string, string[]>();
  for (let i = 0; i < count; i++) {
    const name = text();
    if (name !== name.toLowerCase()) throw new SpdyError('header was not lowercased');
    if (headers.has(name)) throw new SpdyError('multiple headers with same name');
    headers.set(name, text().split('\0'));
  }
  if (at !== block.length) throw new SpdyError('compressed payload size was incorrect');
  return headers;
}
