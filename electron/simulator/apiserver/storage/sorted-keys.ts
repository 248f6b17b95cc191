/** Keys in their order, kept so by binary insertion: no list ever sorts. */
export class SortedKeys {
  readonly #keys: string[] = [];

  get size(): number {
    return this.#keys.length;
  }

  add(key: string): void {
    // Most keys that come in order come at the end.
    const last = this.#keys[this.#keys.length - 1];
    if (last === undefined || last < key) this.#keys.push(key);
    else this.#keys.splice(this.lowerBound(key), 0, key);
  }

  remove(key: string): void {
    const index = this.lowerBound(key);
    if (this.#keys[index] === key) this.#keys.splice(index, 1);
  }

  at(index: number): string | undefined {
    return this.#keys[index];
  }

  /** The index of the first key that is not less. */
  lowerBound(key: string): number {
    let low = 0;
    let high = this.#keys.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#keys[middle] as string) < key) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** The keys that begin with `prefix`, in order, from `start` on. The keys must not change meanwhile. */
  *range(prefix: string, start = ''): Iterable<string> {
    for (let index = this.lowerBound(start > prefix ? start : prefix); index < this.#keys.length; index++) {
      const key = this.#keys[index] as string;
      if (!key.startsWith(prefix)) return;
      yield key;
    }
  }
}
