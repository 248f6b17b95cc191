const HIGHEST_PORT = 65_535;

/** Ports from one to another, as kube-apiserver's flags name them (k8s.io/apimachinery, pkg/util/net/port_range.go). */
export class PortRange {
  readonly low: number;
  readonly high: number;

  private constructor(low: number, high: number) {
    this.low = low;
    this.high = high;
  }

  /** Where NodePorts come from when nobody says otherwise. */
  static readonly nodePorts = new PortRange(30_000, 32_767);

  /**
   * @param text a port, `LOW-HIGH` or `LOW+MORE`.
   * @throws Error that says what is wrong with it.
   */
  static parse(text: string): PortRange {
    const [, first = '', sign, second = ''] = /^\s*(\d+)(?:([-+])(\d+))?\s*$/.exec(text) ?? [];
    if (first === '') throw new Error(`unable to parse port range: ${text}`);
    const low = Number(first);
    const high = sign === undefined ? low : sign === '-' ? Number(second) : low + Number(second);
    if (low > HIGHEST_PORT || high > HIGHEST_PORT) {
      throw new Error(`the port range cannot be greater than ${HIGHEST_PORT}: ${text}`);
    }
    if (high < low) throw new Error(`end port cannot be less than start port: ${text}`);
    return new PortRange(low, high);
  }

  contains(port: number): boolean {
    return port >= this.low && port <= this.high;
  }

  /**
   * How many of the lowest ports are left to those who ask for one by number: a part of 32, but 16 at least and 128 at most
   * (pkg/registry/core/service/portallocator, `calculateRangeOffset`).
   */
  get reserved(): number {
    const size = this.high - this.low + 1;
    return size <= 16 ? 0 : Math.min(128, Math.max(16, Math.floor(size / 32)));
  }

  toString(): string {
    return `${this.low}-${this.high}`;
  }
}
