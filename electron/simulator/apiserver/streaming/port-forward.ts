import { type Duplex, pipeline } from 'node:stream';
import { messageOf } from '../../../../shared/error-message';
import { SpdyConnection } from './spdy/connection';
import type { SpdyStream } from './spdy/stream';

/** What is spoken over the streams (k8s.io/apimachinery/pkg/util/httpstream, portforward). */
export const PORT_FORWARD_PROTOCOL = 'portforward.k8s.io';
/** The same, with SPDY's bytes carried by the messages of a WebSocket. */
export const TUNNELED_PROTOCOL = `SPDY/3.1+${PORT_FORWARD_PROTOCOL}`;

/**
 * Forwards connections to ports of a pod: the caller opens two streams for each, one for the data and one to hear what goes
 * wrong (k8s.io/kubelet/pkg/cri/streaming/portforward/httpstream.go).
 * @param dial connects to a port, or throws why it cannot be.
 * @param place how the pod is named in errors.
 */
export function forwardPorts(transport: Duplex, dial: (port: number) => Duplex, place: string): Promise<void> {
  const waiting = new Map<string, SpdyStream>();
  const connection = new SpdyConnection(transport, (stream) => {
    const type = stream.header('streamtype');
    const port = Number(stream.header('port'));
    if (!Number.isInteger(port) || port < 1 || port > 65_535) return false;
    if (type !== 'error' && type !== 'data') return false;
    const request = stream.header('requestid') || String(port);
    const other = waiting.get(request);
    if (other === undefined) {
      waiting.set(request, stream);
      stream.once('close', () => waiting.delete(request));
      return true;
    }
    if (other.header('streamtype') === type) return false;
    waiting.delete(request);
    const [data, errors] = type === 'data' ? [stream, other] : [other, stream];
    forward(data, errors, port, dial, place);
    return true;
  });
  return connection.ended;
}

function forward(
  data: SpdyStream,
  errors: SpdyStream,
  port: number,
  dial: (port: number) => Duplex,
  place: string,
): void {
  errors.resume();
  let target: Duplex;
  try {
    target = dial(port);
  } catch (error) {
    const why = `failed to execute portforward in network namespace: failed to connect to localhost:${port} inside namespace: ${messageOf(error)}`;
    errors.end(`error forwarding port ${port} to pod ${place}, uid : ${why}`);
    data.resume().end();
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
