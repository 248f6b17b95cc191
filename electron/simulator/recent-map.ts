/** A map that forgets what was set longest ago once it holds more than its bound. */
export class RecentMap<K, V> {
  readonly #entries = new Map<K, V>();
  readonly #bound: number;

  /** @param bound how many entries are kept. */
  constructor(bound: number) {
    this.#bound = bound;
  }

  get(key: K): V | undefined {
    return this.#entries.get(key);
  }

  /** What is set again is new again. */
  set(key: K, value: V): void {
    this.#entries.delete(key);
    this.#entries.set(key, value);
    if (this.#entries.size <= this.#bound) return;
    const [oldest] = this.#entries.keys();
    if (oldest !== undefined) this.#entries.delete(oldest);
  }

  delete(key: K): void {
    this.#entries.delete(key);
  }
}
