import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { clusterRoleAggregation } from '../../../../electron/simulator/controllers/cluster-role-aggregation';
import { eventExpiry } from '../../../../electron/simulator/controllers/event-expiry';
import { garbageCollector } from '../../../../electron/simulator/controllers/garbage-collector';
import { jobController } from '../../../../electron/simulator/controllers/job';
import { ttlAfterFinished } from '../../../../electron/simulator/controllers/ttl-after-finished';
import type { Pod } from '../../../../shared/kubernetes/objects';
import { clusterRoles, events, jobs, pods } from '../../../../shared/kubernetes/resources';
import { type TestCluster, testCluster } from '../../../support/control-plane';

describe('housekeeping', () => {
  let cluster: TestCluster;
  beforeEach(async () => {
    cluster = await testCluster([
      clusterRoleAggregation,
      eventExpiry,
      garbageCollector,
      jobController,
      ttlAfterFinished,
    ]);
    await cluster.addNode('worker-1');
  });
  afterEach(async () => {
    await cluster.stop();
    expect(cluster.errors).toEqual([]);
  });

  it('deletes a finished job and its pods after their time, and events an hour after they happened', async () => {
    await cluster.client.create(jobs, {
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: { name: 'pi', namespace: 'default' },
      spec: {
        ttlSecondsAfterFinished: 60,
        template: { spec: { restartPolicy: 'Never', containers: [{ name: 'pi', image: 'perl' }] } },
      },
    });
    await cluster.advance(1000);
    const [pod] = (await cluster.client.list(pods)).items;
    await cluster.finish(await cluster.run(pod as Pod), 0);
    await cluster.advance(58_000);
    expect((await cluster.client.list(jobs)).items).toHaveLength(1);
    await cluster.advance(5000);
    expect((await cluster.client.list(jobs)).items).toHaveLength(0);
    expect((await cluster.client.list(pods)).items).toHaveLength(0);
    expect((await cluster.client.list(events)).items.length).toBeGreaterThan(0);
    await cluster.advance(3_700_000);
    expect((await cluster.client.list(events)).items).toEqual([]);
  });

  it('makes up a role of others, and follows them', async () => {
    const rule = { apiGroups: ['shop.example.com'], resources: ['carts'], verbs: ['get'] };
    await cluster.client.create(clusterRoles, {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRole',
      metadata: { name: 'carts', labels: { 'rbac.authorization.k8s.io/aggregate-to-view': 'true' } },
      rules: [rule],
    });
    await cluster.advance(1000);
    expect((await cluster.client.get(clusterRoles, undefined, 'view')).rules).toContainEqual(rule);
    expect((await cluster.client.get(clusterRoles, undefined, 'edit')).rules).toContainEqual(rule);
    await cluster.client.delete(clusterRoles, undefined, 'carts');
    await cluster.advance(1000);
    expect((await cluster.client.get(clusterRoles, undefined, 'edit')).rules).not.toContainEqual(rule);
  });
});
