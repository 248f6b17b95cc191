import type { ComponentContext } from '../component';

/** How long things take that are under way: drawn by lot when one is first asked for, and the same until it is done. */
export class Durations {
  readonly #context: Pick<ComponentContext, 'clock' | 'random'>;
  /** When each is done, in milliseconds since the epoch. */
  readonly #due = new Map<string, number>();

  constructor(context: Pick<ComponentContext, 'clock' | 'random'>) {
    this.#context = context;
  }

  isUnderWay(id: string): boolean {
    return this.#due.has(id);
  }

  /**
   * Milliseconds until something is done; 0: it is, and is forgotten.
   * @param range from the least that it takes to the most.
   */
  left(id: string, range: readonly [least: number, most: number]): number {
    const { clock, random } = this.#context;
    const due = this.#due.get(id) ?? clock.now() + random.between(...range);
    const left = Math.max(0, due - clock.now());
    if (left > 0) this.#due.set(id, due);
    else this.#due.delete(id);
    return left;
  }

  forget(id: string): void {
    this.#due.delete(id);
  }
}
