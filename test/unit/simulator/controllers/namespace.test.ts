import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { namespaceController } from '../../../../electron/simulator/controllers/namespace';
import { rootCaPublisher } from '../../../../electron/simulator/controllers/root-ca-publisher';
import { serviceAccountController } from '../../../../electron/simulator/controllers/service-account';
import { findCondition } from '../../../../shared/kubernetes/conditions';
import { configMaps, namespaces, pods, serviceAccounts } from '../../../../shared/kubernetes/resources';
import { isNotFound } from '../../../../shared/kubernetes/status-error';
import { type TestCluster, testCluster } from '../../../support/control-plane';

describe('namespaces', () => {
  let cluster: TestCluster;
  beforeEach(async () => {
    cluster = await testCluster([namespaceController, rootCaPublisher, serviceAccountController]);
    await cluster.addNode('worker-1');
    await cluster.client.create(namespaces, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } });
    await cluster.advance(1000);
  });
  afterEach(async () => {
    await cluster.stop();
    expect(cluster.errors).toEqual([]);
  });

  it('have a service account and the cluster’s authority, again after someone deletes them', async () => {
    for (let round = 0; round < 2; round++) {
      expect((await cluster.client.get(serviceAccounts, 'shop', 'default')).metadata.name).toBe('default');
      expect((await cluster.client.get(configMaps, 'shop', 'kube-root-ca.crt')).data).toEqual({
        'ca.crt': 'the authority',
      });
      await cluster.client.delete(serviceAccounts, 'shop', 'default');
      await cluster.client.delete(configMaps, 'shop', 'kube-root-ca.crt');
      await cluster.advance(1000);
    }
  });

  it('empty themselves, pods first, and go', async () => {
    const pod = await cluster.client.create(pods, {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'web', namespace: 'shop' },
      spec: { containers: [{ name: 'web', image: 'nginx' }] },
    });
    await cluster.run(pod);
    await cluster.client.delete(namespaces, undefined, 'shop');
    await cluster.advance(1000);
    const namespace = await cluster.client.get(namespaces, undefined, 'shop');
    expect(namespace.status?.phase).toBe('Terminating');
    expect(findCondition(namespace.status?.conditions, 'NamespaceContentRemaining')).toMatchObject({
      status: 'True',
      reason: 'SomeResourcesRemain',
      message: 'Some resources are remaining: pods. has 1 resource instances',
    });
    expect((await cluster.client.list(configMaps, { namespace: 'shop' })).items).toHaveLength(1);
    await cluster.reap(pod);
    await cluster.advance(60_000);
    const gone = await cluster.client.get(namespaces, undefined, 'shop').catch((error: unknown) => error);
    expect(isNotFound(gone)).toBe(true);
    expect((await cluster.client.list(configMaps, { namespace: 'shop' })).items).toEqual([]);
  });
});
