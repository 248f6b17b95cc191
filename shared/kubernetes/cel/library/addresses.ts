import { EvaluationError } from '../values/value';

/** An IP address as its 4 or 16 bytes. */
export interface Address {
  readonly bytes: readonly number[];
  readonly zone: string;
}

/**
 * An address, as Go's `netip.ParseAddr` reads it.
 * @throws EvaluationError with Go's text.
 */
export function parseAddress(text: string): Address {
  const fail = (why: string) => new EvaluationError(`ParseAddr(${JSON.stringify(text)}): ${why}`);
  for (const character of text) {
    if (character === '.') return { bytes: parseIPv4(text, fail), zone: '' };
    if (character === ':') return parseIPv6(text, fail);
    if (character === '%') throw fail('missing IPv6 address');
  }
  throw fail('unable to parse IP');
}

type Fail = (why: string) => EvaluationError;

function parseIPv4(text: string, fail: Fail): number[] {
  const fields = text.split('.');
  for (const field of fields) {
    if (/[^0-9]/.test(field)) throw fail('unexpected character');
    if (field === '') throw fail('IPv4 field must have at least one digit');
    if (field.length > 1 && field.startsWith('0')) throw fail('IPv4 field has octet with leading zero');
    if (Number(field) > 255) throw fail('IPv4 field has value >255');
  }
  if (fields.length < 4) throw fail('IPv4 address too short');
  if (fields.length > 4) throw fail('IPv4 address too long');
  return fields.map(Number);
}

function parseIPv6(text: string, fail: Fail): Address {
  const [address = '', zone, ...more] = text.split('%');
  if (zone === '' && more.length === 0) throw fail('zone must be a non-empty string');
  const halves = address.split('::');
  if (halves.length > 2) throw fail('multiple :: in address');
  const [front = [], back = []] = halves.map((half) => (half === '' ? [] : groups(half, fail)));
  const missing = 16 - front.length - back.length;
  if (missing < 0) throw fail('trailing garbage after address');
  if (halves.length === 1 && missing > 0) throw fail('address string too short');
  if (halves.length === 2 && missing === 0) throw fail("the '::' must expand to at least one field of zeros");
  const bytes = [...front, ...Array.from({ length: missing }, () => 0), ...back];
  return { bytes, zone: [zone, ...more].filter((part) => part !== undefined).join('%') };
}

function groups(half: string, fail: Fail): number[] {
  const fields = half.split(':');
  return fields.flatMap((field, index) => {
    if (field.includes('.')) {
      if (index !== fields.length - 1)
        throw fail('embedded IPv4 address must replace the final 2 fields of the address');
      return parseIPv4(field, fail);
    }
    if (field === '') throw fail('each colon-separated field must have at least one digit');
    if (!/^[0-9a-fA-F]+$/.test(field)) throw fail('unexpected character');
    if (field.length > 4) throw fail('each group must have 4 or less digits');
    const value = Number.parseInt(field, 16);
    return [value >> 8, value & 0xff];
  });
}

export const isIPv4Mapped = ({ bytes }: Address) =>
  bytes.length === 16 && bytes.slice(0, 10).every((byte) => byte === 0) && bytes[10] === 0xff && bytes[11] === 0xff;

/** The address in its canonical form: the longest run of zero groups left out. */
export function formatAddress({ bytes }: Pick<Address, 'bytes'>): string {
  if (bytes.length === 4) return bytes.join('.');
  const words: number[] = [];
  for (let index = 0; index < 16; index += 2) words.push(((bytes[index] ?? 0) << 8) | (bytes[index + 1] ?? 0));
  let best = { start: -1, length: 1 };
  for (let start = 0; start < 8; start++) {
    let end = start;
    while (end < 8 && words[end] === 0) end++;
    if (end - start > best.length) best = { start, length: end - start };
  }
  const hex = words.map((word) => word.toString(16));
  if (best.start < 0) return hex.join(':');
  return `${hex.slice(0, best.start).join(':')}::${hex.slice(best.start + best.length).join(':')}`;
}

/** The bytes with all bits behind the prefix zero. */
export function mask(bytes: readonly number[], bits: number): number[] {
  return bytes.map((byte, index) => {
    const kept = Math.min(Math.max(bits - index * 8, 0), 8);
    return byte & (0xff << (8 - kept)) & 0xff;
  });
}
