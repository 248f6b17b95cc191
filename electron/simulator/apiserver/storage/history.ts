import type { Change } from './change';

/**
 * How many changes of one resource can be watched again or undone. kube-apiserver's watch cache holds between 100 and
 * some 100,000, by load.
 */
const BOUND = 10_000;

/** The latest changes of one resource, in order. */
export class History {
  /** Grows up to its bound; from then on each change takes the place of the oldest. */
  readonly #changes: Change[] = [];
  /** Where the oldest is. */
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

  /** @returns the change that is forgotten for it, if any. */
  add(change: Change): Change | undefined {
    const oldest = this.#changes[this.#first];
    if (this.#changes.length < this.#bound || oldest === undefined) {
      this.#changes.push(change);
      return undefined;
    }
    this.#forgotten = oldest.revision;
    this.#changes[this.#first] = change;
    this.#first = (this.#first + 1) % this.#bound;
    return oldest;
  }

  /** Forgets everything up to a revision. */
  clear(revision: number): void {
    this.#forgotten = revision;
    this.#changes.length = 0;
    this.#first = 0;
  }

  /** All changes after a revision, oldest first; `undefined` when some of them are forgotten. */
  after(revision: number): Change[] | undefined {
    if (revision < this.#forgotten) return undefined;
    return [...this.#after(revision, this.#first, this.#changes.length), ...this.#after(revision, 0, this.#first)];
  }

  /** Those after a revision in a part of the list that is in order. */
  #after(revision: number, from: number, to: number): Change[] {
    let low = from;
    let high = to;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#changes[middle]?.revision ?? 0) > revision) high = middle;
      else low = middle + 1;
    }
    return this.#changes.slice(low, to);
  }
}
