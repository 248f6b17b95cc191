import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { disruptionController } from '../../../../electron/simulator/controllers/disruption';
import { replicaSetController } from '../../../../electron/simulator/controllers/replica-set';
import type { PodDisruptionBudget, ReplicaSet } from '../../../../shared/kubernetes/objects';
import { podDisruptionBudgets, pods, replicaSets } from '../../../../shared/kubernetes/resources';
import { type TestCluster, testCluster } from '../../../support/control-plane';

const set: ReplicaSet = {
  apiVersion: 'apps/v1',
  kind: 'ReplicaSet',
  metadata: { name: 'web', namespace: 'default' },
  spec: {
    replicas: 4,
    selector: { matchLabels: { app: 'web' } },
    template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'web', image: 'nginx' }] } },
  },
};

describe('disruption budget', () => {
  let cluster: TestCluster;
  beforeEach(async () => {
    cluster = await testCluster([disruptionController, replicaSetController]);
    await cluster.addNode('worker-1');
    await cluster.client.create(replicaSets, set);
    await cluster.advance(1000);
  });
  afterEach(async () => {
    await cluster.stop();
    expect(cluster.errors).toEqual([]);
  });

  const budget = async (spec: PodDisruptionBudget['spec']) => {
    await cluster.client.create(podDisruptionBudgets, {
      apiVersion: 'policy/v1',
      kind: 'PodDisruptionBudget',
      metadata: { name: 'web', namespace: 'default' },
      spec: { selector: { matchLabels: { app: 'web' } }, ...spec },
    });
    await cluster.advance(1000);
  };
  const runAll = async () => {
    for (const pod of (await cluster.client.list(pods)).items) await cluster.run(pod);
    await cluster.advance(1000);
  };
  const status = async () => (await cluster.client.get(podDisruptionBudgets, 'default', 'web')).status;

  it('allows what is healthy beyond the minimum', async () => {
    await budget({ minAvailable: 3 });
    expect(await status()).toMatchObject({
      currentHealthy: 0,
      desiredHealthy: 3,
      expectedPods: 4,
      disruptionsAllowed: 0,
    });
    expect((await status())?.conditions?.[0]).toMatchObject({
      type: 'DisruptionAllowed',
      status: 'False',
      reason: 'InsufficientPods',
    });
    await runAll();
    expect(await status()).toMatchObject({ currentHealthy: 4, disruptionsAllowed: 1 });
    expect((await status())?.conditions?.[0]).toMatchObject({ status: 'True', reason: 'SufficientPods' });
  });

  it('counts a share of what the controller wants', async () => {
    await budget({ maxUnavailable: '50%' });
    await runAll();
    expect(await status()).toMatchObject({ desiredHealthy: 2, expectedPods: 4, disruptionsAllowed: 2 });
  });

  it('is spent by evictions, and refuses more than it has', async () => {
    await budget({ minAvailable: 3 });
    await runAll();
    const [first, second] = (await cluster.client.list(pods)).items.map(({ metadata }) => metadata.name ?? '');
    const evict = (name = '') =>
      cluster.client.createSubresource(pods, 'default', name, 'eviction', {
        apiVersion: 'policy/v1',
        kind: 'Eviction',
        metadata: { name, namespace: 'default' },
      });
    await evict(first);
    expect(await status()).toMatchObject({
      disruptionsAllowed: 0,
      disruptedPods: { [first ?? '']: '2026-01-01T00:00:03Z' },
      conditions: [{ type: 'DisruptionAllowed', status: 'False', reason: 'InsufficientPods' }],
    });
    await cluster.advance(1000);
    await expect(evict(second)).rejects.toMatchObject({
      status: {
        code: 429,
        reason: 'TooManyRequests',
        message: "Cannot evict pod as it would violate the pod's disruption budget.",
        details: {
          causes: [
            {
              reason: 'DisruptionBudget',
              message: 'The disruption budget web needs 3 healthy pods and has 3 currently',
            },
          ],
        },
      },
    });
    // The replacement serves nobody yet: it may go.
    const fresh = (await cluster.client.list(pods)).items.find(({ status }) => status?.phase === 'Pending');
    await evict(fresh?.metadata.name);
  });
});
