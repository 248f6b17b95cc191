/** No more addresses in a node's range. */
export class RangeExhausted extends Error {}

/**
 * Hands out the addresses of one node's pod range, as the host-local plugin does: one after another, each given back only
 * after all others had their turn.
 */
export class PodAddresses {
  readonly #base: number;
  readonly #size: number;
  readonly #taken = new Set<number>();
  #next = 2;

  /** @param cidr an IPv4 range such as `10.244.1.0/24`. @throws RangeError when it is none. */
  constructor(cidr: string) {
    const match = /^(\d+)\.(\d+)\.(\d+)\.(\d+)\/(\d+)$/.exec(cidr);
    if (match === null) throw new RangeError(`not an IPv4 range: ${cidr}`);
    const [a, b, c, d, bits] = match.slice(1).map(Number) as [number, number, number, number, number];
    this.#size = 2 ** (32 - bits);
    const address = ((a * 256 + b) * 256 + c) * 256 + d;
    this.#base = address - (address % this.#size);
  }

  /** @throws RangeExhausted */
  allocate(): string {
    // The first address names the network, the second is the bridge's, the last is for broadcast.
    const usable = this.#size - 3;
    for (let tried = 0; tried < usable; tried++) {
      const offset = this.#next;
      this.#next = this.#next + 1 >= this.#size - 1 ? 2 : this.#next + 1;
      if (this.#taken.has(offset)) continue;
      this.#taken.add(offset);
      return text(this.#base + offset);
    }
    throw new RangeExhausted(`no IP addresses available in range set: ${text(this.#base)}`);
  }

  release(address: string): void {
    const number = address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
    this.#taken.delete(number - this.#base);
  }
}

function text(address: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join('.');
}
