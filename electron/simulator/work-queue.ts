import type { Clock, Timer } from './clock';

/** How many keys a queue works off before other parts of the process get their turn. A count, never a time: see Clock.turn. */
const BATCH = 32;

/** client-go's DefaultControllerRateLimiter: 5 ms doubling to 1,000 s. */
const FIRST_RETRY = 5;
const LONGEST_RETRY = 1_000_000;

/**
 * A queue of keys worked off one at a time, as client-go's rate-limited work queue: a key waits in it once at most; a key
 * added while it is being worked on is worked on again; a reconcile that fails is retried later and later.
 */
export class WorkQueue {
  readonly #clock: Clock;
  readonly #reconcile: (key: string) => Promise<void>;
  readonly #onError: (key: string, error: unknown) => void;
  readonly #waiting = new Set<string>();
  readonly #failures = new Map<string, number>();
  readonly #timers = new Map<string, { due: number; timer: Timer }>();
  #working = false;
  #stopped = false;

  /** @param onError hears of each failed reconcile, before its retry. */
  constructor(clock: Clock, reconcile: (key: string) => Promise<void>, onError: (key: string, error: unknown) => void) {
    this.#clock = clock;
    this.#reconcile = reconcile;
    this.#onError = onError;
  }

  add(key: string): void {
    if (this.#stopped) return;
    this.#waiting.add(key);
    if (!this.#working) {
      this.#working = true;
      void this.#work();
    }
  }

  /** Adds the key `delay` milliseconds from now; of several waits for one key, the earliest counts. */
  addAfter(key: string, delay: number): void {
    if (this.#stopped) return;
    if (delay <= 0) {
      this.add(key);
      return;
    }
    const due = this.#clock.now() + delay;
    const present = this.#timers.get(key);
    if (present !== undefined && present.due <= due) return;
    present?.timer.cancel();
    const timer = this.#clock.setTimeout(() => {
      this.#timers.delete(key);
      this.add(key);
    }, delay);
    this.#timers.set(key, { due, timer });
  }

  stop(): void {
    this.#stopped = true;
    this.#waiting.clear();
    for (const { timer } of this.#timers.values()) timer.cancel();
    this.#timers.clear();
  }

  async #work(): Promise<void> {
    // The caller's handlers finish first, so that one write's events give one reconcile.
    await this.#clock.turn();
    let done = 0;
    for (const key of this.#waiting) {
      this.#waiting.delete(key);
      try {
        await this.#reconcile(key);
        this.#failures.delete(key);
      } catch (error) {
        if (this.#stopped) break;
        this.#onError(key, error);
        const failures = this.#failures.get(key) ?? 0;
        this.#failures.set(key, failures + 1);
        this.addAfter(key, Math.min(FIRST_RETRY * 2 ** failures, LONGEST_RETRY));
      }
      if (++done % BATCH === 0) await this.#clock.turn();
    }
    this.#working = false;
  }
}
