import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { statefulSetController } from '../../../../electron/simulator/controllers/stateful-set';
import { isPodReady } from '../../../../shared/kubernetes/conditions';
import type { StatefulSet } from '../../../../shared/kubernetes/objects';
import { persistentVolumeClaims, pods, statefulSets } from '../../../../shared/kubernetes/resources';
import { type TestCluster, testCluster } from '../../../support/control-plane';

const db: StatefulSet = {
  apiVersion: 'apps/v1',
  kind: 'StatefulSet',
  metadata: { name: 'db', namespace: 'default' },
  spec: {
    serviceName: 'db',
    replicas: 3,
    selector: { matchLabels: { app: 'db' } },
    template: { metadata: { labels: { app: 'db' } }, spec: { containers: [{ name: 'db', image: 'postgres:16' }] } },
    volumeClaimTemplates: [
      {
        metadata: { name: 'data' },
        spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
      },
    ],
  },
};

describe('stateful set', () => {
  let cluster: TestCluster;
  beforeEach(async () => {
    cluster = await testCluster([statefulSetController]);
    await cluster.addNode('worker-1');
  });
  afterEach(async () => {
    await cluster.stop();
    expect(cluster.errors).toEqual([]);
  });

  const all = async () => (await cluster.client.list(pods)).items;
  const names = async () => (await all()).map(({ metadata }) => metadata.name).sort();
  const images = async () => (await all()).map((pod) => pod.spec?.containers[0]?.image);
  const status = async () => (await cluster.client.get(statefulSets, 'default', 'db')).status;
  /** Plays kubelet for one round. @returns the pods that were there before it. */
  const round = async () => {
    const before = await all();
    for (const pod of before) {
      if (pod.metadata.deletionTimestamp !== undefined) await cluster.reap(pod);
      else if (!isPodReady(pod)) await cluster.run(pod);
    }
    await cluster.advance(1000);
    return before;
  };
  const rest = async () => {
    for (let rounds = 0; rounds < 20; rounds++) await round();
  };

  it('starts pods in order, each with its name, host name and claim', async () => {
    await cluster.client.create(statefulSets, db);
    await cluster.advance(1000);
    expect(await names()).toEqual(['db-0']);
    await round();
    expect(await names()).toEqual(['db-0', 'db-1']);
    await rest();
    const [first] = await all();
    expect(first?.spec).toMatchObject({ hostname: 'db-0', subdomain: 'db' });
    expect(first?.spec?.volumes?.[0]).toMatchObject({
      name: 'data',
      persistentVolumeClaim: { claimName: 'data-db-0' },
    });
    expect(first?.metadata.labels).toMatchObject({
      'statefulset.kubernetes.io/pod-name': 'db-0',
      'apps.kubernetes.io/pod-index': '0',
    });
    const state = await status();
    expect(state).toMatchObject({ replicas: 3, readyReplicas: 3, currentReplicas: 3, updatedReplicas: 3 });
    expect(state?.currentRevision).toBe(state?.updateRevision);
    const before = await cluster.revision();
    await cluster.advance(3_600_000);
    expect(await cluster.revision()).toBe(before);
  });

  it('shrinks from the highest ordinal and leaves the claims', async () => {
    await cluster.client.create(statefulSets, db);
    await rest();
    await cluster.client.patch(statefulSets, 'default', 'db', 'merge', { spec: { replicas: 1 } });
    await cluster.advance(1000);
    const ending = (await all()).filter(({ metadata }) => metadata.deletionTimestamp !== undefined);
    expect(ending.map(({ metadata }) => metadata.name)).toEqual(['db-2']);
    await rest();
    expect(await names()).toEqual(['db-0']);
    expect((await cluster.client.list(persistentVolumeClaims)).items).toHaveLength(3);
  });

  it('updates from the highest ordinal down to the partition', async () => {
    await cluster.client.create(statefulSets, db);
    await rest();
    const update = (partition: number) =>
      cluster.client.patch(statefulSets, 'default', 'db', 'strategic', {
        spec: {
          updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition } },
          template: { spec: { containers: [{ name: 'db', image: 'postgres:17' }] } },
        },
      });
    await update(2);
    await rest();
    expect((await images()).sort()).toEqual(['postgres:16', 'postgres:16', 'postgres:17']);
    expect(await status()).toMatchObject({ currentReplicas: 2, updatedReplicas: 1 });
    await update(0);
    await rest();
    expect(await images()).toEqual(Array(3).fill('postgres:17'));
    const state = await status();
    expect(state?.currentRevision).toBe(state?.updateRevision);
  });
});
