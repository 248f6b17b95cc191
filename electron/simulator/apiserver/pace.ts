import type { Clock } from '../clock';

/** Writes of the process's own parts in one turn of the event loop: some milliseconds' worth. A count, never a time. */
const PER_TURN = 16;

/**
 * Lets so many writes through in each turn of the event loop, and the others wait in their order. A controller that makes
 * a thousand pods is one long chain of microtasks, which would hold up all watchers and all sockets until its end.
 */
export class Pace {
  readonly #clock: Clock;
  #left = PER_TURN;
  #turning = false;
  readonly #waiting: (() => void)[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** To be awaited before a write; absent when it may be made at once. */
  enter(): Promise<void> | undefined {
    if (!this.#turning) {
      this.#turning = true;
      void this.#turn();
    }
    if (this.#left > 0) {
      this.#left--;
      return undefined;
    }
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  async #turn(): Promise<void> {
    do {
      await this.#clock.turn();
      const next = this.#waiting.splice(0, PER_TURN);
      this.#left = PER_TURN - next.length;
      for (const resolve of next) resolve();
    } while (this.#left < PER_TURN);
    this.#turning = false;
  }
}
