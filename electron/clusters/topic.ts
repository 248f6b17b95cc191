/** A value that changes, and those who want to know. */
export class Topic<T> {
  private current: T;
  private readonly listeners = new Set<() => void>();

  constructor(initial: T) {
    this.current = initial;
  }

  get value(): T {
    return this.current;
  }

  set(value: T): void {
    this.current = value;
    for (const listener of [...this.listeners]) listener();
  }

  /** Calls back after each change, until the returned function is called. */
  subscribe(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** The value now, then each newer one. A slow reader misses values in between, never the last. Ends with the signal. */
  async *stream(signal: AbortSignal | undefined): AsyncGenerator<T, void> {
    const alarm = new Alarm(signal);
    const unsubscribe = this.subscribe(() => alarm.ring());
    try {
      do {
        yield this.current;
      } while (await alarm.rung());
    } finally {
      unsubscribe();
      alarm.close();
    }
  }
}

/** Wakes a generator when there is something to look at, or when its reader is gone. */
export class Alarm {
  private readonly signal: AbortSignal | undefined;
  private readonly abort = () => this.wake?.();
  private pending = false;
  private wake: (() => void) | undefined;

  constructor(signal: AbortSignal | undefined) {
    this.signal = signal;
    signal?.addEventListener('abort', this.abort);
  }

  ring(): void {
    this.pending = true;
    this.wake?.();
  }

  /** Waits for the next ring, if there was none since the last; false when the signal ended it. */
  async rung(): Promise<boolean> {
    if (!this.pending && this.signal?.aborted !== true) {
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
    }
    this.wake = undefined;
    this.pending = false;
    return this.signal?.aborted !== true;
  }

  close(): void {
    this.signal?.removeEventListener('abort', this.abort);
  }
}
