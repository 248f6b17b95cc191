import type { WebSocket } from 'ws';
import type { Status } from '../../../../shared/kubernetes/objects';
import { ByteQueue } from './byte-queue';
import { type RemoteSession, type TerminalSize, TerminalSizes } from './remote-session';

/** The subprotocols that are served, the best first (k8s.io/apimachinery/pkg/util/remotecommand). */
export const CHANNEL_PROTOCOLS = ['v5.channel.k8s.io', 'v4.channel.k8s.io'];

const STDIN = 0;
const STDOUT = 1;
const STDERR = 2;
const ERROR = 3;
const RESIZE = 4;
/** v5 only: the next byte names the channel that its sender closes. */
const CLOSE = 255;

/** A process's streams over one WebSocket: the first byte of each message names the channel. */
export class Channels implements RemoteSession {
  readonly #socket: WebSocket;
  readonly #gone = new AbortController();
  readonly #stdin: ByteQueue;
  readonly #sizes = new TerminalSizes();

  constructor(socket: WebSocket) {
    this.#socket = socket;
    this.#stdin = new ByteQueue(
      () => socket.pause(),
      () => socket.resume(),
    );
    socket.on('message', (data: Buffer) => this.#take(data));
    socket.on('close', () => this.#end());
    // What is wrong with a connection ends it; `close` follows.
    socket.on('error', () => this.#end());
  }

  get stdin(): AsyncIterable<Uint8Array> {
    return this.#stdin;
  }

  get signal(): AbortSignal {
    return this.#gone.signal;
  }

  stdout(chunk: Uint8Array): Promise<void> {
    return this.#send(STDOUT, chunk);
  }

  stderr(chunk: Uint8Array): Promise<void> {
    return this.#send(STDERR, chunk);
  }

  onResize(handler: (size: TerminalSize) => void): void {
    this.#sizes.onResize(handler);
  }

  /** Says how it ended, then closes. */
  async finish(status: Status): Promise<void> {
    await this.#send(ERROR, Buffer.from(JSON.stringify(status)));
    this.#socket.close(1000);
  }

  #take(data: Buffer): void {
    const content = data.subarray(1);
    switch (data[0]) {
      case STDIN:
        this.#stdin.push(content);
        return;
      case RESIZE:
        this.#sizes.take(content.toString());
        return;
      case CLOSE:
        if (content[0] === STDIN) this.#stdin.end();
        return;
      default:
      // Clients send nothing on the other channels.
    }
  }

  /** Resolves when the bytes are with the host's own buffers, or the caller is gone. */
  #send(channel: number, chunk: Uint8Array): Promise<void> {
    return new Promise((resolve) => {
      if (this.#gone.signal.aborted) return resolve();
      this.#socket.send(Buffer.concat([Buffer.of(channel), chunk]), () => resolve());
    });
  }

  #end(): void {
    this.#stdin.end();
    this.#gone.abort();
  }
}
