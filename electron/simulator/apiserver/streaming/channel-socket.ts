import type { WebSocket } from 'ws';
import { ByteQueue } from './byte-queue';
import { CLOSABLE_CHANNELS } from './subprotocols';

/** Where channels can be closed: the next byte names the one that its sender closes. */
const CLOSE = 255;
/** The first channel's name where bytes are written in base64. */
const ZERO = '0'.charCodeAt(0);

/**
 * Several streams of bytes over one WebSocket: the first byte of each message names the channel
 * (k8s.io/apimachinery/pkg/util/httpstream/wsstream/conn.go).
 */
export class ChannelSocket {
  readonly #socket: WebSocket;
  readonly #isBase64: boolean;
  readonly #isClosable: boolean;
  readonly #inputs: readonly ByteQueue[];
  readonly #gone = new AbortController();

  /** @param protocol the subprotocol that was agreed on. @param count of channels. */
  constructor(socket: WebSocket, protocol: string, count: number) {
    this.#socket = socket;
    this.#isBase64 = protocol.includes('base64.');
    this.#isClosable = protocol === CLOSABLE_CHANNELS;
    this.#inputs = Array.from(
      { length: count },
      () =>
        new ByteQueue(
          () => socket.pause(),
          () => socket.resume(),
        ),
    );
    socket.on('message', (data: Buffer) => this.#take(data));
    socket.on('close', () => this.#end());
    // What is wrong with a connection ends it; `close` follows.
    socket.on('error', () => this.#end());
  }

  /** Aborted when the caller is gone. */
  get signal(): AbortSignal {
    return this.#gone.signal;
  }

  /** What comes over a channel. Nobody reads the others: what comes over them is to be dropped by `ignore`. */
  input(channel: number): AsyncIterable<Uint8Array> {
    const input = this.#inputs[channel];
    if (input === undefined) throw new RangeError(`no channel ${channel}`);
    return input;
  }

  /** Drops what comes over a channel from now on. */
  ignore(channel: number): void {
    this.#inputs[channel]?.end();
  }

  /** Resolves when the bytes are with the host's own buffers, or the caller is gone. */
  send(channel: number, chunk: Uint8Array): Promise<void> {
    return new Promise((resolve) => {
      if (this.#gone.signal.aborted) return resolve();
      const message = this.#isBase64
        ? String.fromCharCode(ZERO + channel) + Buffer.from(chunk).toString('base64')
        : Buffer.concat([Buffer.of(channel), chunk]);
      this.#socket.send(message, () => resolve());
    });
  }

  close(): void {
    this.#socket.close(1000);
  }

  #take(data: Buffer): void {
    const [first] = data;
    if (first === undefined) return;
    const content = data.subarray(1);
    if (this.#isClosable && first === CLOSE) {
      const closed = this.#inputs[content[0] ?? CLOSE];
      // Who closes nothing, or what is not there, has lost the thread.
      if (content.length !== 1 || closed === undefined) this.close();
      else closed.end();
      return;
    }
    const input = this.#inputs[this.#isBase64 ? first - ZERO : first];
    input?.push(this.#isBase64 ? Buffer.from(content.toString('latin1'), 'base64') : content);
  }

  #end(): void {
    for (const input of this.#inputs) input.end();
    this.#gone.abort();
  }
}
