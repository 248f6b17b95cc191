import { type CelFunction, member, overload } from '../functions';
import { BOOL, type CelType, INT, opaque, STRING } from '../types';
import { EvaluationError, Opaque, type Value } from '../values/value';
import { type Address, formatAddress, isIPv4Mapped, mask, parseAddress } from './addresses';
import { IP, IpValue, parseIp } from './ips';

const CIDR: CelType = opaque('net.CIDR');

class CidrValue extends Opaque {
  readonly type = CIDR;
  readonly address: Address;
  readonly bits: number;
  override readonly size: number;

  constructor(address: Address, bits: number) {
    super();
    this.address = address;
    this.bits = bits;
    this.size = Math.ceil(bits / 8);
  }

  equals(other: Value): boolean {
    return other instanceof CidrValue && other.text === this.text;
  }

  get text(): string {
    return `${formatAddress(this.address)}/${this.bits}`;
  }

  contains({ bytes }: Address): boolean {
    if (bytes.length !== this.address.bytes.length) return false;
    return mask(bytes, this.bits).join() === mask(this.address.bytes, this.bits).join();
  }
}

const FAILED = 'network address parse error during conversion from string';

function parseCidr(text: string): CidrValue {
  try {
    const { address, bits } = parsePrefix(text);
    if (!isIPv4Mapped(address)) return new CidrValue(address, bits);
  } catch (error) {
    if (!(error instanceof EvaluationError)) throw error;
    throw new EvaluationError(`${FAILED}: ${FAILED}: ${error.message}`);
  }
  throw new EvaluationError(`${FAILED}: IPv4-mapped IPv6 address ${JSON.stringify(text)} is not allowed`);
}

/** Go's `netip.ParsePrefix`. */
function parsePrefix(text: string): { readonly address: Address; readonly bits: number } {
  const fail = (why: string) => new EvaluationError(`netip.ParsePrefix(${JSON.stringify(text)}): ${why}`);
  const slash = text.lastIndexOf('/');
  if (slash < 0) throw fail("no '/'");
  const address = addressOf(text.slice(0, slash), fail);
  if (address.zone !== '') throw fail('IPv6 zones cannot be present in a prefix');
  const length = text.slice(slash + 1);
  if (!/^(0|[1-9]\d*)$/.test(length)) throw fail(`bad bits after slash: ${JSON.stringify(length)}`);
  if (Number(length) > address.bytes.length * 8) throw fail('prefix length out of range');
  return { address, bits: Number(length) };
}

function addressOf(text: string, fail: (why: string) => EvaluationError): Address {
  try {
    return parseAddress(text);
  } catch (error) {
    if (error instanceof EvaluationError) throw fail(error.message);
    throw error;
  }
}

function isCidr(text: string): boolean {
  try {
    return parseCidr(text) !== undefined;
  } catch (error) {
    if (error instanceof EvaluationError) return false;
    throw error;
  }
}

const containsCidr = (cidr: CidrValue, other: CidrValue) => cidr.bits <= other.bits && cidr.contains(other.address);

/** k8s.io/apiserver/pkg/cel/library/cidr.go. */
export const cidrs: readonly CelFunction[] = [
  { name: 'cidr', overloads: [overload('string_to_cidr', [STRING], CIDR, parseCidr)] },
  {
    name: 'containsIP',
    overloads: [
      member('cidr_contains_ip_string', [CIDR, STRING], BOOL, (cidr: CidrValue, text: string) =>
        cidr.contains(parseIp(text).address),
      ),
      member('cidr_contains_ip_ip', [CIDR, IP], BOOL, (cidr: CidrValue, ip: IpValue) => cidr.contains(ip.address)),
    ],
  },
  {
    name: 'containsCIDR',
    overloads: [
      member('cidr_contains_cidr_string', [CIDR, STRING], BOOL, (cidr: CidrValue, text: string) =>
        containsCidr(cidr, parseCidr(text)),
      ),
      member('cidr_contains_cidr', [CIDR, CIDR], BOOL, containsCidr),
    ],
  },
  { name: 'ip', overloads: [member('cidr_ip', [CIDR], IP, ({ address }: CidrValue) => new IpValue(address))] },
  {
    name: 'prefixLength',
    overloads: [member('cidr_prefix_length', [CIDR], INT, ({ bits }: CidrValue) => BigInt(bits))],
  },
  {
    name: 'masked',
    overloads: [
      member(
        'cidr_masked',
        [CIDR],
        CIDR,
        ({ address, bits }: CidrValue) => new CidrValue({ ...address, bytes: mask(address.bytes, bits) }, bits),
      ),
    ],
  },
  { name: 'isCIDR', overloads: [overload('is_cidr', [STRING], BOOL, isCidr)] },
  { name: 'string', overloads: [overload('cidr_to_string', [CIDR], STRING, ({ text }: CidrValue) => text)] },
];
