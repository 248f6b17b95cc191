/** Where Services get their addresses from when nobody says otherwise: kubeadm's default. */
const DEFAULT_CIDR = '10.96.0.0/12';

/** How many bits of an address a range may leave open (kube-apiserver's maxCIDRBits). */
const MOST_BITS = 20;
/** The smallest range has eight addresses (pkg/controlplane/instance.go, `ServiceIPRange`). */
const FEWEST_BITS = 3;

/** The addresses of Services: `--service-cluster-ip-range`, IPv4. */
export class ServiceRange {
  /** As `10.96.0.0/12`. */
  readonly cidr: string;
  /** How many addresses there are, the first and the last among them, which no Service gets. */
  readonly size: number;
  readonly #first: number;

  private constructor(first: number, bits: number) {
    this.#first = first;
    this.size = 2 ** (32 - bits);
    this.cidr = `${text(first)}/${bits}`;
  }

  static readonly default = ServiceRange.parse(DEFAULT_CIDR);

  /**
   * As the server is told to use it.
   * @throws Error that says what is wrong with it.
   */
  static parse(cidr: string): ServiceRange {
    const range = ServiceRange.of(cidr);
    const bits = Math.log2(range.size);
    if (bits > MOST_BITS) {
      throw new Error(
        `specified --service-cluster-ip-range is too large; for 32-bit addresses, the mask must be >= ${32 - MOST_BITS}`,
      );
    }
    if (bits < FEWEST_BITS) {
      throw new Error(`the service cluster IP range must be at least ${2 ** FEWEST_BITS} IP addresses`);
    }
    return range;
  }

  /**
   * Of any size.
   * @throws Error when it is no range of IPv4.
   */
  static of(cidr: string): ServiceRange {
    const [address = '', length = ''] = cidr.split('/');
    const bits = Number(length);
    const value = parse(address);
    if (value === undefined || !/^\d{1,2}$/.test(length) || bits > 32) {
      throw new Error(`${JSON.stringify(cidr)} is no IPv4 range like ${DEFAULT_CIDR}`);
    }
    // Bits behind the mask mean nothing.
    return new ServiceRange(value - (value % 2 ** (32 - bits)), bits);
  }

  /** @param index 1 for the first address that a Service can have, which is the API server's. */
  address(index: number): string {
    return text(this.#first + index);
  }

  /** Whether a Service can have this address. */
  contains(address: string): boolean {
    const value = parse(address);
    return value !== undefined && value > this.#first && value < this.#first + this.size - 1;
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

function text(value: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join('.');
}

function parse(address: string): number | undefined {
  if (!/^\d{1,3}(\.\d{1,3}){3}$/.test(address)) return undefined;
  const parts = address.split('.').map(Number);
  return parts.some((part) => part > 255) ? undefined : parts.reduce((sum, part) => sum * 256 + part, 0);
}
