import { dns1123SubdomainProblems, pathSegmentProblems } from '../../../../shared/kubernetes/label-syntax';
import type { IPAddress, ServiceCIDR } from '../../../../shared/kubernetes/objects';
import { deepEqual } from '../json';
import { type FieldError, invalid, required } from './field-error';
import { internalText } from './internal-text';
import { familyOfCidr, strictCidrProblems } from './ip-addresses';
import { immutable, invalidFor } from './values';

const PARENT = 'spec.parentRef';
const CIDRS = 'spec.cidrs';

/** pkg/apis/networking/validation, `ValidateIPAddress`. */
export function validateIpAddress({ spec }: IPAddress): FieldError[] {
  const parent = spec?.parentRef;
  if (parent === undefined) return [required(PARENT)];
  const segment = (name: 'resource' | 'name') =>
    parent[name] ? invalidFor(`${PARENT}.${name}`, parent[name], pathSegmentProblems) : [required(`${PARENT}.${name}`)];
  return [
    ...(parent.group ? invalidFor(`${PARENT}.group`, parent.group, dns1123SubdomainProblems) : []),
    ...segment('resource'),
    ...segment('name'),
    ...(parent.namespace ? invalidFor(`${PARENT}.namespace`, parent.namespace, pathSegmentProblems) : []),
  ];
}

/** An address stays with what it was given to (`ValidateIPAddressUpdate`). */
export function validateIpAddressUpdate({ spec }: IPAddress, old: IPAddress): FieldError[] {
  if (deepEqual(spec?.parentRef, old.spec?.parentRef)) return [];
  const parent = spec?.parentRef && internalText('ParentReference', spec.parentRef);
  return [invalid(PARENT, parent, 'field is immutable')];
}

/** `ValidateServiceCIDR`. */
export function validateServiceCidr({ spec }: ServiceCIDR): FieldError[] {
  const cidrs = spec?.cidrs ?? [];
  if (cidrs.length === 0) return [required(CIDRS, 'at least one CIDR required')];
  if (cidrs.length > 2) return [invalid(CIDRS, { CIDRs: cidrs }, 'may only hold up to 2 values')];
  const errors = cidrs.flatMap((cidr, index) => invalidFor(`${CIDRS}[${index}]`, cidr, strictCidrProblems));
  const [first, second] = cidrs.map(familyOfCidr);
  if (cidrs.length === 2 && first === second && first !== undefined) {
    const why = 'may specify no more than one IP for each IP family, i.e 192.168.0.0/24 and 2001:db8::/64';
    errors.push(invalid(CIDRS, cidrs, why));
  }
  return errors;
}

/** Ranges stay, but for a second family that may be added (`ValidateServiceCIDRUpdate`). */
export function validateServiceCidrUpdate(range: ServiceCIDR, old: ServiceCIDR): FieldError[] {
  const now = range.spec?.cidrs ?? [];
  const before = old.spec?.cidrs ?? [];
  if (before.length === now.length) {
    return now.flatMap((cidr, index) => immutable(cidr, before[index], `${CIDRS}[${index}]`));
  }
  if (before.length !== 1 || now.length !== 2) return [invalid(CIDRS, range.spec?.cidrs, 'field is immutable')];
  return [...immutable(now[0], before[0], `${CIDRS}[0]`), ...validateServiceCidr(range)];
}
