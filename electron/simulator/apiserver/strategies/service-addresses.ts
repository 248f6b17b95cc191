import type { IPAddress, Service } from '../../../../shared/kubernetes/objects';
import { ipAddresses, services } from '../../../../shared/kubernetes/resources';
import type { StrategyContext } from '../registry/definition';
import { invalid as invalidObject } from '../status-errors';
import { invalid } from '../validation/field-error';
import { canonicalAddress } from '../validation/ip-addresses';
import { familyOf } from '../validation/service-addresses';

/** An IPAddress stands for each address that a Service has (pkg/registry/core/service/ipallocator/ipallocator.go). */

export const ALREADY_ALLOCATED = 'provided IP is already allocated';

export function isTaken(address: string, { stored }: StrategyContext): boolean {
  return stored(ipAddresses, undefined, address) !== undefined;
}

/** The addresses of a Service, in their usual form. */
export function addressesOf(service: Service | undefined): string[] {
  return (service?.spec?.clusterIPs ?? []).filter((address) => address !== 'None').map(canonicalAddress);
}

/** What stands for an address of a Service. */
export function serviceAddress(address: string, { metadata }: Service): IPAddress {
  const { namespace, name = '' } = metadata;
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'IPAddress',
    metadata: {
      name: address,
      labels: {
        'ipaddress.kubernetes.io/ip-family': familyOf(address),
        'ipaddress.kubernetes.io/managed-by': 'ipallocator.k8s.io',
      },
    },
    spec: { parentRef: { resource: 'services', name, ...(namespace === undefined ? {} : { namespace }) } },
  };
}

/**
 * Makes and takes away the IPAddresses of what a Service has come to have and has given back.
 * @throws StatusError 422 when somebody was faster.
 */
export function recordAddresses(service: Service, old: Service | undefined, context: StrategyContext): void {
  const before = addressesOf(old);
  const now = addressesOf(service);
  for (const address of now) {
    if (before.includes(address)) continue;
    if (isTaken(address, context)) {
      const why = `failed to allocate IP ${address}: ${ALREADY_ALLOCATED}`;
      const error = invalid('spec.clusterIPs', service.spec?.clusterIPs, why);
      throw invalidObject(services, service.metadata.name ?? '', [error]);
    }
    context.place(ipAddresses, serviceAddress(address, service));
  }
  for (const address of before) if (!now.includes(address)) context.discard(ipAddresses, undefined, address);
}

/** Takes the IPAddresses of a Service that is gone away. */
export function releaseAddresses(service: Service, context: StrategyContext): void {
  for (const address of addressesOf(service)) context.discard(ipAddresses, undefined, address);
}
