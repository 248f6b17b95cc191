import { describe, expect, it } from 'vitest';
import { PortRange } from '../../../../electron/simulator/network/port-range';

describe('a range of ports', () => {
  it.each([
    ['30000-32767', 30_000, 32_767, 86],
    ['80', 80, 80, 0],
    [' 8000+99 ', 8_000, 8_099, 16],
    ['1-65535', 1, 65_535, 128],
    ['100-115', 100, 115, 0],
  ])('may be %s', (text, low, high, reserved) => {
    const range = PortRange.parse(text);
    expect([range.low, range.high, range.reserved]).toEqual([low, high, reserved]);
    expect(String(range)).toBe(`${low}-${high}`);
    expect([low - 1, low, high, high + 1].map((port) => range.contains(port))).toEqual([false, true, true, false]);
  });

  it.each([
    ['a few', 'unable to parse port range: a few'],
    ['1-2-3', 'unable to parse port range: 1-2-3'],
    ['30000-70000', 'the port range cannot be greater than 65535: 30000-70000'],
    ['200-100', 'end port cannot be less than start port: 200-100'],
  ])('is not %s', (text, message) => {
    expect(() => PortRange.parse(text)).toThrow(message);
  });
});
