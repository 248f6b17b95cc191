import { bytesOf } from '../../runtime/bytes';
import type { Process } from '../../runtime/process';
import type { Input } from '../../runtime/streams';
import { BLOCK, decodeExtended, decodeHeader, type TarEntry, TarError, withExtended } from './format';

/** The most that an extended header or a long name may take. */
const LARGEST_HEADER = 1024 * 1024;

/** Reads an archive from a stream, entry by entry, holding no more than one entry's content. */
export class TarReader {
  readonly #process: Process;
  readonly #input: Input;
  #chunks: Buffer[] = [];
  #length = 0;

  constructor(process: Process, input: Input) {
    this.#process = process;
    this.#input = input;
  }

  /**
   * The next entry; its content must be taken by `content` or `skip` before the one after it.
   * @throws TarError
   */
  async next(): Promise<TarEntry | undefined> {
    let extended = new Map<string, string>();
    for (;;) {
      const header = await this.#take(BLOCK, true);
      const entry = header === undefined ? undefined : decodeHeader(header);
      if (entry === undefined) return undefined;
      if (!'xgLK'.includes(entry.type)) return withExtended(entry, extended);
      if (entry.size > LARGEST_HEADER) throw new TarError('Exiting with failure status due to previous errors');
      const content = await this.content(entry);
      const end = content.indexOf(0);
      const name = content.subarray(0, end < 0 ? content.length : end).toString();
      if (entry.type === 'L') extended.set('path', name);
      else if (entry.type === 'K') extended.set('linkpath', name);
      // A global header's words on names and sizes are nobody's use; others only describe.
      else if (entry.type === 'x') extended = new Map([...extended, ...decodeExtended(content)]);
    }
  }

  async content(entry: TarEntry): Promise<Buffer> {
    const content = (await this.#take(entry.size)) ?? Buffer.alloc(0);
    await this.#take((BLOCK - (entry.size % BLOCK)) % BLOCK);
    return content;
  }

  async skip(entry: TarEntry): Promise<void> {
    for (let left = Math.ceil(entry.size / BLOCK) * BLOCK; left > 0; ) {
      const count = Math.min(left, 64 * BLOCK);
      await this.#take(count);
      left -= count;
    }
  }

  /** What comes after the archive's end, so that its writer is not cut off. */
  async drain(): Promise<void> {
    while ((await this.#process.wait(this.#input.read())) !== undefined);
  }

  /** @param mayEnd whether the input may be at its end. @throws TarError when it ends within. */
  async #take(count: number, mayEnd = false): Promise<Buffer | undefined> {
    while (this.#length < count) {
      const text = await this.#process.wait(this.#input.read());
      if (text === undefined) {
        if (mayEnd && this.#length === 0) return undefined;
        throw new TarError('Unexpected EOF in archive');
      }
      const bytes = bytesOf(text);
      this.#chunks.push(bytes);
      this.#length += bytes.length;
    }
    const all = this.#chunks.length === 1 ? (this.#chunks[0] ?? Buffer.alloc(0)) : Buffer.concat(this.#chunks);
    this.#chunks = [all.subarray(count)];
    this.#length = all.length - count;
    return all.subarray(0, count);
  }
}
