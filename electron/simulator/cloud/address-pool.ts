import { createHash } from 'node:crypto';
import type { Service } from '../../../shared/kubernetes/objects';

type IngressPoint = NonNullable<NonNullable<NonNullable<Service['status']>['loadBalancer']>['ingress']>[number];

/** What a load balancer is for. */
export interface Balanced {
  readonly uid: string;
  /** The address that a person asks for. */
  readonly wanted?: string;
}

/** Where load balancers get what they are reached by. */
export interface AddressPool {
  /**
   * @param taken what others have.
   * @throws Error in the provider's words when there is none to be had.
   */
  take(balanced: Balanced, taken: readonly IngressPoint[]): IngressPoint;
}

/**
 * Addresses of IPv4 that begin alike, the lowest first.
 * @param prefix its first three numbers, as `203.0.113`.
 */
export function ipPool(prefix: string): AddressPool {
  const addresses = Array.from({ length: 253 }, (_, index) => `${prefix}.${index + 2}`);
  return {
    take({ wanted }, taken) {
      const others = new Set(taken.map(({ ip }) => ip));
      if (wanted !== undefined && (!addresses.includes(wanted) || others.has(wanted))) {
        throw new Error(`requested IP "${wanted}" is neither static nor assigned to the LB`);
      }
      const ip = wanted ?? addresses.find((address) => !others.has(address));
      if (ip === undefined) throw new Error(`no address is left of ${prefix}.0/24`);
      return { ip, ipMode: 'VIP' };
    },
  };
}

/** One address that all share: that of the machine where the ingress controller runs. */
export function onlyAddress(ip: string): AddressPool {
  return { take: () => ({ ip }) };
}

/** Names as AWS gives them: of the load balancer and of the region. */
export function elbNames(region: string): AddressPool {
  return {
    take({ uid }) {
      // As cloud-provider names it: DNS labels are no longer than this.
      const name = `a${uid.replaceAll('-', '')}`.slice(0, 32);
      const number = createHash('sha256').update(uid).digest().readUInt32BE() % 2_000_000_000;
      return { hostname: `${name}-${number}.${region}.elb.amazonaws.com` };
    },
  };
}
