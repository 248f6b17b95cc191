import type { WebSocket } from 'ws';
import type { Status } from '../../../../shared/kubernetes/objects';
import type { AttachOptions } from '../../kubelet-api';
import { ChannelSocket } from './channel-socket';
import { type RemoteSession, statusText, type TerminalSize, TerminalSizes } from './remote-session';
import { CLOSABLE_CHANNELS } from './subprotocols';

const STDIN = 0;
const STDOUT = 1;
const STDERR = 2;
const ERROR = 3;
const RESIZE = 4;

/** A process's streams over one WebSocket (k8s.io/kubelet/pkg/cri/streaming/remotecommand/websocket.go). */
export class Channels implements RemoteSession {
  readonly #socket: ChannelSocket;
  readonly #protocol: string;
  readonly #sizes = new TerminalSizes();

  /** @param streams those that are wanted; over the others nothing goes. */
  constructor(socket: WebSocket, protocol: string, streams: Omit<AttachOptions, 'container'>) {
    this.#socket = new ChannelSocket(socket, protocol, RESIZE + 1);
    this.#protocol = protocol;
    for (const channel of [STDOUT, STDERR, ERROR]) this.#socket.ignore(channel);
    if (!streams.stdin) this.#socket.ignore(STDIN);
    void this.#watchSize();
    // Tells the client that the connection stands.
    void this.#socket.send(streams.stdout ? STDOUT : streams.stderr ? STDERR : ERROR, new Uint8Array());
  }

  get stdin(): AsyncIterable<Uint8Array> {
    return this.#socket.input(STDIN);
  }

  get signal(): AbortSignal {
    return this.#socket.signal;
  }

  stdout(chunk: Uint8Array): Promise<void> {
    return this.#socket.send(STDOUT, chunk);
  }

  stderr(chunk: Uint8Array): Promise<void> {
    return this.#socket.send(STDERR, chunk);
  }

  onResize(handler: (size: TerminalSize) => void): void {
    this.#sizes.onResize(handler);
  }

  /** Says how it ended, then closes. */
  async finish(status: Status): Promise<void> {
    const isJson = this.#protocol.startsWith('v4.') || this.#protocol === CLOSABLE_CHANNELS;
    const text = statusText(status, isJson);
    if (text !== '') await this.#socket.send(ERROR, Buffer.from(text));
    this.#socket.close();
  }

  async #watchSize(): Promise<void> {
    for await (const chunk of this.#socket.input(RESIZE)) this.#sizes.take(Buffer.from(chunk).toString());
  }
}
