import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { garbageCollector } from '../../../../electron/simulator/controllers/garbage-collector';
import type { ConfigMap } from '../../../../shared/kubernetes/objects';
import { configMaps } from '../../../../shared/kubernetes/resources';
import { type TestCluster, testCluster } from '../../../support/control-plane';

describe('garbage collector', () => {
  let cluster: TestCluster;
  beforeEach(async () => {
    cluster = await testCluster([garbageCollector]);
  });
  afterEach(async () => {
    await cluster.stop();
    expect(cluster.errors).toEqual([]);
  });

  const make = (name: string, owners: readonly ConfigMap[] = [], block = true, namespace = 'default') =>
    cluster.client.create(configMaps, {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: {
        name,
        namespace,
        ownerReferences: owners.map(({ metadata }) => ({
          apiVersion: 'v1',
          kind: 'ConfigMap',
          name: metadata.name ?? '',
          uid: metadata.uid ?? '',
          blockOwnerDeletion: block,
        })),
      },
    });
  const names = async (namespace = 'default') =>
    (await cluster.client.list(configMaps, { namespace })).items.map(({ metadata }) => metadata.name).sort();
  const drop = (name: string, propagationPolicy: 'Orphan' | 'Background' | 'Foreground') =>
    cluster.client.delete(configMaps, 'default', name, { propagationPolicy });

  it('deletes dependents of dependents in the background', async () => {
    const owner = await make('owner');
    const child = await make('child', [owner]);
    await make('grandchild', [child]);
    await make('stranger');
    await drop('owner', 'Background');
    await cluster.advance(1000);
    expect(await names()).toEqual(['stranger']);
  });

  it('keeps the owner until blocking dependents are gone, when in the foreground', async () => {
    const owner = await make('owner');
    await make('child', [owner]);
    await cluster.client.patch(configMaps, 'default', 'child', 'merge', {
      metadata: { finalizers: ['example.com/hold'] },
    });
    await drop('owner', 'Foreground');
    await cluster.advance(1000);
    expect(await names()).toEqual(['child', 'owner']);
    expect((await cluster.client.get(configMaps, 'default', 'owner')).metadata.finalizers).toEqual([
      'foregroundDeletion',
    ]);
    await cluster.client.patch(configMaps, 'default', 'child', 'merge', { metadata: { finalizers: null } });
    await cluster.advance(1000);
    expect(await names()).toEqual([]);
  });

  it('lets dependents live when they are orphaned', async () => {
    const owner = await make('owner');
    await make('child', [owner]);
    await drop('owner', 'Orphan');
    await cluster.advance(1000);
    expect(await names()).toEqual(['child']);
    expect((await cluster.client.get(configMaps, 'default', 'child')).metadata.ownerReferences ?? []).toEqual([]);
  });

  it('judges owners by uid and namespace, and keeps what has one owner left', async () => {
    const owner = await make('owner');
    await drop('owner', 'Background');
    const again = await make('owner');
    await make('of-the-old', [owner]);
    await make('of-both', [owner, again]);
    await make('elsewhere', [again], true, 'kube-public');
    await cluster.advance(1000);
    expect(await names()).toEqual(['of-both', 'owner']);
    expect((await cluster.client.get(configMaps, 'default', 'of-both')).metadata.ownerReferences).toMatchObject([
      { uid: again.metadata.uid },
    ]);
    expect(await names('kube-public')).not.toContain('elsewhere');
  });

  it('ends a circle of owners', async () => {
    const first = await make('first');
    const second = await make('second', [first]);
    await cluster.client.patch(configMaps, 'default', 'first', 'merge', {
      metadata: {
        ownerReferences: [
          { apiVersion: 'v1', kind: 'ConfigMap', name: 'second', uid: second.metadata.uid, blockOwnerDeletion: true },
        ],
      },
    });
    await drop('first', 'Foreground');
    await cluster.advance(10_000);
    expect(await names()).toEqual([]);
  });
});
