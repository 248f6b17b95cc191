import { describe, expect, it } from 'vitest';
import { componentStatusDefinition } from '../../../../electron/simulator/apiserver/strategies/componentstatuses';

describe('the parts of the cluster', () => {
  const rows = (...absent: Parameters<typeof componentStatusDefinition>[0] & object) => {
    const { compute, printer } = componentStatusDefinition(absent);
    return compute?.().map((object) => printer.cells(object, 0));
  };

  it('are well while they run', () => {
    expect(rows()).toEqual([
      ['controller-manager', 'Healthy', 'ok', ''],
      ['scheduler', 'Healthy', 'ok', ''],
      ['etcd-0', 'Healthy', 'ok', ''],
    ]);
  });

  it('cannot be reached when they do not', () => {
    const refused = (port: number) =>
      `Get "https://127.0.0.1:${port}/healthz": dial tcp 127.0.0.1:${port}: connect: connection refused`;
    expect(rows('scheduler', 'controller-manager')).toEqual([
      ['controller-manager', 'Unhealthy', refused(10_257), ''],
      ['scheduler', 'Unhealthy', refused(10_259), ''],
      ['etcd-0', 'Healthy', 'ok', ''],
    ]);
  });
});
