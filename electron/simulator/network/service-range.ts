import { formatAddress, mask, parseAddress } from '../../../shared/kubernetes/cel/library/addresses';

/** Where Services get their addresses from when nobody says otherwise: kubeadm's default. */
const DEFAULT_CIDR = '10.96.0.0/12';

/** How many bits of an address a range may leave open (kube-apiserver's maxCIDRBits). */
const MOST_BITS = 20;
/** The smallest range has eight addresses (pkg/controlplane/instance.go, `ServiceIPRange`). */
const FEWEST_BITS = 3;
/** Bits of an address that are drawn: of a larger range of IPv6, its beginning is enough. */
const DRAWN_BITS = 48;

export type Family = 'IPv4' | 'IPv6';

/** The addresses of Services, of one family. */
export class ServiceRange {
  readonly family: Family;
  /** As `10.96.0.0/12`. */
  readonly cidr: string;
  /** How many addresses there are (2^48 stands for more): the first is among them, and no Service's. */
  readonly size: number;
  readonly #first: bigint;
  readonly #end: bigint;
  readonly #length: number;

  private constructor(bytes: readonly number[], bits: number) {
    const first = mask(bytes, bits);
    const open = bytes.length * 8 - bits;
    this.family = bytes.length === 4 ? 'IPv4' : 'IPv6';
    this.cidr = `${formatAddress({ bytes: first })}/${bits}`;
    this.size = 2 ** Math.min(open, DRAWN_BITS);
    this.#length = bytes.length;
    this.#first = numberOf(first);
    this.#end = this.#first + 2n ** BigInt(open);
  }

  static readonly default = ServiceRange.of(DEFAULT_CIDR);

  /**
   * What `--service-cluster-ip-range` says: one range, or two of different families, separated by a comma.
   * @throws Error that says what is wrong with it.
   */
  static parse(flag: string): readonly ServiceRange[] {
    const ranges = flag.split(',').map((cidr) => ServiceRange.of(cidr));
    const [first, second, third] = ranges;
    if (third !== undefined) {
      throw new Error('--service-cluster-ip-range must not contain more than two entries');
    }
    for (const [index, range] of ranges.entries()) checkSize(range, index, ranges.length);
    if (second !== undefined && second.family === first?.family) {
      throw new Error('--service-cluster-ip-range[0] and --service-cluster-ip-range[1] must be of different IP family');
    }
    return ranges;
  }

  /**
   * Of any size.
   * @throws Error when it is no range.
   */
  static of(cidr: string): ServiceRange {
    const [address = '', length = ''] = cidr.split('/');
    const bits = Number(length);
    const bytes = bytesOf(address);
    if (bytes === undefined || !/^\d{1,3}$/.test(length) || bits > bytes.length * 8) {
      throw new Error(`${JSON.stringify(cidr)} is no range of addresses like ${DEFAULT_CIDR}`);
    }
    return new ServiceRange(bytes, bits);
  }

  /** How many addresses there are, as a power of two. */
  get bits(): number {
    return (this.#end - this.#first).toString(2).length - 1;
  }

  /** @param index 1 for the first address that a Service can have, which is the API server's. */
  address(index: number): string {
    return formatAddress({ bytes: bytesOfNumber(this.#first + BigInt(index), this.#length) });
  }

  /** Whether a Service can have this address: the first is no one's, and the last of IPv4 neither. */
  contains(address: string): boolean {
    const bytes = bytesOf(address);
    if (bytes?.length !== this.#length) return false;
    const value = numberOf(bytes);
    const end = this.family === 'IPv4' ? this.#end - 1n : this.#end;
    return value > this.#first && value < end;
  }

  /** The index of the last address that a Service can have. */
  get last(): number {
    return this.family === 'IPv4' ? this.size - 2 : this.size - 1;
  }

  /**
   * The lowest addresses are left to those who ask for one by number, as upstream does: a sixteenth of the range, but 16
   * at least and 256 at most (pkg/registry/core/service/ipallocator, `calculateRangeOffset`).
   */
  get reserved(): number {
    const offset = Math.min(256, Math.max(16, Math.floor(this.size / 16)));
    return this.size <= 16 ? 1 : offset;
  }
}

function checkSize({ bits, family }: ServiceRange, index: number, count: number): void {
  const width = family === 'IPv4' ? 32 : 128;
  if (bits > MOST_BITS) {
    const flag = count === 1 ? '--service-cluster-ip-range' : `--service-cluster-ip-range[${index}]`;
    throw new Error(
      `specified ${flag} is too large; for ${width}-bit addresses, the mask must be >= ${width - MOST_BITS}`,
    );
  }
  if (bits < FEWEST_BITS)
    throw new Error(`the service cluster IP range must be at least ${2 ** FEWEST_BITS} IP addresses`);
}

/** `undefined` for what is no address. */
function bytesOf(text: string): readonly number[] | undefined {
  try {
    return parseAddress(text).bytes;
  } catch {
    // It says in CEL's words what is wrong; whoever asks has their own.
    return undefined;
  }
}

function numberOf(bytes: readonly number[]): bigint {
  return bytes.reduce((sum, byte) => sum * 256n + BigInt(byte), 0n);
}

function bytesOfNumber(value: bigint, length: number): number[] {
  return Array.from({ length }, (_, index) => Number((value >> BigInt(8 * (length - 1 - index))) & 255n));
}
