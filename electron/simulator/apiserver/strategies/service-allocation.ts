import type { Service } from '../../../../shared/kubernetes/objects';
import { services } from '../../../../shared/kubernetes/resources';
import type { Family } from '../../network/service-range';
import type { StrategyContext } from '../registry/definition';
import { internalError, invalid as invalidObject } from '../status-errors';
import { invalid } from '../validation/field-error';
import { canonicalAddress } from '../validation/ip-addresses';
import { pickFree } from './pick-free';
import { specOf } from './pod-defaults';
import { ALREADY_ALLOCATED, isTaken } from './service-addresses';
import { chooseFamilies, staysPreferring } from './service-families';
import { allocateNodePorts } from './service-node-ports';
import { rangesOf } from './service-ranges';
import { keepAllocated, matchAddresses } from './service-transitions';

/**
 * Gives a Service what it is to have of the cluster: families, addresses, ports of nodes (pkg/registry/core/service/storage,
 * `beginCreate` and `beginUpdate`). What is given back is free as soon as the object no longer has it.
 * @throws StatusError when that cannot be.
 */
export function allocate(service: Service, old: Service | undefined, context: StrategyContext, dryRun: boolean): void {
  if (old !== undefined) keepAllocated(service, old);
  matchAddresses(service, old);
  chooseFamilies(
    service,
    old,
    context.serviceRanges.map(({ family }) => family),
  );
  for (const index of lackingAddresses(service, old)) allocateAddress(service, index, context, dryRun);
  allocateNodePorts(service, old, context, dryRun);
}

/** Which of a Service's families are to get an address now (`allocClusterIPs`, and the cases of `updateClusterIPs`). */
function lackingAddresses(service: Service, old: Service | undefined): number[] {
  const spec = specOf(service);
  const families = spec.ipFamilies ?? [];
  if (spec.type === 'ExternalName' || spec.clusterIPs?.[0] === 'None') return [];
  if (old === undefined || old.spec?.type === 'ExternalName') return families.map((_, index) => index);
  const had = specOf(old);
  if (staysPreferring(spec, had) || had.clusterIPs?.[0] === 'None') return [];
  return had.ipFamilies?.length === 1 && families.length === 2 ? [1] : [];
}

function allocateAddress(service: Service, index: number, context: StrategyContext, dryRun: boolean): void {
  const spec = specOf(service);
  const family: Family = spec.ipFamilies?.[index] === 'IPv6' ? 'IPv6' : 'IPv4';
  const asked = spec.clusterIPs?.[index];
  if (asked) {
    const why = refusal(asked, family, context, dryRun);
    if (why === undefined) return;
    // Upstream has made room for the others by then.
    const all = (spec.ipFamilies ?? []).map((_, place) => spec.clusterIPs?.[place] ?? '');
    const error = invalid('spec.clusterIPs', all, `failed to allocate IP ${asked}: ${why}`);
    throw invalidObject(services, service.metadata.name ?? '', [error]);
  }
  const [own] = context.serviceRanges.filter((range) => range.family === family);
  const address = dryRun && own !== undefined ? own.address(0) : freeAddress(family, context);
  spec.clusterIPs = [...(spec.clusterIPs ?? []).slice(0, index), address];
  if (index === 0) spec.clusterIP = address;
}

/** Why a Service cannot have this address (pkg/registry/core/service/ipallocator). A dry run does not ask who has it. */
function refusal(text: string, family: Family, context: StrategyContext, dryRun: boolean) {
  const address = canonicalAddress(text);
  if (rangesOf(family, context).some((range) => range.contains(address))) {
    return !dryRun && isTaken(address, context) ? ALREADY_ALLOCATED : undefined;
  }
  // The allocator that has the range is found first; a dry run takes any.
  const own = context.serviceRanges.find((range) => range.family === family);
  return dryRun
    ? `the provided IP (${address}) is not in the valid range. The range of valid IPs is ${own?.cidr}`
    : 'the provided network does not match the current range';
}

function freeAddress(family: Family, context: StrategyContext): string {
  for (const range of rangesOf(family, context)) {
    const pick = (low: number, high: number) =>
      pickFree<string>(context.random, low, high, { has: (address) => isTaken(address, context) }, (index) =>
        range.address(index),
      );
    // When all others are taken, those that are kept back are given away as well.
    const free = pick(range.reserved, range.last) ?? pick(1, range.reserved - 1);
    if (free !== undefined) return free;
  }
  throw internalError('failed to allocate a serviceIP: range is full');
}
