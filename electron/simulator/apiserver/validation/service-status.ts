import { dns1123SubdomainProblems } from '../../../../shared/kubernetes/label-syntax';
import type { Service } from '../../../../shared/kubernetes/objects';
import { type FieldError, forbidden, invalid, required } from './field-error';
import { isAddress, legacyAddressProblems } from './ip-addresses';
import { invalidFor, oneOf } from './values';

/** What load balancers report (`ValidateLoadBalancerStatus`). */
export function validateServiceStatus({ spec, status }: Service, old: Service): FieldError[] {
  const ingress = status?.loadBalancer?.ingress ?? [];
  const path = 'status.loadBalancer.ingress';
  if (spec?.type !== 'LoadBalancer' && ingress.length > 0) {
    return [forbidden(path, "may only be used when `spec.type` is 'LoadBalancer'")];
  }
  const had = new Set((old.status?.loadBalancer?.ingress ?? []).map(({ ip }) => ip));
  return ingress.flatMap(({ ip, ipMode, hostname }, index) => {
    const at = `${path}[${index}]`;
    const errors = ip && !had.has(ip) ? invalidFor(`${at}.ip`, ip, legacyAddressProblems) : [];
    if (ipMode === undefined) {
      if (ip) errors.push(required(`${at}.ipMode`, 'must be specified when `ip` is set'));
    } else if (!ip) errors.push(forbidden(`${at}.ipMode`, 'may not be specified when `ip` is not set'));
    else errors.push(...oneOf(ipMode, ['Proxy', 'VIP'], `${at}.ipMode`));
    if (hostname) {
      errors.push(...invalidFor(`${at}.hostname`, hostname, dns1123SubdomainProblems));
      if (isAddress(hostname)) {
        errors.push(invalid(`${at}.hostname`, hostname, 'must be a DNS name, not an IP address'));
      }
    }
    return errors;
  });
}
