import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { timestamp } from '../../../../electron/simulator/clock';
import { nodeLifecycleController } from '../../../../electron/simulator/controllers/node-lifecycle';
import { podGarbageCollector } from '../../../../electron/simulator/controllers/pod-garbage-collector';
import { taintEvictionController } from '../../../../electron/simulator/controllers/taint-eviction';
import { findCondition } from '../../../../shared/kubernetes/conditions';
import { events, nodes, pods } from '../../../../shared/kubernetes/resources';
import { isNotFound } from '../../../../shared/kubernetes/status-error';
import { type TestCluster, testCluster } from '../../../support/control-plane';

describe('node life cycle', () => {
  let cluster: TestCluster;
  beforeEach(async () => {
    cluster = await testCluster([nodeLifecycleController, podGarbageCollector, taintEvictionController]);
    await cluster.addNode('worker-1');
    await heartbeat();
    await cluster.run(
      await cluster.client.create(pods, {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name: 'web', namespace: 'default' },
        spec: { containers: [{ name: 'web', image: 'nginx' }] },
      }),
    );
    await cluster.advance(1000);
  });
  afterEach(async () => {
    await cluster.stop();
    expect(cluster.errors).toEqual([]);
  });

  const node = () => cluster.client.get(nodes, undefined, 'worker-1');
  const pod = () => cluster.client.get(pods, 'default', 'web');
  const heartbeat = async () => {
    const now = timestamp(cluster.clock);
    const ready = {
      type: 'Ready',
      status: 'True',
      reason: 'KubeletReady',
      lastHeartbeatTime: now,
      lastTransitionTime: now,
    };
    await cluster.client.update(
      nodes,
      { ...(await node()), status: { conditions: [ready] } },
      { subresource: 'status' },
    );
  };

  it('takes the taint off a node that is ready, and puts one on a cordoned one', async () => {
    expect((await node()).spec?.taints ?? []).toEqual([]);
    await cluster.client.patch(nodes, undefined, 'worker-1', 'merge', { spec: { unschedulable: true } });
    await cluster.advance(1000);
    expect((await node()).spec?.taints).toEqual([{ key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' }]);
  });

  it('declares a silent node unknown and evicts its pods five minutes later', async () => {
    await cluster.advance(45_000);
    expect(findCondition((await node()).status?.conditions, 'Ready')?.status).toBe('True');
    await cluster.advance(10_000);
    expect(findCondition((await node()).status?.conditions, 'Ready')).toMatchObject({
      status: 'Unknown',
      reason: 'NodeStatusUnknown',
      message: 'Kubelet stopped posting node status.',
    });
    expect((await node()).spec?.taints).toMatchObject([
      { key: 'node.kubernetes.io/unreachable', effect: 'NoSchedule' },
      { key: 'node.kubernetes.io/unreachable', effect: 'NoExecute' },
    ]);
    expect(findCondition((await pod()).status?.conditions, 'Ready')?.status).toBe('False');
    await cluster.advance(280_000);
    expect((await pod()).metadata.deletionTimestamp).toBeUndefined();
    await cluster.advance(30_000);
    expect((await pod()).metadata.deletionTimestamp).toBeDefined();
    expect(findCondition((await pod()).status?.conditions, 'DisruptionTarget')?.reason).toBe('DeletionByTaintManager');
    const told = (await cluster.client.list(events)).items.map(({ reason }) => reason);
    expect(told).toEqual(expect.arrayContaining(['RegisteredNode', 'NodeNotReady', 'TaintManagerEviction']));
  });

  it('lets pods stay when the node comes back in time', async () => {
    await cluster.advance(60_000);
    await heartbeat();
    await cluster.advance(600);
    expect((await node()).spec?.taints ?? []).toEqual([]);
    for (let minute = 0; minute < 6; minute++) {
      await cluster.advance(40_000);
      await heartbeat();
    }
    expect((await pod()).metadata.deletionTimestamp).toBeUndefined();
  });

  it('removes the pods of a node that is gone', async () => {
    await cluster.client.delete(nodes, undefined, 'worker-1');
    await cluster.advance(90_000);
    expect(isNotFound(await pod().catch((error: unknown) => error))).toBe(true);
  });
});
