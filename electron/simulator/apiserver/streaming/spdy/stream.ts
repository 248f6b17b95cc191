import { Duplex } from 'node:stream';
import { CANCEL, type Frame } from './frames';
import type { Headers } from './headers';

/** The most that one data frame carries. */
const LARGEST_DATA = 32 * 1024;

/** One stream of a SPDY connection. Ending it closes our half; destroying it before both halves are closed resets it. */
export class SpdyStream extends Duplex {
  readonly id: number;
  readonly headers: Headers;
  readonly #send: (frame: Frame, sent: () => void) => void;
  #room: (() => void) | undefined;
  /** Whether the peer knows that the stream is over. */
  #settled = false;
  #closedRemote = false;

  /** @param send hands a frame to the connection, which calls back when it can take more. */
  constructor(id: number, headers: Headers, send: (frame: Frame, sent: () => void) => void) {
    super({ allowHalfOpen: true });
    this.id = id;
    this.headers = headers;
    this.#send = send;
    // Who reads a stream sees its end; that it was reset is no error of this process.
    this.on('error', () => {});
  }

  /** A header's first value. */
  header(name: string): string {
    return this.headers.get(name)?.[0] ?? '';
  }

  /** The peer has sent data. Resolves when there is room for more. */
  deliver(data: Buffer): Promise<void> {
    if (this.destroyed || this.#closedRemote || data.length === 0 || this.push(data)) return Promise.resolve();
    return new Promise((resolve) => {
      this.#room = resolve;
    });
  }

  /** The peer has closed its half. */
  closeRemote(): void {
    if (this.destroyed || this.#closedRemote) return;
    this.#closedRemote = true;
    this.push(null);
  }

  /** The peer has reset the stream, or the connection is gone. */
  abandon(): void {
    this.#settled = true;
    this.destroy();
  }

  override _read(): void {
    const room = this.#room;
    this.#room = undefined;
    room?.();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error) => void): void {
    const next = (at: number) => {
      if (at >= chunk.length || this.#settled) {
        done();
        return;
      }
      const data = chunk.subarray(at, at + LARGEST_DATA);
      this.#send({ type: 'data', streamId: this.id, fin: false, data }, () => next(at + LARGEST_DATA));
    };
    next(0);
  }

  override _final(done: (error?: Error) => void): void {
    if (this.#settled) done();
    else this.#send({ type: 'data', streamId: this.id, fin: true, data: Buffer.alloc(0) }, done);
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    const over = this.#closedRemote && this.writableFinished;
    if (!over && !this.#settled) this.#send({ type: 'rstStream', streamId: this.id, status: CANCEL }, () => {});
    this.#settled = true;
    this._read();
    done(error);
  }
}
