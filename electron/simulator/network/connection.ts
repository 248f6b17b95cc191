import { Duplex } from 'node:stream';

/** One end of a connection within the process: what is written here is read at the other. */
class ConnectionEnd extends Duplex {
  #other: ConnectionEnd | undefined;
  #taken: (() => void) | undefined;

  constructor() {
    super({ allowHalfOpen: true });
    // A broken connection is its users' matter, who see it end; none of them listening is no fault of the process.
    this.on('error', () => {});
  }

  join(other: ConnectionEnd): void {
    this.#other = other;
  }

  override _read(): void {
    const taken = this.#taken;
    this.#taken = undefined;
    taken?.();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    const other = this.#other;
    if (other === undefined || other.destroyed || other.push(chunk)) done();
    else other.#taken = done;
  }

  override _final(done: () => void): void {
    this.#other?.push(null);
    done();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this._read();
    const other = this.#other;
    this.#other = undefined;
    done(error);
    // A connection is gone at both ends, once what was sent in order has been read.
    if (other === undefined || other.destroyed || this.writableFinished) return;
    other.destroy();
  }
}

/** A TCP connection between two parts of the simulated cluster: its two ends, with half-closing and back-pressure. */
export function connectionPair(): [Duplex, Duplex] {
  const ends = [new ConnectionEnd(), new ConnectionEnd()] as const;
  ends[0].join(ends[1]);
  ends[1].join(ends[0]);
  return [ends[0], ends[1]];
}
