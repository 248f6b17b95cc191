import type { Duplex } from 'node:stream';
import { deflateSync, constants as zlib } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { SpdyConnection } from '../../../../../electron/simulator/apiserver/streaming/spdy/connection';
import { dictionary } from '../../../../../electron/simulator/apiserver/streaming/spdy/dictionary';
import {
  encodeFrame,
  type Frame,
  FrameDecoder,
} from '../../../../../electron/simulator/apiserver/streaming/spdy/frames';
import type { SpdyStream } from '../../../../../electron/simulator/apiserver/streaming/spdy/stream';
import { connectionPair } from '../../../../../electron/simulator/network/connection';

/** A header block as Go's client packs it. */
function block(headers: Readonly<Record<string, string>>): Buffer {
  const word = (value: number) => {
    const buffer = Buffer.alloc(4);
    buffer.writeUInt32BE(value);
    return buffer;
  };
  const texts = Object.entries(headers).flat();
  const plain = Buffer.concat([
    word(texts.length / 2),
    ...texts.flatMap((text) => [word(text.length), Buffer.from(text)]),
  ]);
  return deflateSync(plain, { dictionary, finishFlush: zlib.Z_SYNC_FLUSH });
}

function serve(accept: (stream: SpdyStream) => boolean = () => true) {
  const [client, transport] = connectionPair();
  const connection = new SpdyConnection(transport, accept);
  return { client, connection };
}

async function framesFrom(client: Duplex): Promise<Frame[]> {
  const decoder = new FrameDecoder();
  const frames: Frame[] = [];
  for await (const chunk of client) frames.push(...decoder.decode(chunk));
  return frames;
}

const open = (streamId: number, headers = { streamtype: 'data' }) =>
  encodeFrame({ type: 'synStream', streamId, fin: false, unidirectional: false, block: block(headers) });

describe('SPDY', () => {
  it('takes frames in any pieces', () => {
    const decoder = new FrameDecoder();
    const bytes = Buffer.concat([
      encodeFrame({ type: 'ping', id: 7 }),
      encodeFrame({ type: 'data', streamId: 3, fin: true, data: Buffer.from('hello') }),
      encodeFrame({ type: 'goAway', lastStreamId: 3, status: 0 }),
    ]);
    const frames = [...bytes].flatMap((byte) => [...decoder.decode(Uint8Array.of(byte))]);
    expect(frames[0]).toEqual({ type: 'ping', id: 7 });
    const data = frames.filter((frame) => frame.type === 'data');
    expect(Buffer.concat(data.map((frame) => frame.data)).toString()).toBe('hello');
    expect(data.map(({ fin }) => fin)).toEqual([false, false, false, false, true]);
    expect(frames.at(-1)).toEqual({ type: 'goAway', lastStreamId: 3, status: 0 });
  });

  it('opens streams by their headers, and answers pings', async () => {
    const names: string[] = [];
    const { client, connection } = serve((stream) => {
      names.push(stream.header('streamtype'));
      stream.end('bye');
      stream.once('finish', () => client.end(encodeFrame({ type: 'ping', id: 5 })));
      return true;
    });
    client.write(open(1, { streamtype: 'stdout' }));
    const frames = await framesFrom(client);
    await connection.ended;
    expect(names).toEqual(['stdout']);
    expect(frames.map(({ type }) => type)).toEqual(['synReply', 'data', 'data', 'ping']);
    expect(frames[1]).toMatchObject({ streamId: 1, data: Buffer.from('bye'), fin: false });
    expect(frames[2]).toMatchObject({ streamId: 1, fin: true });
  });

  it('resets streams that are not wanted', async () => {
    const { client } = serve(() => false);
    client.write(open(1));
    client.end();
    expect((await framesFrom(client)).map(({ type }) => type)).toEqual(['synReply', 'rstStream']);
  });

  it.each([
    ['what is no frame', Buffer.from('GET / HTTP/1.1\r\n\r\n'.repeat(4).replace(/^G/, '\xc7'), 'latin1')],
    ['another version', Buffer.from('8002000600000004', 'hex').subarray(0, 8)],
    [
      'a header block that is none',
      encodeFrame({
        type: 'synStream',
        streamId: 1,
        fin: false,
        unidirectional: false,
        block: Buffer.from('nonsense'),
      }),
    ],
    ['a stream id of the server’s', open(2)],
    ['a control frame beyond all bounds', Buffer.from('8003000100ffffff', 'hex')],
  ])('ends a connection over %s', async (_, bytes) => {
    const { client, connection } = serve();
    client.write(bytes);
    if (bytes.length === 8) client.write(Buffer.alloc(8));
    const frames = await framesFrom(client);
    await connection.ended;
    expect(frames.at(-1)).toMatchObject({ type: 'goAway', status: 1 });
  });

  it('holds a sender up while nobody reads', async () => {
    let stream: SpdyStream | undefined;
    const { client } = serve((opened) => {
      stream = opened;
      return true;
    });
    client.write(open(1));
    while (stream === undefined) await new Promise((resolve) => setImmediate(resolve));
    const chunk = encodeFrame({ type: 'data', streamId: 1, fin: false, data: Buffer.alloc(16 * 1024) });
    let written = 0;
    while (client.write(chunk) && written < 1000) {
      written++;
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(written).toBeLessThan(100);
    expect(stream.readableLength).toBeLessThan(256 * 1024);
    client.destroy();
  });
});
