/** The only source of chance in the simulator: one seed gives one history. */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** A number in [0, 1), by Mulberry32. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let t = this.#state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  }

  /** A whole number in [low, high). */
  integer(low: number, high: number): number {
    return low + Math.floor(this.next() * (high - low));
  }

  /** A number in [low, high). */
  between(low: number, high: number): number {
    return low + this.next() * (high - low);
  }

  pick<T>(items: readonly T[]): T {
    if (items.length === 0) throw new Error('cannot pick from nothing');
    return items[this.integer(0, items.length)] as T;
  }

  /**
   * Characters as `generateName` and template hashes use them: no vowels, no look-alikes
   * (k8s.io/apimachinery/pkg/util/rand).
   */
  suffix(length: number): string {
    const alphabet = 'bcdfghjklmnpqrstvwxz2456789';
    let text = '';
    for (let i = 0; i < length; i++) text += alphabet[this.integer(0, alphabet.length)];
    return text;
  }

  /** A version 4 UUID. */
  uuid(): string {
    const hex = Array.from({ length: 32 }, () => this.integer(0, 16).toString(16));
    hex[12] = '4';
    hex[16] = '89ab'[this.integer(0, 4)] as string;
    const part = (from: number, to: number) => hex.slice(from, to).join('');
    // Joined, so that one flat text stays of it: there is one in every object.
    return [part(0, 8), part(8, 12), part(12, 16), part(16, 20), part(20, 32)].join('-');
  }

  /** A source of its own, so that one part's draws do not shift another's. */
  fork(): Random {
    return new Random(this.integer(0, 2 ** 32));
  }
}
