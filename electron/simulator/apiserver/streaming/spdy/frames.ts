/** The peer has broken the rules: the connection ends. */
export class SpdyError extends Error {}

/**
 * The frames of SPDY/3.1 (https://www.chromium.org/spdy/spdy-protocol/spdy-protocol-draft3-1/), as far as remote commands and
 * port forwarding use them. Header blocks are still compressed.
 */
export type Frame =
  | { readonly type: 'data'; readonly streamId: number; readonly fin: boolean; readonly data: Buffer }
  | {
      readonly type: 'synStream';
      readonly streamId: number;
      readonly fin: boolean;
      readonly unidirectional: boolean;
      readonly block: Buffer;
    }
  | { readonly type: 'synReply' | 'headers'; readonly streamId: number; readonly fin: boolean; readonly block: Buffer }
  | { readonly type: 'rstStream'; readonly streamId: number; readonly status: number }
  | { readonly type: 'settings' }
  | { readonly type: 'ping'; readonly id: number }
  | { readonly type: 'goAway'; readonly lastStreamId: number; readonly status: number }
  | { readonly type: 'windowUpdate'; readonly streamId: number; readonly delta: number };

/** Reasons for RST_STREAM. */
export const PROTOCOL_ERROR = 1;
export const REFUSED_STREAM = 3;
export const CANCEL = 5;

const VERSION = 3;
const HEAD = 8;
const FIN = 0x01;
const UNIDIRECTIONAL = 0x02;
const TYPES = {
  synStream: 1,
  synReply: 2,
  rstStream: 3,
  settings: 4,
  ping: 6,
  goAway: 7,
  headers: 8,
  windowUpdate: 9,
} as const;

/** The most that a control frame may carry: a stream's headers are a few words. Data frames are taken in pieces. */
const LARGEST_CONTROL_FRAME = 64 * 1024;

export function encodeFrame(frame: Frame): Buffer {
  if (frame.type === 'data') {
    const head = Buffer.alloc(HEAD);
    head.writeUInt32BE(frame.streamId, 0);
    head.writeUInt32BE((((frame.fin ? FIN : 0) << 24) | frame.data.length) >>> 0, 4);
    return frame.data.length === 0 ? head : Buffer.concat([head, frame.data]);
  }
  const { flags, body } = controlBody(frame);
  const head = Buffer.alloc(HEAD);
  head.writeUInt16BE(0x8000 | VERSION, 0);
  head.writeUInt16BE(TYPES[frame.type], 2);
  head.writeUInt32BE(((flags << 24) | body.length) >>> 0, 4);
  return Buffer.concat([head, body]);
}

function controlBody(frame: Exclude<Frame, { type: 'data' }>): { flags: number; body: Buffer } {
  switch (frame.type) {
    case 'synStream':
      return {
        flags: (frame.fin ? FIN : 0) | (frame.unidirectional ? UNIDIRECTIONAL : 0),
        body: Buffer.concat([words(frame.streamId, 0), Buffer.alloc(2), frame.block]),
      };
    case 'synReply':
    case 'headers':
      return { flags: frame.fin ? FIN : 0, body: Buffer.concat([words(frame.streamId), frame.block]) };
    case 'rstStream':
      return { flags: 0, body: words(frame.streamId, frame.status) };
    case 'settings':
      return { flags: 0, body: words(0) };
    case 'ping':
      return { flags: 0, body: words(frame.id) };
    case 'goAway':
      return { flags: 0, body: words(frame.lastStreamId, frame.status) };
    case 'windowUpdate':
      return { flags: 0, body: words(frame.streamId, frame.delta) };
  }
}

function words(...values: number[]): Buffer {
  const buffer = Buffer.alloc(values.length * 4);
  for (const [index, value] of values.entries()) buffer.writeUInt32BE(value, index * 4);
  return buffer;
}

/** Takes frames out of a stream of bytes, which may come in any pieces. */
export class FrameDecoder {
  #pending: Buffer = Buffer.alloc(0);
  /** The data frame that is being taken. */
  #data: { streamId: number; fin: boolean; left: number } | undefined;

  /** The frames that are complete with these bytes, and the part of a data frame that is there. @throws SpdyError */
  *decode(chunk: Uint8Array): Generator<Frame> {
    let rest = this.#pending.length === 0 ? Buffer.from(chunk) : Buffer.concat([this.#pending, chunk]);
    try {
      for (;;) {
        if (this.#data !== undefined) {
          const { streamId, fin, left } = this.#data;
          if (rest.length === 0 && left > 0) return;
          const data = rest.subarray(0, left);
          rest = rest.subarray(data.length);
          this.#data = data.length < left ? { streamId, fin, left: left - data.length } : undefined;
          yield { type: 'data', streamId, fin: fin && this.#data === undefined, data };
          continue;
        }
        if (rest.length < HEAD) return;
        const length = rest.readUInt32BE(4) & 0xffffff;
        if (((rest[0] ?? 0) & 0x80) === 0) {
          const streamId = rest.readUInt32BE(0);
          if (streamId === 0) throw new SpdyError('stream id zero is disallowed');
          this.#data = { streamId, fin: ((rest[4] ?? 0) & FIN) !== 0, left: length };
          rest = rest.subarray(HEAD);
          continue;
        }
        if (length > LARGEST_CONTROL_FRAME) throw new SpdyError('invalid control frame');
        if (rest.length < HEAD + length) return;
        const frame = controlFrame(rest.subarray(0, HEAD), rest.subarray(HEAD, HEAD + length));
        rest = rest.subarray(HEAD + length);
        yield frame;
      }
    } finally {
      this.#pending = rest;
    }
  }
}

function controlFrame(head: Buffer, body: Buffer): Frame {
  const type = head.readUInt16BE(2);
  const flags = head[4] ?? 0;
  const fin = (flags & FIN) !== 0;
  if ((head.readUInt16BE(0) & 0x7fff) !== VERSION) throw new SpdyError('unsupported version');
  const word = (index: number) => {
    if (body.length < index * 4 + 4) throw new SpdyError('invalid control frame');
    return body.readUInt32BE(index * 4);
  };
  const streamId = () => {
    const id = word(0) & 0x7fffffff;
    if (id === 0) throw new SpdyError('stream id zero is disallowed');
    return id;
  };
  switch (type) {
    case TYPES.synStream:
      if (body.length < 10) throw new SpdyError('invalid control frame');
      return {
        type: 'synStream',
        streamId: streamId(),
        fin,
        unidirectional: (flags & UNIDIRECTIONAL) !== 0,
        block: body.subarray(10),
      };
    case TYPES.synReply:
    case TYPES.headers:
      return {
        type: type === TYPES.synReply ? 'synReply' : 'headers',
        streamId: streamId(),
        fin,
        block: body.subarray(4),
      };
    case TYPES.rstStream:
      return { type: 'rstStream', streamId: streamId(), status: word(1) };
    case TYPES.settings:
      if (word(0) > (body.length - 4) / 8) throw new SpdyError('invalid control frame');
      return { type: 'settings' };
    case TYPES.ping:
      return { type: 'ping', id: word(0) };
    case TYPES.goAway:
      return { type: 'goAway', lastStreamId: word(0) & 0x7fffffff, status: word(1) };
    case TYPES.windowUpdate:
      return { type: 'windowUpdate', streamId: word(0) & 0x7fffffff, delta: word(1) & 0x7fffffff };
    default:
      throw new SpdyError('invalid control frame');
  }
}
