import { mask, parseAddress } from '../../../shared/kubernetes/cel/library/addresses';

/** The addresses that begin alike, as `10.96.0.0/12` or `2001:db8::/64` names them (Go's `netip.Prefix`). */
export class IpPrefix {
  readonly #bytes: readonly number[];
  readonly #bits: number;

  private constructor(bytes: readonly number[], bits: number) {
    this.#bytes = bytes;
    this.#bits = bits;
  }

  /** @throws EvaluationError when it is none. */
  static parse(text: string): IpPrefix {
    const [address = '', bits] = text.split('/');
    return new IpPrefix(parseAddress(address).bytes, Number(bits));
  }

  /** Whether it has all addresses of another. */
  covers(other: IpPrefix): boolean {
    return this.#bits <= other.#bits && this.#has(other.#bytes);
  }

  /** Whether a Service can have this address: the first is no one's, and the last of IPv4 neither (pkg/api/servicecidr). */
  gives(address: string): boolean {
    const { bytes } = parseAddress(address);
    if (!this.#has(bytes)) return false;
    const ones = bytes.map(() => 0xff);
    const open = mask(ones, this.#bits).map((byte) => byte ^ 0xff);
    const rest = bytes.map((byte, index) => byte & (open[index] ?? 0));
    if (rest.every((byte) => byte === 0)) return false;
    return bytes.length === 16 || rest.some((byte, index) => byte !== open[index]);
  }

  #has(bytes: readonly number[]): boolean {
    const prefix = mask(bytes, this.#bits);
    return bytes.length === this.#bytes.length && prefix.every((byte, index) => byte === this.#bytes[index]);
  }
}
