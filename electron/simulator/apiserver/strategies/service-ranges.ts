import { isConditionTrue } from '../../../../shared/kubernetes/conditions';
import type { ServiceCIDR } from '../../../../shared/kubernetes/objects';
import { serviceCidrs } from '../../../../shared/kubernetes/resources';
import { type Family, ServiceRange } from '../../network/service-range';
import type { StrategyContext } from '../registry/definition';

/**
 * Where Services can get addresses of a family from now: the ranges of all ServiceCIDRs that are ready, the server's own
 * first (pkg/registry/core/service/ipallocator/cidrallocator.go). The server's own is there before its object is.
 */
export function rangesOf(family: Family, { serviceRanges, allStored }: StrategyContext): ServiceRange[] {
  const own = serviceRanges.find((range) => range.family === family);
  if (own === undefined) return [];
  const ready = new Map<string, boolean>();
  for (const object of allStored(serviceCidrs)) {
    for (const cidr of object.spec?.cidrs ?? []) {
      if (cidr.includes(':') === (family === 'IPv6')) ready.set(cidr, isReady(object) || ready.get(cidr) === true);
    }
  }
  const others = [...ready].filter(([cidr, is]) => is && cidr !== own.cidr).map(([cidr]) => ServiceRange.of(cidr));
  return ready.get(own.cidr) === false ? others : [own, ...others];
}

/** Without a condition, nobody looks after ServiceCIDRs. */
function isReady({ metadata, status }: ServiceCIDR): boolean {
  if (metadata.deletionTimestamp !== undefined) return false;
  const { conditions } = status ?? {};
  return conditions?.some(({ type }) => type === 'Ready') !== true || isConditionTrue(conditions, 'Ready');
}
