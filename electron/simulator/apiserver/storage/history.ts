import type { Change } from './change';

/**
 * How many changes of one resource can be watched again or undone. kube-apiserver's watch cache holds between 100 and
 * some 100,000, by load.
 */
const BOUND = 10_000;

/** The latest changes of one resource, in order. */
export class History {
  #changes: Change[] = [];
  #first = 0;
  /** Changes up to and including this revision are forgotten. */
  #forgotten: number;
  readonly #bound: number;

  /** @param start the revision before which nothing is known. */
  constructor(start: number, bound = BOUND) {
    this.#forgotten = start;
    this.#bound = bound;
  }

  /** The newest revision whose successors are all known. */
  get start(): number {
    return this.#forgotten;
  }

  add(change: Change): void {
    this.#changes.push(change);
    const oldest = this.#changes[this.#first];
    if (this.#changes.length - this.#first > this.#bound && oldest !== undefined) {
      this.#forgotten = oldest.revision;
      this.#first++;
      // Half of the array being dead space is when moving the rest pays.
      if (this.#first > this.#bound) {
        this.#changes = this.#changes.slice(this.#first);
        this.#first = 0;
      }
    }
  }

  /** All changes after a revision, oldest first; `undefined` when some of them are forgotten. */
  after(revision: number): Change[] | undefined {
    if (revision < this.#forgotten) return undefined;
    let low = this.#first;
    let high = this.#changes.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#changes[middle]?.revision ?? 0) > revision) high = middle;
      else low = middle + 1;
    }
    return this.#changes.slice(low);
  }
}
