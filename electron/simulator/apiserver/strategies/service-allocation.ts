import type { Service } from '../../../../shared/kubernetes/objects';
import { services } from '../../../../shared/kubernetes/resources';
import type { StrategyContext } from '../registry/definition';
import { internalError, invalid as invalidObject } from '../status-errors';
import { invalid } from '../validation/field-error';
import { canonicalAddress } from '../validation/ip-addresses';
import { pickFree } from './pick-free';
import { specOf } from './pod-defaults';
import { ALREADY_ALLOCATED, isTaken } from './service-addresses';
import { chooseFamilies } from './service-families';
import { allocateNodePorts } from './service-node-ports';
import { serviceRanges } from './service-ranges';
import { keepAllocated, matchAddresses } from './service-transitions';

/**
 * Gives a Service what it is to have of the cluster: families, an address, ports of nodes (pkg/registry/core/service/storage,
 * `beginCreate` and `beginUpdate`). What is given back is free as soon as the object no longer has it.
 * @throws StatusError when that cannot be.
 */
export function allocate(service: Service, old: Service | undefined, context: StrategyContext, dryRun: boolean): void {
  if (old !== undefined) keepAllocated(service, old);
  matchAddresses(service, old);
  chooseFamilies(service, old);
  const needsAddress = old === undefined || old.spec?.type === 'ExternalName';
  if (needsAddress && service.spec?.type !== 'ExternalName') allocateAddress(service, context, dryRun);
  allocateNodePorts(service, old, context, dryRun);
}

/** `allocClusterIPs`, with one family. */
function allocateAddress(service: Service, context: StrategyContext, dryRun: boolean): void {
  const spec = specOf(service);
  const asked = spec.clusterIPs?.[0];
  if (asked === 'None') return;
  if (asked) {
    const why = refusal(asked, context, dryRun);
    if (why === undefined) return;
    const error = invalid('spec.clusterIPs', spec.clusterIPs, `failed to allocate IP ${asked}: ${why}`);
    throw invalidObject(services, service.metadata.name ?? '', [error]);
  }
  spec.clusterIP = dryRun ? context.serviceRange.address(0) : freeAddress(context);
  spec.clusterIPs = [spec.clusterIP];
}

/** Why a Service cannot have this address (pkg/registry/core/service/ipallocator). A dry run does not ask who has it. */
function refusal(text: string, context: StrategyContext, dryRun: boolean) {
  const address = canonicalAddress(text);
  const ranges = serviceRanges(context);
  if (ranges.some((range) => range.contains(address))) {
    return !dryRun && isTaken(address, context) ? ALREADY_ALLOCATED : undefined;
  }
  // The allocator that has the range is found first; a dry run takes any.
  return dryRun
    ? `the provided IP (${address}) is not in the valid range. The range of valid IPs is ${context.serviceRange.cidr}`
    : 'the provided network does not match the current range';
}

function freeAddress(context: StrategyContext): string {
  for (const range of serviceRanges(context)) {
    const pick = (low: number, high: number) =>
      pickFree<string>(context.random, low, high, { has: (address) => isTaken(address, context) }, (index) =>
        range.address(index),
      );
    // When all others are taken, those that are kept back are given away as well.
    const free = pick(range.reserved, range.size - 2) ?? pick(1, range.reserved - 1);
    if (free !== undefined) return free;
  }
  throw internalError('failed to allocate a serviceIP: range is full');
}
