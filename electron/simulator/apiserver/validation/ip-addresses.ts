import {
  type Address,
  formatAddress,
  isIPv4Mapped,
  mask,
  parseAddress,
} from '../../../../shared/kubernetes/cel/library/addresses';
import { EvaluationError } from '../../../../shared/kubernetes/cel/values/value';
import { type FieldError, invalid } from './field-error';

/**
 * Addresses in fields from before they were read strictly (k8s.io/apimachinery/pkg/util/validation/ip.go): zeros may lead
 * the fields of an IPv4 address, and an IPv4 address may be written as an IPv6 one. Both are only warned of.
 */
function parseLegacy(text: string): Address | undefined {
  try {
    const address = parseAddress(withoutLeadingZeros(text));
    if (address.zone !== '') return undefined;
    return isIPv4Mapped(address) ? { bytes: address.bytes.slice(12), zone: '' } : address;
  } catch (error) {
    if (error instanceof EvaluationError) return undefined;
    throw error;
  }
}

const withoutLeadingZeros = (text: string) => text.replace(/(?<=^|[.:])0+(?=\d+(\.|$))/g, '');

/** What is wrong with an address (`IsValidIPForLegacyField`). */
export function legacyAddressProblems(text: string): string[] {
  return parseLegacy(text) === undefined ? ['must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)'] : [];
}

/** What is wrong with an address in a field that was always read strictly (`IsValidIP`). */
export function strictAddressProblems(text: string): string[] {
  const address = parseLegacy(text);
  if (address === undefined) return legacyAddressProblems(text);
  if (isMapped(text)) return ['must not be an IPv4-mapped IPv6 address'];
  if (!isStandard(text)) return ['must not have leading 0s'];
  const canonical = formatAddress(address);
  return canonical === text ? [] : [`must be in canonical form (${quote(canonical)})`];
}

/** What is wrong with an address in a field that was strict from its beginning (`IsValidIP`). */
export function addressProblems(text: string): string[] {
  const malformed = legacyAddressProblems(text);
  if (malformed.length > 0) return malformed;
  if (withoutLeadingZeros(text) !== text) return ['must not have leading 0s'];
  if (!isStandard(text)) return ['must not be an IPv4-mapped IPv6 address'];
  const canonical = canonicalAddress(text);
  return canonical === text ? [] : [`must be in canonical form (${quote(canonical)})`];
}

/** An address in its usual form; what is none stays as it is. */
export function canonicalAddress(text: string): string {
  const address = parseLegacy(text);
  return address === undefined ? text : formatAddress(address);
}

export const isAddress = (text: string): boolean => parseLegacy(text) !== undefined;

/** Addresses in unusual forms (`GetWarningsForIP`); those that are none are refused elsewhere. */
export function addressWarnings(text: string, path: string): string[] {
  const address = parseLegacy(text);
  if (address === undefined) return [];
  const canonical = formatAddress(address);
  if (canonical === text) return [];
  return isStandard(text) && address.bytes.length === 16
    ? [`${path}: IPv6 address ${JSON.stringify(text)} should be in RFC 5952 canonical format (${quote(canonical)})`]
    : [
        `${path}: non-standard IP address ${quote(text)} will be considered invalid in a future Kubernetes release: use ${quote(canonical)}`,
      ];
}

const quote = (text: string) => JSON.stringify(text);

/** An address as Go's strict reader knows it. */
function strictly(text: string): Address | undefined {
  try {
    return parseAddress(text);
  } catch (error) {
    if (error instanceof EvaluationError) return undefined;
    throw error;
  }
}

/** Whether a text is an IPv4 address in disguise. */
function isMapped(text: string): boolean {
  const address = strictly(text);
  return address !== undefined && isIPv4Mapped(address);
}

const isStandard = (text: string) => strictly(text) !== undefined && !isMapped(text);

/** A range of addresses: those that begin with the first `bits` of `address`. */
interface Cidr {
  readonly address: Address;
  readonly bits: number;
}

function parseLegacyCidr(text: string): Cidr | undefined {
  const [, addressText = '', bitsText = ''] = /^([^/]*)\/(\d{1,3})$/.exec(text) ?? [];
  const address = parseLegacy(addressText);
  // An IPv4 address in disguise has a prefix of IPv6.
  const bits = Number(bitsText) - (isMapped(addressText) ? 96 : 0);
  return address === undefined || bits < 0 || bits > address.bytes.length * 8 ? undefined : { address, bits };
}

/** What is wrong with a range (`IsValidCIDRForLegacyField`). */
export function legacyCidrProblems(text: string): string[] {
  return parseLegacyCidr(text) === undefined ? ['must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)'] : [];
}

/** What is wrong with a range in a field that was always read strictly (`IsValidCIDR`). */
export function strictCidrProblems(text: string): string[] {
  const cidr = parseLegacyCidr(text);
  if (cidr === undefined) return legacyCidrProblems(text);
  const { address, bits } = cidr;
  const addressText = text.slice(0, text.indexOf('/'));
  if (isMapped(addressText)) return ['must not have an IPv4-mapped IPv6 address'];
  if (!isStandard(addressText) || /\/0\d/.test(text)) return ['must not have leading 0s in IP or prefix length'];
  const network = mask(address.bytes, bits);
  if (network.some((byte, index) => byte !== address.bytes[index])) {
    return ['must not have bits set beyond the prefix length'];
  }
  const canonical = `${formatAddress(address)}/${bits}`;
  return canonical === text ? [] : [`must be in canonical form (${quote(canonical)})`];
}

/** 4 or 6, or `undefined` for what is no range. */
export function familyOfCidr(text: string): 4 | 6 | undefined {
  const size = parseLegacyCidr(text)?.address.bytes.length;
  return size === undefined ? undefined : size === 4 ? 4 : 6;
}

/** Ranges in unusual forms (`GetWarningsForCIDR`). */
export function cidrWarnings(text: string, path: string): string[] {
  const cidr = parseLegacyCidr(text);
  if (cidr === undefined) return [];
  const { address, bits } = cidr;
  const network = mask(address.bytes, bits);
  const canonical = `${formatAddress({ bytes: network })}/${bits}`;
  const warnings: string[] = [];
  if (network.some((byte, index) => byte !== address.bytes[index])) {
    const single = `${formatAddress(address)}/${address.bytes.length * 8}`;
    const text_ = `CIDR value ${quote(text)} is ambiguous in this context (should be ${quote(canonical)} or ${quote(single)}?)`;
    warnings.push(`${path}: ${text_}`);
  }
  if (!isStandard(text.slice(0, text.indexOf('/'))) || /\/0\d/.test(text)) {
    warnings.push(
      `${path}: non-standard CIDR value ${quote(text)} will be considered invalid in a future Kubernetes release: use ${quote(canonical)}`,
    );
  }
  if (warnings.length === 0 && address.bytes.length === 16 && canonical !== text) {
    const form = `should be in RFC 5952 canonical format (${quote(canonical)})`;
    warnings.push(`${path}: IPv6 CIDR value ${quote(text)} ${form}`);
  }
  return warnings;
}

/** Whether the first range has all addresses of the second, and more. Both must be well-formed. */
export function isStrictSubset(inner: string, outer: string): boolean {
  const small = parseLegacyCidr(inner);
  const large = parseLegacyCidr(outer);
  if (small === undefined || large === undefined) return false;
  if (small.address.bytes.length !== large.address.bytes.length || large.bits >= small.bits) return false;
  const prefix = mask(large.address.bytes, large.bits);
  return mask(small.address.bytes, large.bits).every((byte, index) => byte === prefix[index]);
}

/** Addresses that no endpoint and no Service can have (`ValidateEndpointIP`). */
export function validateEndpointAddress(text: string, path: string): FieldError[] {
  const address = parseLegacy(text);
  if (address === undefined) return [invalid(path, text, 'must be a valid IP address')];
  const { bytes } = address;
  const [first = 0, second = 0, third = 0] = bytes;
  const isIPv4 = bytes.length === 4;
  const allZero = (count: number) => bytes.slice(0, count).every((byte) => byte === 0);
  const rules: [boolean, string][] = [
    [allZero(bytes.length), `may not be unspecified (${text})`],
    [
      isIPv4 ? first === 127 : allZero(15) && bytes[15] === 1,
      'may not be in the loopback range (127.0.0.0/8, ::1/128)',
    ],
    [
      isIPv4 ? first === 169 && second === 254 : first === 0xfe && (second & 0xc0) === 0x80,
      'may not be in the link-local range (169.254.0.0/16, fe80::/10)',
    ],
    [
      isIPv4 ? first === 224 && second === 0 && third === 0 : first === 0xff && (second & 0x0f) === 0x02,
      'may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)',
    ],
  ];
  return rules.flatMap(([applies, why]) => (applies ? [invalid(path, text, why)] : []));
}

/** Whether an address may be anybody's in a network (Go's `IP.IsGlobalUnicast`): of one machine, link or group it is not. */
export function isGlobalUnicast(text: string): boolean {
  const address = parseLegacy(text);
  if (address === undefined || validateEndpointAddress(text, '').length > 0) return false;
  const [first = 0] = address.bytes;
  if (address.bytes.length === 16) return first !== 0xff;
  return (first & 0xf0) !== 0xe0 && address.bytes.some((byte) => byte !== 255);
}

export const isIPv4Address = (text: string): boolean => parseLegacy(text)?.bytes.length === 4;
export const isIPv6Address = (text: string): boolean => parseLegacy(text)?.bytes.length === 16;
