import { describe, expect, it } from 'vitest';
import { ServiceRange } from '../../../../electron/simulator/network/service-range';

describe('the range of Service addresses', () => {
  it('has addresses from the first to the last but one', () => {
    const range = ServiceRange.parse('10.0.7.9/24');
    expect(range.cidr).toBe('10.0.7.0/24');
    expect(range.address(1)).toBe('10.0.7.1');
    expect(['10.0.7.1', '10.0.7.254'].map((address) => range.contains(address))).toEqual([true, true]);
    expect(['10.0.7.0', '10.0.7.255', '10.0.8.1', '::1', 'x'].some((address) => range.contains(address))).toBe(false);
  });

  it('keeps back a sixteenth of its addresses, from 16 to 256', () => {
    const reserved = ['10.0.0.0/12', '10.0.0.0/20', '10.0.0.0/21', '10.0.0.0/24', '10.0.0.0/28'];
    expect(reserved.map((cidr) => ServiceRange.parse(cidr).reserved)).toEqual([256, 256, 128, 16, 1]);
  });

  it.each([
    ['10.0.0.0', '"10.0.0.0" is no IPv4 range like 10.96.0.0/12'],
    ['10.0.0.256/24', 'is no IPv4 range'],
    ['fd00::/108', 'is no IPv4 range'],
    ['10.0.0.0/33', 'is no IPv4 range'],
    ['10.0.0.0/8', 'specified --service-cluster-ip-range is too large; for 32-bit addresses, the mask must be >= 12'],
    ['10.0.0.0/30', 'the service cluster IP range must be at least 8 IP addresses'],
  ])('is not %s', (cidr, message) => {
    expect(() => ServiceRange.parse(cidr)).toThrow(message);
  });
});
