import type { Duplex } from 'node:stream';
import type { Status } from '../../../../../shared/kubernetes/objects';
import { hasCode } from '../../../../error-code';
import type { Clock } from '../../../clock';
import type { AttachOptions } from '../../../kubelet-api';
import { type RemoteSession, statusText, type TerminalSize, TerminalSizes } from '../remote-session';
import { CREATION_TIMEOUT } from '../stream-pairs';
import { SpdyConnection } from './connection';
import type { SpdyStream } from './stream';

/** Characters that a terminal's size takes at most. */
const LONGEST_SIZE = 1024;

/**
 * A process's streams over SPDY: each is a stream of its own, opened and named by the caller
 * (k8s.io/kubelet/pkg/cri/streaming/remotecommand/httpstream.go).
 */
export class SpdySession implements RemoteSession {
  /** Resolves when all streams are there, or the caller is gone. */
  readonly ready: Promise<void>;
  readonly #connection: SpdyConnection;
  readonly #streams = new Map<string, SpdyStream>();
  readonly #gone = new AbortController();
  readonly #sizes = new TerminalSizes();
  readonly #protocol: string;

  /** @param protocol what is spoken over the streams, `v4.channel.k8s.io` or an older one. @param clock whose time is waited in. */
  constructor(transport: Duplex, protocol: string, options: Omit<AttachOptions, 'container'>, clock: Clock) {
    this.#protocol = protocol;
    const wanted = expectedStreams(protocol, options);
    let complete = () => {};
    this.ready = new Promise((resolve) => {
      complete = resolve;
    });
    // Nothing can be told a caller that has not opened its streams.
    const timeout = clock.setTimeout(() => this.#connection.close(), CREATION_TIMEOUT);
    void this.ready.then(() => {
      timeout.cancel();
      if (protocol !== 'channel.k8s.io') return;
      // As the first kubelets did: nothing is told of how it ended, nor is anything written to who writes.
      this.#streams.get('error')?.destroy();
      this.#streams.get('stdin')?.end();
    });
    this.#connection = new SpdyConnection(transport, (stream) => {
      const name = stream.header('streamtype');
      if (!wanted.includes(name) || this.#streams.has(name)) return false;
      this.#streams.set(name, stream);
      if (name === 'resize') this.#watchSize(stream);
      if (this.#streams.size === wanted.length) complete();
      return true;
    });
    void this.#connection.ended.then(() => {
      this.#gone.abort();
      complete();
    });
  }

  get stdin(): AsyncIterable<Uint8Array> {
    return chunksOf(this.#streams.get('stdin'));
  }

  get signal(): AbortSignal {
    return this.#gone.signal;
  }

  stdout(chunk: Uint8Array): Promise<void> {
    return this.#write('stdout', chunk);
  }

  stderr(chunk: Uint8Array): Promise<void> {
    return this.#write('stderr', chunk);
  }

  onResize(handler: (size: TerminalSize) => void): void {
    this.#sizes.onResize(handler);
  }

  async finish(status: Status): Promise<void> {
    const text = statusText(status, this.#protocol === 'v4.channel.k8s.io');
    if (text !== '') await this.#write('error', Buffer.from(text));
    for (const stream of this.#streams.values()) stream.end();
    this.#connection.close();
  }

  #write(name: string, chunk: Uint8Array): Promise<void> {
    const stream = this.#streams.get(name);
    return new Promise((resolve) => {
      if (stream === undefined || stream.destroyed) resolve();
      else stream.write(chunk, () => resolve());
    });
  }

  /** Sizes follow one another without anything between them but white space. */
  #watchSize(stream: SpdyStream): void {
    let text = '';
    stream.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      for (let end = text.indexOf('}'); end >= 0; end = text.indexOf('}')) {
        this.#sizes.take(text.slice(0, end + 1));
        text = text.slice(end + 1);
      }
      // What is longer than any size is none.
      if (text.length > LONGEST_SIZE) text = '';
    });
  }
}

/** The streams that a caller opens. Sizes of terminals are older than exit codes, and younger than all else. */
function expectedStreams(protocol: string, options: Omit<AttachOptions, 'container'>): string[] {
  const { stdin, stdout, stderr, tty } = options;
  const resize = tty && ['v4.channel.k8s.io', 'v3.channel.k8s.io'].includes(protocol);
  return Object.entries({ error: true, stdin, stdout, stderr, resize }).flatMap(([name, wanted]) =>
    wanted ? [name] : [],
  );
}

async function* chunksOf(stream: SpdyStream | undefined): AsyncGenerator<Uint8Array> {
  if (stream === undefined) return;
  try {
    for await (const chunk of stream.iterator({ destroyOnReturn: false })) yield chunk;
  } catch (error) {
    // A caller that goes away in the middle of a line has sent all that it will.
    if (!hasCode(error, 'ERR_STREAM_PREMATURE_CLOSE')) throw error;
  }
}
