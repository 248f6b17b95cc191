import { Heap } from './heap';

/** A pending call, to be cancelled when it is no longer wanted. */
export interface Timer {
  cancel(): void;
}

/**
 * The only source of time in the simulator. Cluster time runs at `speed` times the host's, or, in tests, only when told.
 */
export interface Clock {
  /** Cluster time in milliseconds since the Unix epoch. */
  now(): number;
  /** Calls `callback` once, `delay` milliseconds of cluster time from now. */
  setTimeout(callback: () => void, delay: number): Timer;
  /**
   * Resolves in the host's next turn of the event loop, in the order of calling. Long loops await it every fixed number
   * of items (never by elapsed time, which would make histories differ), so that sockets get their turn.
   */
  turn(): Promise<void>;
}

/** The second that was last written, as text: thousands of objects tell of one, and may share it. */
let written = { second: Number.NaN, text: '' };

/** Cluster time in RFC 3339 with seconds, as in `metadata.creationTimestamp`. */
export function timestamp(clock: Clock, offset = 0): string {
  const second = Math.floor((clock.now() + offset) / 1000);
  if (second !== written.second) {
    const text = `${new Date(second * 1000).toISOString().slice(0, 19)}Z`;
    written = { second, text };
  }
  return written.text;
}

/** Cluster time in RFC 3339 with microseconds, as in a Lease's `renewTime`. */
export function microTimestamp(clock: Clock): string {
  return `${new Date(clock.now()).toISOString().slice(0, 23)}000Z`;
}

/** What is due first; of one moment, what was asked for first. */
function earlier(a: Pick<Pending, 'due' | 'sequence'>, b: Pick<Pending, 'due' | 'sequence'>): boolean {
  return a.due < b.due || (a.due === b.due && a.sequence < b.sequence);
}

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

/** setTimeout's own bound: longer delays would fire at once. */
const LONGEST_HOST_DELAY = 2 ** 31 - 1;

interface Pending {
  readonly due: number;
  readonly sequence: number;
  readonly callback: () => void;
  handle: NodeJS.Timeout | undefined;
}

/** Turns of the event loop between two moments of an advance, in which what the first has set off goes on. */
const TURNS = 4;

/** Cluster time that follows the host's clock, at a speed that may change, or stands still, or leaps ahead. */
export class SystemClock implements Clock {
  #speed: number;
  /** Where cluster time was when it last began to go otherwise, and what the host's was then. */
  #start: number;
  #hostStart = Date.now();
  #sequence = 0;
  readonly #pending = new Set<Pending>();
  /** In the order in which they are due, while time leaps. */
  #leaping: Heap<Pending> | undefined;
  #target = Number.NEGATIVE_INFINITY;
  readonly #listeners: (() => void)[] = [];
  readonly turn = turn;

  /**
   * @param speed cluster seconds a host second; above zero.
   * @param start cluster time now, in milliseconds since the epoch; absent: the host's.
   */
  constructor(speed = 1, start?: number) {
    this.#speed = speed;
    this.#start = start ?? this.#hostStart;
  }

  now(): number {
    return this.#start + (Date.now() - this.#hostStart) * this.#speed;
  }

  /** Cluster seconds a host second; 0 while it stands still. */
  get speed(): number {
    return this.#speed;
  }

  /** @param speed 0: time stands still. */
  set speed(speed: number) {
    if (speed === this.#speed) return;
    this.#start = this.now();
    this.#hostStart = Date.now();
    this.#speed = speed;
    for (const pending of this.#pending) this.#arm(pending);
    for (const listener of this.#listeners) listener();
  }

  /** Where time is, or leaps to: milliseconds since the epoch. */
  get horizon(): number {
    return Math.max(this.now(), this.#target);
  }

  /** Calls back whenever time has come to go otherwise, and before it leaps. */
  onChange(listener: () => void): void {
    this.#listeners.push(listener);
  }

  /**
   * Leaps to a moment, in milliseconds since the epoch; all that is due before happens, each at its own moment. One that has
   * passed changes nothing. Never two at once.
   */
  async advance(to: number): Promise<void> {
    const speed = this.#speed;
    this.#target = to;
    this.speed = 0;
    for (const listener of this.#listeners) listener();
    const leaping = new Heap<Pending>(earlier);
    this.#leaping = leaping;
    for (const pending of this.#pending) leaping.push(pending);
    for (;;) {
      const next = leaping.pop();
      if (next === undefined || next.due > to) break;
      // It may have been cancelled by another.
      if (!this.#pending.has(next)) continue;
      this.#start = Math.max(this.#start, next.due);
      this.#fire(next);
      for (let count = 0; count < TURNS; count++) await turn();
    }
    this.#leaping = undefined;
    this.#start = Math.max(this.#start, to);
    this.speed = speed;
  }

  setTimeout(callback: () => void, delay: number): Timer {
    const pending: Pending = {
      due: this.now() + Math.max(0, delay),
      sequence: this.#sequence++,
      callback,
      handle: undefined,
    };
    this.#pending.add(pending);
    this.#leaping?.push(pending);
    this.#arm(pending);
    return {
      cancel: () => {
        clearTimeout(pending.handle);
        this.#pending.delete(pending);
      },
    };
  }

  #arm(pending: Pending): void {
    clearTimeout(pending.handle);
    if (this.#speed === 0) return;
    const hostDelay = Math.max(0, (pending.due - this.now()) / this.#speed);
    pending.handle =
      hostDelay > LONGEST_HOST_DELAY
        ? setTimeout(() => this.#arm(pending), LONGEST_HOST_DELAY)
        : setTimeout(() => this.#fire(pending), Math.ceil(hostDelay));
    pending.handle.unref();
  }

  #fire(pending: Pending): void {
    this.#pending.delete(pending);
    pending.callback();
  }
}

interface Entry {
  readonly due: number;
  readonly sequence: number;
  /** Gone once it has been cancelled, so that nothing is held by a moment that is far away. */
  callback: (() => void) | undefined;
}

/**
 * Cluster time for tests: it stands still until {@link VirtualClock.advance} moves it, and between two timers everything
 * that is ready to run has run.
 */
export class VirtualClock implements Clock {
  #now: number;
  #sequence = 0;
  readonly #timers = new Heap<Entry>(earlier);
  #turns = 0;

  constructor(start = Date.parse('2026-01-01T00:00:00Z')) {
    this.#now = start;
  }

  turn(): Promise<void> {
    this.#turns++;
    return turn();
  }

  now(): number {
    return this.#now;
  }

  setTimeout(callback: () => void, delay: number): Timer {
    const entry: Entry = { due: this.#now + Math.max(0, delay), sequence: this.#sequence++, callback };
    this.#timers.push(entry);
    return {
      cancel: () => {
        entry.callback = undefined;
      },
    };
  }

  /** Lets everything run that is ready, without moving time. */
  async settle(): Promise<void> {
    // Who waits for a turn is not done. What nobody waits for goes through sockets and promises, a turn a link: eight
    // have proved enough for chains of controllers.
    for (let quiet = 0; quiet < 8; ) {
      const before = this.#turns;
      await turn();
      quiet = this.#turns === before ? quiet + 1 : 0;
    }
  }

  /** Moves time forward by `duration` milliseconds, firing each timer at its own moment. */
  async advance(duration: number): Promise<void> {
    const end = this.#now + duration;
    await this.settle();
    for (;;) {
      const next = this.#timers.peek();
      if (next === undefined || next.due > end) break;
      this.#timers.pop();
      if (next.callback === undefined) continue;
      this.#now = Math.max(this.#now, next.due);
      next.callback();
      await this.settle();
    }
    this.#now = end;
  }

  /**
   * Advances from timer to timer until `condition` holds.
   * @param limit milliseconds of cluster time after which it gives up with an error.
   */
  async until(condition: () => boolean | Promise<boolean>, limit = 3_600_000): Promise<void> {
    const end = this.#now + limit;
    await this.settle();
    while (!(await condition())) {
      const due = this.#timers.peek()?.due;
      if (due === undefined || due > end) throw new Error(`condition did not hold within ${limit} ms of cluster time`);
      await this.advance(Math.max(0, due - this.#now));
    }
  }
}
