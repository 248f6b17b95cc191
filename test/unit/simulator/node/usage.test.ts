import { expect, it } from 'vitest';
import { containerUsage } from '../../../../electron/simulator/node/usage';

const MINUTE = 60_000;
const ages = Array.from({ length: 200 }, (_, index) => index * 7_000);

it('is the same whenever it is looked at', () => {
  const resources = { requests: { cpu: '500m', memory: '256Mi' } };
  expect(containerUsage('a/c', resources, 5 * MINUTE)).toEqual(containerUsage('a/c', resources, 5 * MINUTE));
  expect(containerUsage('b/c', resources, 5 * MINUTE)).not.toEqual(containerUsage('a/c', resources, 5 * MINUTE));
});

it('stays within limits', () => {
  for (const age of ages) {
    const { nanocores, bytes } = containerUsage('a/c', { limits: { cpu: '1m', memory: '1Mi' } }, age);
    expect(nanocores).toBeLessThanOrEqual(1_000_000);
    expect(bytes).toBeLessThan(1024 * 1024);
    expect(bytes).toBeGreaterThan(0);
  }
});

it('follows what was asked for', () => {
  for (const age of ages) {
    const small = containerUsage('a/c', {}, age);
    const large = containerUsage('a/c', { requests: { cpu: '2', memory: '2Gi' } }, age);
    expect(large.nanocores).toBeGreaterThan(small.nanocores);
    expect(large.bytes).toBeGreaterThan(small.bytes);
    expect(large.nanocores).toBeLessThan(2e9);
  }
});
