import { type CelFunction, member, overload } from '../functions';
import { BOOL, type CelType, INT, opaque, STRING } from '../types';
import { EvaluationError, Opaque, type Value } from '../values/value';
import { type Address, formatAddress, isIPv4Mapped, parseAddress } from './addresses';

export const IP: CelType = opaque('net.IP');

export class IpValue extends Opaque {
  readonly type = IP;
  readonly address: Address;
  override readonly size: number;

  constructor(address: Address) {
    super();
    this.address = address;
    this.size = address.bytes.length;
  }

  equals(other: Value): boolean {
    return other instanceof IpValue && formatAddress(other.address) === formatAddress(this.address);
  }
}

export function parseIp(text: string): IpValue {
  const quoted = JSON.stringify(text);
  const address = attempt(text, quoted);
  if (address.zone !== '') throw new EvaluationError(`IP address ${quoted} with zone value is not allowed`);
  if (isIPv4Mapped(address)) throw new EvaluationError(`IPv4-mapped IPv6 address ${quoted} is not allowed`);
  return new IpValue(address);
}

function attempt(text: string, quoted: string): Address {
  try {
    return parseAddress(text);
  } catch (error) {
    if (!(error instanceof EvaluationError)) throw error;
    throw new EvaluationError(`IP Address ${quoted} parse error during conversion from string: ${error.message}`);
  }
}

function isIp(text: string): boolean {
  try {
    return parseIp(text) !== undefined;
  } catch (error) {
    if (error instanceof EvaluationError) return false;
    throw error;
  }
}

type Bytes = readonly number[];

const isUnspecified = (bytes: Bytes) => bytes.every((byte) => byte === 0);
const isLoopback = (bytes: Bytes) =>
  bytes.length === 4 ? bytes[0] === 127 : bytes.slice(0, 15).every((byte) => byte === 0) && bytes[15] === 1;
const isMulticast = ([first = 0, ...rest]: Bytes) => (rest.length === 3 ? (first & 0xf0) === 0xe0 : first === 0xff);
const isLinkLocalMulticast = (bytes: Bytes) => {
  const [first = 0, second = 0, third = 0] = bytes;
  return bytes.length === 4 ? first === 224 && second === 0 && third === 0 : first === 0xff && (second & 0x0f) === 2;
};
const isLinkLocalUnicast = (bytes: Bytes) => {
  const [first = 0, second = 0] = bytes;
  return bytes.length === 4 ? first === 169 && second === 254 : first === 0xfe && (second & 0xc0) === 0x80;
};
const isGlobalUnicast = (bytes: Bytes) =>
  !bytes.slice(0, 4).every((byte) => bytes.length === 4 && byte === 255) &&
  ![isUnspecified, isLoopback, isMulticast, isLinkLocalUnicast].some((is) => is(bytes));

const test = (name: string, id: string, is: (bytes: Bytes) => boolean): CelFunction => ({
  name,
  overloads: [member(id, [IP], BOOL, ({ address }: IpValue) => is(address.bytes))],
});

/** k8s.io/apiserver/pkg/cel/library/ip.go. */
export const ips: readonly CelFunction[] = [
  { name: 'ip', overloads: [overload('string_to_ip', [STRING], IP, parseIp)] },
  {
    name: 'family',
    overloads: [member('ip_family', [IP], INT, ({ address }: IpValue) => (address.bytes.length === 4 ? 4n : 6n))],
  },
  {
    name: 'ip.isCanonical',
    overloads: [
      overload('ip_is_canonical', [STRING], BOOL, (text: string) => formatAddress(parseIp(text).address) === text),
    ],
  },
  test('isUnspecified', 'ip_is_unspecified', isUnspecified),
  test('isLoopback', 'ip_is_loopback', isLoopback),
  test('isLinkLocalMulticast', 'ip_is_link_local_multicast', isLinkLocalMulticast),
  test('isLinkLocalUnicast', 'ip_is_link_local_unicast', isLinkLocalUnicast),
  test('isGlobalUnicast', 'ip_is_global_unicast', isGlobalUnicast),
  { name: 'isIP', overloads: [overload('is_ip', [STRING], BOOL, isIp)] },
  {
    name: 'string',
    overloads: [overload('ip_to_string', [IP], STRING, ({ address }: IpValue) => formatAddress(address))],
  },
];
