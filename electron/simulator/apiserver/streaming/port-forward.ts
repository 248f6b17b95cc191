import { type Duplex, pipeline, Readable } from 'node:stream';
import type { WebSocket } from 'ws';
import { messageOf } from '../../../../shared/error-message';
import type { Clock } from '../../clock';
import { ChannelSocket } from './channel-socket';
import { KubeletRefusal } from './kubelet-refusal';
import { SpdyConnection } from './spdy/connection';
import type { SpdyStream } from './spdy/stream';
import { StreamPairs } from './stream-pairs';

/** A pod whose ports are forwarded. */
export interface ForwardTarget {
  /** Connects to a port. @throws Error why it cannot be. */
  dial(port: number): Duplex;
  /** How the pod is named in errors. */
  readonly place: string;
}

/**
 * Forwards connections to ports of a pod: the caller opens two streams for each, one for the data and one to hear what goes
 * wrong (k8s.io/kubelet/pkg/cri/streaming/portforward/httpstream.go).
 */
export function forwardPorts(transport: Duplex, target: ForwardTarget, clock: Clock): Promise<void> {
  const pairs = new StreamPairs(clock, ({ data, errors, port }) => forward(data, errors, port, target));
  const connection = new SpdyConnection(transport, (stream) => pairs.add(stream));
  return connection.ended.finally(() => pairs.stop());
}

function forward(data: SpdyStream, errors: SpdyStream, port: number, { dial, place }: ForwardTarget): void {
  errors.resume();
  let target: Duplex;
  try {
    target = dial(port);
  } catch (error) {
    // Both are reset, so that the caller opens new ones when it tries again.
    errors.write(notForwarded(port, place, error), () => {
      data.destroy();
      errors.destroy();
    });
    return;
  }
  let open = 2;
  // A connection that breaks is as over as one that ends: both sides see it end.
  const half = () => {
    if (--open === 0) errors.end();
  };
  pipeline(data, target, half);
  pipeline(target, data, half);
}

/**
 * The ports that a WebSocket is about, as a kubelet reads them of its own request (portforward/websocket.go, `NewV4Options`).
 * @throws KubeletRefusal 400 when there are none, or one is none.
 */
export function forwardedPorts(ports: readonly number[]): readonly number[] {
  if (ports.length === 0) throw new KubeletRefusal(400, 'query parameter "port" is required');
  if (ports.includes(0)) throw new KubeletRefusal(400, 'port "0" must be > 0');
  return ports;
}

/**
 * Forwards one connection to each of some ports over the channels of a WebSocket: two for each port, for the data and for what
 * goes wrong, which both begin with the port's number (portforward/websocket.go).
 */
export async function forwardChannels(
  socket: WebSocket,
  protocol: string,
  ports: readonly number[],
  target: ForwardTarget,
): Promise<void> {
  const channels = new ChannelSocket(socket, protocol, ports.length * 2);
  await Promise.all(ports.map((port, index) => forwardChannel(channels, index * 2, port, target)));
  channels.close();
}

async function forwardChannel(
  channels: ChannelSocket,
  data: number,
  port: number,
  { dial, place }: ForwardTarget,
): Promise<void> {
  const errors = data + 1;
  channels.ignore(errors);
  const number = Buffer.alloc(2);
  number.writeUInt16LE(port);
  await channels.send(data, number);
  await channels.send(errors, number);
  let target: Duplex;
  try {
    target = dial(port);
  } catch (error) {
    channels.ignore(data);
    return channels.send(errors, Buffer.from(notForwarded(port, place, error)));
  }
  // A connection that breaks is as over as one that ends.
  const upwards = new Promise<void>((resolve) =>
    pipeline(Readable.from(channels.input(data)), target, () => resolve()),
  );
  const downwards = new Promise<void>((resolve) => {
    target.once('close', resolve).once('end', resolve);
    target.on('data', (chunk: Buffer) => {
      target.pause();
      void channels.send(data, chunk).then(() => target.resume());
    });
  });
  channels.signal.addEventListener('abort', () => target.destroy());
  await Promise.race([downwards, Promise.all([upwards, downwards])]);
}

function notForwarded(port: number, place: string, error: unknown): string {
  const why = `failed to execute portforward in network namespace: failed to connect to localhost:${port} inside namespace: ${messageOf(error)}`;
  return `error forwarding port ${port} to pod ${place}, uid : ${why}`;
}
