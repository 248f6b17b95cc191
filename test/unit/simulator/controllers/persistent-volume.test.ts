import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { persistentVolumeController } from '../../../../electron/simulator/controllers/persistent-volume';
import {
  attributesProtection,
  claimProtection,
  volumeProtection,
} from '../../../../electron/simulator/controllers/persistent-volume/protection';
import { localPath } from '../../../../electron/simulator/storage/local-path';
import { provisionController } from '../../../../electron/simulator/storage/provision-controller';
import type { PersistentVolume, PersistentVolumeClaim } from '../../../../shared/kubernetes/objects';
import {
  events,
  persistentVolumeClaims,
  persistentVolumes,
  pods,
  storageClasses,
  volumeAttributesClasses,
} from '../../../../shared/kubernetes/resources';
import { isNotFound } from '../../../../shared/kubernetes/status-error';
import { type TestCluster, testCluster } from '../../../support/control-plane';

const claimOf = (storageClassName: string, storage = '1Gi'): PersistentVolumeClaim => ({
  apiVersion: 'v1',
  kind: 'PersistentVolumeClaim',
  metadata: { name: 'data', namespace: 'default' },
  spec: { storageClassName, accessModes: ['ReadWriteOnce'], resources: { requests: { storage } } },
});
const volumeOf = (name: string, storage: string): PersistentVolume => ({
  apiVersion: 'v1',
  kind: 'PersistentVolume',
  metadata: { name },
  spec: {
    capacity: { storage },
    accessModes: ['ReadWriteOnce'],
    persistentVolumeReclaimPolicy: 'Retain',
    storageClassName: 'manual',
    hostPath: { path: '/data' },
  },
});

describe('persistent volumes', () => {
  let cluster: TestCluster;
  beforeEach(async () => {
    cluster = await testCluster([
      persistentVolumeController,
      provisionController(localPath),
      attributesProtection,
      claimProtection,
      volumeProtection,
    ]);
    await cluster.addNode('worker-1');
  });
  afterEach(async () => {
    await cluster.stop();
    expect(cluster.errors).toEqual([]);
  });

  const claim = () => cluster.client.get(persistentVolumeClaims, 'default', 'data');
  const volume = (name: string) => cluster.client.get(persistentVolumes, undefined, name);

  it('binds a claim to the smallest volume that suits, and does not bind it again once released', async () => {
    for (const [name, size] of [
      ['small', '500Mi'],
      ['large', '10Gi'],
      ['fitting', '2Gi'],
    ] as const) {
      await cluster.client.create(persistentVolumes, volumeOf(name, size));
    }
    await cluster.client.create(persistentVolumeClaims, claimOf('manual'));
    await cluster.advance(1000);
    expect((await claim()).spec?.volumeName).toBe('fitting');
    expect((await claim()).status).toMatchObject({ phase: 'Bound', capacity: { storage: '2Gi' } });
    expect((await volume('fitting')).status?.phase).toBe('Bound');
    expect((await volume('large')).status?.phase).toBe('Available');
    await cluster.client.delete(persistentVolumeClaims, 'default', 'data');
    await cluster.advance(1000);
    expect((await volume('fitting')).status?.phase).toBe('Released');
    await cluster.client.create(persistentVolumeClaims, claimOf('manual'));
    await cluster.advance(1000);
    expect((await claim()).spec?.volumeName).toBe('large');
  });

  it('waits for the first consumer’s node, makes the volume there, and takes it back', async () => {
    await cluster.client.create(storageClasses, {
      apiVersion: 'storage.k8s.io/v1',
      kind: 'StorageClass',
      metadata: { name: 'standard' },
      provisioner: 'rancher.io/local-path',
      volumeBindingMode: 'WaitForFirstConsumer',
      reclaimPolicy: 'Delete',
    });
    await cluster.client.create(persistentVolumeClaims, claimOf('standard'));
    await cluster.advance(1000);
    expect((await claim()).status?.phase).toBe('Pending');
    const told = (await cluster.client.list(events)).items.map(({ message }) => message);
    expect(told).toContain('waiting for first consumer to be created before binding');
    await cluster.client.patch(persistentVolumeClaims, 'default', 'data', 'merge', {
      metadata: { annotations: { 'volume.kubernetes.io/selected-node': 'worker-1' } },
    });
    await cluster.advance(5000);
    const name = `pvc-${(await claim()).metadata.uid}`;
    expect((await claim()).status?.phase).toBe('Bound');
    expect((await claim()).spec?.volumeName).toBe(name);
    expect(
      (await volume(name)).spec?.nodeAffinity?.required?.nodeSelectorTerms[0]?.matchExpressions?.[0]?.values,
    ).toEqual(['worker-1']);
    const before = await cluster.revision();
    await cluster.advance(3_600_000);
    expect(await cluster.revision()).toBe(before);
    await cluster.client.delete(persistentVolumeClaims, 'default', 'data');
    await cluster.advance(1000);
    expect(isNotFound(await volume(name).catch((error: unknown) => error))).toBe(true);
  });

  it('keeps a deleted claim while a pod uses it', async () => {
    await cluster.client.create(persistentVolumes, volumeOf('one', '1Gi'));
    const finalizers = ['kubernetes.io/pvc-protection'];
    const wanted = claimOf('manual');
    await cluster.client.create(persistentVolumeClaims, { ...wanted, metadata: { ...wanted.metadata, finalizers } });
    const pod = await cluster.run(
      await cluster.client.create(pods, {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name: 'db', namespace: 'default' },
        spec: {
          containers: [{ name: 'db', image: 'postgres' }],
          volumes: [{ name: 'data', persistentVolumeClaim: { claimName: 'data' } }],
        },
      }),
    );
    await cluster.client.delete(persistentVolumeClaims, 'default', 'data');
    await cluster.advance(1000);
    expect((await claim()).metadata.deletionTimestamp).toBeDefined();
    await cluster.reap(pod);
    await cluster.advance(1000);
    expect(isNotFound(await claim().catch((error: unknown) => error))).toBe(true);
  });

  it('keeps a deleted class of attributes while a claim wants it', async () => {
    await cluster.client.create(volumeAttributesClasses, {
      apiVersion: 'storage.k8s.io/v1',
      kind: 'VolumeAttributesClass',
      metadata: { name: 'gold' },
      driverName: 'disks.example.com',
      parameters: { iops: '1000' },
    });
    const claim = claimOf('manual');
    await cluster.client.create(persistentVolumeClaims, {
      ...claim,
      spec: { ...claim.spec, volumeAttributesClassName: 'gold' },
    });
    await cluster.client.delete(volumeAttributesClasses, undefined, 'gold');
    await cluster.advance(1000);
    const kept = await cluster.client.get(volumeAttributesClasses, undefined, 'gold');
    expect(kept.metadata.finalizers).toEqual(['kubernetes.io/vac-protection']);
    await cluster.client.delete(persistentVolumeClaims, 'default', 'data');
    await cluster.advance(1000);
    await expect(cluster.client.get(volumeAttributesClasses, undefined, 'gold')).rejects.toSatisfy(isNotFound);
  });
});
