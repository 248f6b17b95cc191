import { describe, expect, it } from 'vitest';
import { ServiceRange } from '../../../../electron/simulator/network/service-range';

describe('the range of Service addresses', () => {
  it('has addresses from the first to the last but one', () => {
    const range = ServiceRange.of('10.0.7.9/24');
    expect(range.cidr).toBe('10.0.7.0/24');
    expect(range.address(1)).toBe('10.0.7.1');
    expect(['10.0.7.1', '10.0.7.254'].map((address) => range.contains(address))).toEqual([true, true]);
    expect(['10.0.7.0', '10.0.7.255', '10.0.8.1', '::1', 'x'].some((address) => range.contains(address))).toBe(false);
  });

  it('keeps back a sixteenth of its addresses, from 16 to 256', () => {
    const reserved = ['10.0.0.0/12', '10.0.0.0/20', '10.0.0.0/21', '10.0.0.0/24', '10.0.0.0/28'];
    expect(reserved.map((cidr) => ServiceRange.of(cidr).reserved)).toEqual([256, 256, 128, 16, 1]);
  });

  it('may be of IPv6, and of both families', () => {
    const [first, second] = ServiceRange.parse('10.0.0.0/16,fd00:10:96::7/112');
    expect([first?.family, second?.family]).toEqual(['IPv4', 'IPv6']);
    expect(second).toMatchObject({ cidr: 'fd00:10:96::/112', size: 65_536, last: 65_535, reserved: 256 });
    expect(second?.address(258)).toBe('fd00:10:96::102');
    const has = ['fd00:10:96::', 'fd00:10:96::1', 'fd00:10:96::ffff', 'fd00:10:96::1:0'];
    expect(has.map((address) => second?.contains(address))).toEqual([false, true, true, false]);
  });

  it.each([
    ['10.0.0.0', '"10.0.0.0" is no range of addresses like 10.96.0.0/12'],
    ['10.0.0.256/24', 'is no range of addresses'],
    ['fd00::/129', 'is no range of addresses'],
    ['10.0.0.0/33', 'is no range of addresses'],
    ['fd00::/64', 'specified --service-cluster-ip-range is too large; for 128-bit addresses, the mask must be >= 108'],
    ['10.0.0.0/16,fd00::/64', 'specified --service-cluster-ip-range[1] is too large'],
    [
      '10.0.0.0/16,10.1.0.0/16',
      '--service-cluster-ip-range[0] and --service-cluster-ip-range[1] must be of different IP family',
    ],
    ['10.0.0.0/16,fd00::/112,fd01::/112', '--service-cluster-ip-range must not contain more than two entries'],
    ['10.0.0.0/8', 'specified --service-cluster-ip-range is too large; for 32-bit addresses, the mask must be >= 12'],
    ['10.0.0.0/30', 'the service cluster IP range must be at least 8 IP addresses'],
  ])('is not %s', (cidr, message) => {
    expect(() => ServiceRange.parse(cidr)).toThrow(message);
  });
});
