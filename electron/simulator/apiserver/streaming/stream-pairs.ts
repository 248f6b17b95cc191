import type { Clock, Timer } from '../../clock';
import type { SpdyStream } from './spdy/stream';

/** How long a caller has to open the streams that belong together, in milliseconds (`DefaultStreamCreationTimeout`). */
export const CREATION_TIMEOUT = 30_000;

/** Two streams that belong together: one connection to a port. */
interface StreamPair {
  readonly data: SpdyStream;
  readonly errors: SpdyStream;
  readonly port: number;
}

interface Waiting {
  readonly timer: Timer;
  data?: SpdyStream;
  errors?: SpdyStream;
}

/** Finds the streams that belong together (k8s.io/kubelet/pkg/cri/streaming/portforward/httpstream.go). */
export class StreamPairs {
  readonly #clock: Clock;
  readonly #complete: (pair: StreamPair) => void;
  readonly #waiting = new Map<string, Waiting>();

  /** @param complete is given each pair once both streams are there. */
  constructor(clock: Clock, complete: (pair: StreamPair) => void) {
    this.#clock = clock;
    this.#complete = complete;
  }

  /** @returns whether the stream is one that can be of a pair (`httpStreamReceived`). */
  add(stream: SpdyStream): boolean {
    const type = stream.header('streamtype');
    const port = portOf(stream);
    if (port === undefined || (type !== 'error' && type !== 'data')) return false;
    const id = requestId(stream, type);
    const pair = this.#waiting.get(id) ?? this.#begin(id);
    const part = type === 'data' ? 'data' : 'errors';
    if (pair[part] !== undefined) {
      pair.errors?.write(`error processing stream for request ${id}: ${type} stream already assigned`);
      return true;
    }
    pair[part] = stream;
    const { data, errors, timer } = pair;
    if (data === undefined || errors === undefined) return true;
    timer.cancel();
    this.#waiting.delete(id);
    this.#complete({ data, errors, port: portOf(data) ?? port });
    return true;
  }

  /** The connection is over. */
  stop(): void {
    for (const { timer } of this.#waiting.values()) timer.cancel();
    this.#waiting.clear();
  }

  #begin(id: string): Waiting {
    const timer = this.#clock.setTimeout(() => {
      this.#waiting.get(id)?.errors?.write(`(conn=0xc000a2e000, request=${id}) timed out waiting for streams`);
      this.#waiting.delete(id);
    }, CREATION_TIMEOUT);
    const pair: Waiting = { timer };
    this.#waiting.set(id, pair);
    return pair;
  }
}

function portOf(stream: SpdyStream): number | undefined {
  const text = stream.header('port');
  const port = Number(text);
  return /^\d+$/.test(text) && port >= 1 && port <= 65_535 ? port : undefined;
}

/** Clients that do not number their requests open the two streams one after the other, the one for errors first. */
function requestId(stream: SpdyStream, type: 'error' | 'data'): string {
  return stream.header('requestid') || String(type === 'error' ? stream.id : stream.id - 2);
}
