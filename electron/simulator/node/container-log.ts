import { bytesOf, textOf } from './runtime/bytes';

/** What a container's log may hold, in characters. A real node keeps 10 MiB a file; memory here is one process's. */
const CAPACITY = 512 * 1024;

interface Line {
  /** Cluster time in milliseconds. */
  readonly time: number;
  /** With its newline, unless the container ended without one. */
  readonly text: string;
}

export interface ReadOptions {
  /** Only lines from then on, milliseconds since the epoch. */
  readonly since?: number;
  readonly tailLines?: number;
  readonly limitBytes?: number;
  readonly timestamps: boolean;
  readonly follow: boolean;
}

/** One container run's output, line by line, with the oldest lines dropped when there are too many. */
export class ContainerLog {
  readonly #now: () => number;
  readonly #partial = { stdout: '', stderr: '' };
  readonly #waiting = new Set<() => void>();
  #lines: Line[] = [];
  /** How many lines have been dropped from the front of `#lines` so far. */
  #dropped = 0;
  #size = 0;
  #closed = false;

  constructor(now: () => number) {
    this.#now = now;
  }

  append(stream: 'stdout' | 'stderr', text: string): void {
    const pieces = (this.#partial[stream] + text).split('\n');
    this.#partial[stream] = pieces.pop() ?? '';
    for (const piece of pieces) this.#add(`${piece}\n`);
    if (pieces.length > 0) this.#wake();
  }

  /** The container has ended: followers end too. */
  close(): void {
    for (const stream of ['stdout', 'stderr'] as const) {
      if (this.#partial[stream] !== '') this.#add(this.#partial[stream]);
      this.#partial[stream] = '';
    }
    this.#closed = true;
    this.#wake();
  }

  /** The end of the log, for a terminationMessagePolicy of FallbackToLogsOnError. */
  tail(lines: number, characters: number): string {
    return this.#lines
      .slice(-lines)
      .map((line) => line.text)
      .join('')
      .slice(-characters);
  }

  async *read(options: ReadOptions, signal: AbortSignal): AsyncGenerator<string> {
    const { since, tailLines, limitBytes = Number.POSITIVE_INFINITY, timestamps, follow } = options;
    let position = this.#dropped;
    if (since !== undefined) {
      const index = this.#lines.findIndex((line) => line.time >= since);
      position += index < 0 ? this.#lines.length : index;
    }
    if (tailLines !== undefined) position = Math.max(position, this.#dropped + this.#lines.length - tailLines);
    let left = limitBytes;
    for (;;) {
      if (signal.aborted || left <= 0) return;
      position = Math.max(position, this.#dropped);
      const lines = this.#lines.slice(position - this.#dropped);
      position += lines.length;
      if (lines.length > 0) {
        let text = lines.map((line) => (timestamps ? `${logTime(line.time)} ${line.text}` : line.text)).join('');
        if (left !== Number.POSITIVE_INFINITY) {
          const bytes = bytesOf(text);
          if (bytes.length > left) text = textOf(bytes.subarray(0, left));
          left -= bytes.length;
        }
        yield text;
        continue;
      }
      if (!follow || this.#closed) return;
      await this.#change(signal);
    }
  }

  #change(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        this.#waiting.delete(done);
        signal.removeEventListener('abort', done);
        resolve();
      };
      this.#waiting.add(done);
      signal.addEventListener('abort', done);
    });
  }

  #add(text: string): void {
    this.#lines.push({ time: this.#now(), text });
    this.#size += text.length;
    if (this.#size <= CAPACITY) return;
    // A quarter at a time, so that dropping costs little a line.
    let drop = 0;
    while (this.#size > (CAPACITY * 3) / 4 && drop < this.#lines.length - 1) {
      this.#size -= this.#lines[drop]?.text.length ?? 0;
      drop++;
    }
    this.#lines = this.#lines.slice(drop);
    this.#dropped += drop;
  }

  #wake(): void {
    for (const done of [...this.#waiting]) done();
  }
}

/** RFC 3339 with nanoseconds, as the container runtime stamps lines. */
function logTime(time: number): string {
  return `${new Date(time).toISOString().slice(0, 23)}000000Z`;
}
