import { describe, expect, it } from 'vitest';
import { firstContext } from '../../../../renderer/app/last-context';
import type { Catalog, ContextSummary, SimulatorState } from '../../../../shared/contract/app';

function context(id: string, problem?: string): ContextSummary {
  return {
    id,
    name: id,
    cluster: id,
    user: id,
    server: 'https://localhost',
    source: { type: 'kubeconfig', file: 'config' },
    ...(problem === undefined ? {} : { problem }),
  };
}

const catalog: Catalog = {
  contexts: [context('simulated'), context('own'), context('broken', 'no user')],
  problems: [],
};
const running: SimulatorState = { state: 'running', contextId: 'simulated', kubeconfig: 'k', server: 's' };

describe('the cluster to open with', () => {
  it('is the one looked at last, as long as it can be used', () => {
    expect(firstContext('own', catalog, { state: 'starting' })).toBe('own');
    expect(firstContext('broken', catalog, running)).toBe('simulated');
    expect(firstContext('gone', catalog, running)).toBe('simulated');
  });

  it('is none while nothing is known or the simulator starts', () => {
    expect(firstContext('', catalog, { state: 'starting' })).toBeUndefined();
    expect(firstContext('own', undefined, running)).toBeUndefined();
  });
});
