import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  replicaSetController,
  replicationControllerController,
} from '../../../../electron/simulator/controllers/replica-set';
import { rankVictims } from '../../../../electron/simulator/controllers/replica-set/ranking';
import { findCondition } from '../../../../shared/kubernetes/conditions';
import type { Pod, ReplicaSet } from '../../../../shared/kubernetes/objects';
import {
  events,
  pods,
  replicaSets,
  replicationControllers,
  serviceAccounts,
} from '../../../../shared/kubernetes/resources';
import { type TestCluster, testCluster } from '../../../support/control-plane';

const set: ReplicaSet = {
  apiVersion: 'apps/v1',
  kind: 'ReplicaSet',
  metadata: { name: 'web', namespace: 'default' },
  spec: {
    replicas: 3,
    selector: { matchLabels: { app: 'web' } },
    template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'web', image: 'nginx' }] } },
  },
};

function pod(name: string, labels: Record<string, string>): Pod {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'default', labels },
    spec: { containers: [{ name: 'web', image: 'nginx' }] },
  };
}

describe('replica set', () => {
  let cluster: TestCluster;
  beforeEach(async () => {
    cluster = await testCluster([replicaSetController]);
    await cluster.addNode('worker-1');
  });
  afterEach(() => cluster.stop());

  const all = async () => (await cluster.client.list(pods)).items;

  it('makes as many pods as wanted, once, owned by it', async () => {
    await cluster.client.create(replicaSets, set);
    await cluster.advance(1000);
    const made = await all();
    expect(made).toHaveLength(3);
    expect(made[0]?.metadata.name).toMatch(/^web-[a-z0-9]{5}$/);
    expect(made[0]?.metadata.ownerReferences).toMatchObject([{ kind: 'ReplicaSet', name: 'web', controller: true }]);
    expect((await cluster.client.get(replicaSets, 'default', 'web')).status).toEqual({
      replicas: 3,
      fullyLabeledReplicas: 3,
      terminatingReplicas: 0,
      observedGeneration: 1,
    });
    expect(cluster.errors).toEqual([]);
  });

  it('adopts orphans that match and releases pods that no longer do', async () => {
    const orphan = await cluster.client.create(pods, pod('orphan', { app: 'web' }));
    await cluster.client.create(replicaSets, set);
    await cluster.advance(1000);
    expect(await all()).toHaveLength(3);
    expect((await cluster.client.get(pods, 'default', 'orphan')).metadata.ownerReferences?.[0]?.name).toBe('web');
    await cluster.client.patch(pods, 'default', orphan.metadata.name ?? '', 'merge', {
      metadata: { labels: { app: 'other' } },
    });
    await cluster.advance(1000);
    expect((await cluster.client.get(pods, 'default', 'orphan')).metadata.ownerReferences ?? []).toEqual([]);
    expect(await all()).toHaveLength(4);
  });

  it('takes pods that are not ready first when it shrinks', async () => {
    await cluster.client.create(replicaSets, set);
    await cluster.advance(1000);
    const [first, second] = await all();
    const ready = [await cluster.run(first as Pod), await cluster.run(second as Pod)];
    await cluster.client.patch(replicaSets, 'default', 'web', 'merge', { spec: { replicas: 2 } });
    await cluster.advance(1000);
    const names = (await all()).map(({ metadata }) => metadata.name).sort();
    expect(names).toEqual(ready.map(({ metadata }) => metadata.name).sort());
  });

  it('tells of pods that are refused, and goes on when they are not any more', async () => {
    await cluster.client.delete(serviceAccounts, 'default', 'default');
    await cluster.client.create(replicaSets, set);
    await cluster.advance(100);
    const failure = findCondition(
      (await cluster.client.get(replicaSets, 'default', 'web')).status?.conditions,
      'ReplicaFailure',
    );
    expect(failure).toMatchObject({ status: 'True', reason: 'FailedCreate' });
    const event = (await cluster.client.list(events)).items.find(({ reason }) => reason === 'FailedCreate');
    expect(event?.message).toMatch(
      /^Error creating: pods "web-" is forbidden: error looking up service account default\/default/,
    );
    await cluster.client.create(serviceAccounts, {
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: { name: 'default', namespace: 'default' },
    });
    await cluster.advance(60_000);
    expect(await all()).toHaveLength(3);
    const status = (await cluster.client.get(replicaSets, 'default', 'web')).status;
    expect(findCondition(status?.conditions, 'ReplicaFailure')).toBeUndefined();
  });

  it('counts a pod as available after minReadySeconds', async () => {
    await cluster.client.create(replicaSets, {
      ...set,
      spec: { ...set.spec, replicas: 1, minReadySeconds: 30 } as never,
    });
    await cluster.advance(1000);
    const [only] = await all();
    await cluster.run(only as Pod);
    await cluster.advance(20_000);
    const status = async () => (await cluster.client.get(replicaSets, 'default', 'web')).status;
    expect(await status()).toMatchObject({ readyReplicas: 1 });
    expect((await status())?.availableReplicas).toBeUndefined();
    await cluster.advance(15_000);
    expect(await status()).toMatchObject({ readyReplicas: 1, availableReplicas: 1 });
  });
});

describe('victims', () => {
  const now = Date.parse('2026-01-01T01:00:00Z');
  const make = (name: string, node: string, ready: boolean, cost?: string): Pod => ({
    metadata: {
      name,
      uid: name,
      creationTimestamp: '2026-01-01T00:00:00Z',
      ...(cost === undefined ? {} : { annotations: { 'controller.kubernetes.io/pod-deletion-cost': cost } }),
    },
    spec: { containers: [], ...(node === '' ? {} : { nodeName: node }) },
    status: {
      phase: node === '' ? 'Pending' : 'Running',
      conditions: [{ type: 'Ready', status: ready ? 'True' : 'False', lastTransitionTime: '2026-01-01T00:10:00Z' }],
    },
  });
  const order = (...candidates: Pod[]) => rankVictims(candidates, candidates, now).map(({ metadata }) => metadata.name);

  it('takes the unassigned, then the not ready, then the cheap, then those with neighbours', () => {
    expect(
      order(
        make('alone', 'n2', true),
        make('dear', 'n1', true, '10'),
        make('crowded', 'n1', true),
        make('cheap', 'n3', true, '-5'),
        make('starting', 'n3', false),
        make('pending', '', false),
      ),
    ).toEqual(['pending', 'starting', 'cheap', 'crowded', 'alone', 'dear']);
  });
});

describe('replication controller', () => {
  it('keeps its pods as a replica set does', async () => {
    const cluster = await testCluster([replicationControllerController]);
    await cluster.client.create(replicationControllers, {
      apiVersion: 'v1',
      kind: 'ReplicationController',
      metadata: { name: 'web', namespace: 'default' },
      spec: {
        replicas: 2,
        template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'web', image: 'nginx' }] } },
      },
    });
    await cluster.advance(1000);
    const made = (await cluster.client.list(pods)).items;
    expect(made.map(({ metadata }) => metadata.ownerReferences?.[0]?.kind)).toEqual(
      Array(2).fill('ReplicationController'),
    );
    expect((await cluster.client.get(replicationControllers, 'default', 'web')).status).toEqual({
      replicas: 2,
      fullyLabeledReplicas: 2,
      observedGeneration: 1,
    });
    await cluster.client.delete(pods, 'default', made[0]?.metadata.name ?? '');
    await cluster.advance(1000);
    expect((await cluster.client.list(pods)).items).toHaveLength(2);
    expect(cluster.errors).toEqual([]);
    await cluster.stop();
  });
});
