import type { Service } from '../../../../shared/kubernetes/objects';
import { duplicate, type FieldError, invalid, notSupported, required } from './field-error';
import { isIPv6Address, legacyAddressProblems } from './ip-addresses';
import { oneOf } from './values';

type Spec = NonNullable<Service['spec']>;

const FAMILIES = ['IPv4', 'IPv6'];
const POLICIES = ['PreferDualStack', 'RequireDualStack', 'SingleStack'];
const AT = 'spec.clusterIPs';

/** The family of a well-formed address. */
export const familyOf = (address: string): string => (isIPv6Address(address) ? 'IPv6' : 'IPv4');

/** `isHeadlessService`. */
export const isHeadless = ({ clusterIPs = [] }: Spec): boolean => clusterIPs.length === 1 && clusterIPs[0] === 'None';

/**
 * The addresses and families of a Service (`ValidateServiceClusterIPsRelatedFields`). They are looked at before anything is
 * allocated, and again with all the rest.
 */
export function validateServiceAddresses(spec: Spec, old: Spec | undefined): FieldError[] {
  if (spec.type === 'ExternalName') return [];
  const { clusterIP = '', clusterIPs = [], ipFamilies = [], ipFamilyPolicy } = spec;
  const errors: FieldError[] = [];
  if (clusterIP === '') {
    if (clusterIPs.length > 0) {
      errors.push(invalid(AT, clusterIPs, 'must be empty when `clusterIP` is not specified'));
    }
  } else if (clusterIPs.length === 0) errors.push(required(AT));
  else if (clusterIPs[0] !== clusterIP) errors.push(invalid(AT, clusterIPs, 'first value must match `clusterIP`'));

  for (const [index, family] of ipFamilies.entries()) {
    const at = `spec.ipFamilies[${index}]`;
    if (!FAMILIES.includes(family)) errors.push(notSupported(at, family, FAMILIES));
    if (ipFamilies.indexOf(family) < index) errors.push(duplicate(at, family));
  }
  errors.push(...oneOf(ipFamilyPolicy, POLICIES, 'spec.ipFamilyPolicy'));

  const malformed = validateEach(clusterIPs, old?.clusterIPs ?? []);
  errors.push(...malformed);
  if (clusterIPs.length > 2) errors.push(invalid(AT, clusterIPs, 'may only hold up to 2 values'));
  // What follows would make no sense of them.
  if (malformed.length > 0) return errors;

  if (clusterIPs.length > 1 && new Set(clusterIPs.map(familyOf)).size !== 2) {
    errors.push(invalid(AT, clusterIPs, 'may specify no more than one IP for each IP family'));
  }
  if (!isHeadless(spec)) errors.push(...matchFamilies(clusterIPs, ipFamilies));
  return errors;
}

function validateEach(addresses: readonly string[], had: readonly string[]): FieldError[] {
  return addresses.flatMap((address, index) => {
    if (index === 0 && address === 'None') {
      return addresses.length > 1 ? [invalid(AT, addresses, "'None' must be the first and only value")] : [];
    }
    if (had.includes(address)) return [];
    return legacyAddressProblems(address).map((problem) => invalid(`${AT}[${index}]`, address, problem));
  });
}

function matchFamilies(addresses: readonly string[], families: readonly string[]): FieldError[] {
  return addresses.flatMap((address, index) => {
    const family = families[index];
    if (family === undefined || !FAMILIES.includes(family) || familyOf(address) === family) return [];
    const why = `expected an ${family} value as indicated by \`ipFamilies[${index}]\``;
    return [invalid(`${AT}[${index}]`, address, why)];
  });
}

const ONCE = 'may not change once set';

/**
 * A second address may come and go, the first stays (`validateUpgradeDowngradeClusterIPs`), unless the Service has none at
 * one time.
 */
export function validateAddressChange(spec: Spec, old: Spec): FieldError[] {
  if (spec.type === 'ExternalName' || old.type === 'ExternalName') return [];
  if (isHeadless(spec) && isHeadless(old)) return [];
  const { clusterIPs = [] } = spec;
  const { clusterIPs: had = [] } = old;
  if (clusterIPs.length === had.length) {
    return had.flatMap((address, index) =>
      address === clusterIPs[index] ? [] : [invalid(`${AT}[${index}]`, clusterIPs, ONCE)],
    );
  }
  const errors: FieldError[] = [];
  if (clusterIPs.length === 0) errors.push(invalid(`${AT}[0]`, spec.clusterIPs, 'primary clusterIP can not be unset'));
  else if (had.length > 0 && clusterIPs[0] !== had[0]) errors.push(invalid(`${AT}[0]`, clusterIPs, ONCE));
  if (clusterIPs.length < had.length && clusterIPs.length === 1 && spec.ipFamilyPolicy !== 'SingleStack') {
    const why = "must be set to 'SingleStack' when releasing the secondary clusterIP";
    errors.push(invalid('spec.ipFamilyPolicy', spec.ipFamilyPolicy, why));
  }
  return errors;
}

/** The same for families (`validateUpgradeDowngradeIPFamilies`); without an address they may change. */
export function validateFamilyChange(spec: Spec, old: Spec): FieldError[] {
  if (spec.type === 'ExternalName' || old.type === 'ExternalName' || isHeadless(spec) || isHeadless(old)) return [];
  const { clusterIPs = [], ipFamilies = [] } = spec;
  const { ipFamilies: had = [] } = old;
  const at = 'spec.ipFamilies[0]';
  if (ipFamilies.length === had.length) {
    return had.flatMap((family, index) => (family === ipFamilies[index] ? [] : [invalid(at, ipFamilies, ONCE)]));
  }
  const errors: FieldError[] = [];
  const fewer = ipFamilies.length < had.length;
  if (fewer && clusterIPs.length === 0) {
    errors.push(invalid(at, spec.ipFamilies, 'primary ipFamily can not be unset'));
  }
  if (ipFamilies.length > 0 && had.length > 0 && ipFamilies[0] !== had[0]) {
    errors.push(invalid(at, spec.clusterIPs, ONCE));
  }
  if (fewer && ipFamilies.length === 1 && spec.ipFamilyPolicy !== 'SingleStack') {
    const why = "must be set to 'SingleStack' when releasing the secondary ipFamily";
    errors.push(invalid('spec.ipFamilyPolicy', spec.ipFamilyPolicy, why));
  }
  return errors;
}
