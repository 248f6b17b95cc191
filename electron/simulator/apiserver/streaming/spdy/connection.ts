import type { Duplex } from 'node:stream';
import { encodeFrame, type Frame, FrameDecoder, PROTOCOL_ERROR, REFUSED_STREAM, SpdyError } from './frames';
import { HeaderCompressor, HeaderDecompressor } from './headers';
import { SpdyStream } from './stream';

/** Streams that a connection may have open at once. */
const MOST_STREAMS = 1000;

/** Bytes taken from a peer before it is told that its window is open again; half of what SPDY begins with. */
const WINDOW_STEP = 32 * 1024;

/** The id under which SPDY/3.1 counts a connection's own window. */
const SESSION = 0;

/**
 * The server's end of a SPDY/3.1 connection: the peer opens streams. A stream whose reader is slow holds up the connection,
 * and with it its sender, so that nothing is kept here without a bound.
 *
 * Windows: what is taken is granted anew, so that a peer that counts can go on. Ours are not counted down, since the library
 * of all Kubernetes clients (moby/spdystream) never opens one; the transport's own pace holds instead.
 */
export class SpdyConnection {
  /** Resolves when the connection is over. */
  readonly ended: Promise<void>;
  readonly #transport: Duplex;
  readonly #accept: (stream: SpdyStream) => boolean;
  readonly #decoder = new FrameDecoder();
  readonly #compressor = new HeaderCompressor();
  readonly #decompressor = new HeaderDecompressor();
  readonly #streams = new Map<number, SpdyStream>();
  readonly #owed = new Map<number, number>();
  #lastStreamId = 0;

  /** @param accept is shown each stream that the peer opens, and says whether it may. */
  constructor(transport: Duplex, accept: (stream: SpdyStream) => boolean) {
    this.#transport = transport;
    this.#accept = accept;
    transport.on('error', () => {
      // What is wrong with a connection ends it; the reading below sees that.
    });
    this.ended = this.#run();
  }

  /** Ends in order: what has been written reaches the peer. */
  close(): void {
    this.#goAway(0);
  }

  async #run(): Promise<void> {
    try {
      // A peer that has said all may still be told something.
      for await (const chunk of this.#transport.iterator({ destroyOnReturn: false })) {
        for (const frame of this.#decoder.decode(chunk)) await this.#take(frame);
      }
    } catch (error) {
      // A broken transport needs no farewell; a peer that breaks the rules is told.
      if (error instanceof SpdyError) this.#goAway(PROTOCOL_ERROR);
    }
    this.#decompressor.close();
    for (const stream of [...this.#streams.values()]) stream.abandon();
    this.#streams.clear();
    this.#transport.end();
  }

  async #take(frame: Frame): Promise<void> {
    switch (frame.type) {
      case 'synStream':
        return this.#open(frame);
      case 'data': {
        const stream = this.#streams.get(frame.streamId);
        // One that has just been reset here: the peer does not know yet.
        await stream?.deliver(frame.data);
        this.#grant(frame.streamId, frame.data.length, stream !== undefined && !frame.fin);
        if (frame.fin) stream?.closeRemote();
        return;
      }
      case 'rstStream':
        this.#streams.get(frame.streamId)?.abandon();
        return;
      case 'ping':
        // Odd ones are the peer's own; even ones would answer ours, and we send none.
        if (frame.id % 2 === 1) this.#send(frame);
        return;
      case 'headers':
      case 'synReply':
        // Nobody here looks at them, but the compression needs every block.
        await this.#decompressor.decompress(frame.block);
        if (frame.fin) this.#streams.get(frame.streamId)?.closeRemote();
        return;
      case 'goAway':
      case 'settings':
      case 'windowUpdate':
      // Who goes away closes the transport; there is nothing to set.
    }
  }

  async #open({ streamId, fin, block }: Extract<Frame, { type: 'synStream' }>): Promise<void> {
    const headers = await this.#decompressor.decompress(block);
    if (streamId % 2 === 0 || streamId <= this.#lastStreamId) throw new SpdyError('stream id out of order');
    this.#lastStreamId = streamId;
    if (this.#streams.size >= MOST_STREAMS) {
      this.#send({ type: 'rstStream', streamId, status: REFUSED_STREAM });
      return;
    }
    const stream = new SpdyStream(streamId, headers, (frame, sent) => this.#send(frame, sent));
    this.#streams.set(streamId, stream);
    stream.once('close', () => {
      this.#streams.delete(streamId);
      this.#owed.delete(streamId);
    });
    // First: whoever is shown the stream may write to it at once. One that is not wanted is reset.
    this.#send({ type: 'synReply', streamId, fin: false, block: this.#compressor.compress(new Map()) });
    if (!this.#accept(stream)) {
      stream.destroy();
      return;
    }
    if (fin) stream.closeRemote();
  }

  #grant(streamId: number, count: number, isOpen: boolean): void {
    for (const id of isOpen ? [streamId, SESSION] : [SESSION]) {
      const owed = (this.#owed.get(id) ?? 0) + count;
      if (owed >= WINDOW_STEP) this.#send({ type: 'windowUpdate', streamId: id, delta: owed });
      this.#owed.set(id, owed >= WINDOW_STEP ? 0 : owed);
    }
  }

  #goAway(status: number): void {
    this.#send({ type: 'goAway', lastStreamId: this.#lastStreamId, status });
    this.#transport.end();
  }

  #send(frame: Frame, sent: () => void = () => {}): void {
    if (this.#transport.destroyed || this.#transport.writableEnded) sent();
    else this.#transport.write(encodeFrame(frame), () => sent());
  }
}
