import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { statefulSetController } from '../../../../electron/simulator/controllers/stateful-set';
import { isPodReady } from '../../../../shared/kubernetes/conditions';
import type { StatefulSet } from '../../../../shared/kubernetes/objects';
import { events, persistentVolumeClaims, pods, statefulSets } from '../../../../shared/kubernetes/resources';
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

  /** How `db` is, but for these parts of its spec. */
  const changed = (spec: object): StatefulSet => ({ ...db, spec: { ...db.spec, ...spec } }) as StatefulSet;
  const patch = (spec: object) => cluster.client.patch(statefulSets, 'default', 'db', 'strategic', { spec });
  const claims = async () => (await cluster.client.list(persistentVolumeClaims)).items;
  /** Whom each claim goes with: `data-db-0: StatefulSet`. */
  const owners = async () =>
    (await claims()).map(
      ({ metadata }) => `${metadata.name}: ${metadata.ownerReferences?.map(({ kind }) => kind).join(' ') ?? ''}`,
    );
  const messages = async (reason: string) =>
    (await cluster.client.list(events)).items.filter((each) => each.reason === reason).map(({ message }) => message);

  it('gives new pods the new template when it grows in the middle of an update, in parallel too', async () => {
    await cluster.client.create(statefulSets, changed({ podManagementPolicy: 'Parallel' }));
    await rest();
    await patch({ replicas: 4, template: { spec: { containers: [{ name: 'db', image: 'postgres:17' }] } } });
    await cluster.advance(1000);
    const added = (await all()).find(({ metadata }) => metadata.name === 'db-3');
    expect(added?.spec?.containers[0]?.image).toBe('postgres:17');
    await rest();
    expect(await images()).toEqual(Array(4).fill('postgres:17'));
    const before = await cluster.revision();
    await cluster.advance(3_600_000);
    expect(await cluster.revision()).toBe(before);
  });

  it('counts the partition from the first ordinal, wherever that is', async () => {
    await cluster.client.create(statefulSets, changed({ ordinals: { start: 5 } }));
    await rest();
    expect(await names()).toEqual(['db-5', 'db-6', 'db-7']);
    await patch({
      updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 2 } },
      template: { spec: { containers: [{ name: 'db', image: 'postgres:17' }] } },
    });
    await rest();
    const updated = (await all()).filter((pod) => pod.spec?.containers[0]?.image === 'postgres:17');
    expect(updated.map(({ metadata }) => metadata.name)).toEqual(['db-7']);
  });

  it('has claims go with the set or with the pod that scaling down takes away, as the retention policy says', async () => {
    const policy = (whenDeleted: string, whenScaled: string) => ({
      persistentVolumeClaimRetentionPolicy: { whenDeleted, whenScaled },
    });
    await cluster.client.create(statefulSets, changed({ replicas: 2, ...policy('Delete', 'Delete') }));
    await rest();
    expect(await owners()).toEqual(['data-db-0: StatefulSet', 'data-db-1: StatefulSet']);
    await patch({ replicas: 1 });
    await cluster.advance(1000);
    expect(await owners()).toEqual(['data-db-0: StatefulSet', 'data-db-1: Pod']);
    await rest();
    // Nobody collects garbage here, so the claim stays, and a new pod waits for its end.
    await patch({ replicas: 2 });
    await cluster.advance(10_000);
    expect(await names()).toEqual(['db-0']);
    const { finalizers: _, ...metadata } = (await cluster.client.get(persistentVolumeClaims, 'default', 'data-db-1'))
      .metadata;
    await cluster.client.patch(persistentVolumeClaims, 'default', 'data-db-1', 'merge', {
      metadata: { finalizers: null },
    });
    await cluster.client.delete(persistentVolumeClaims, 'default', 'data-db-1');
    await rest();
    expect(await names()).toEqual(['db-0', 'db-1']);
    expect((await cluster.client.get(persistentVolumeClaims, 'default', 'data-db-1')).metadata.uid).not.toBe(
      metadata.uid,
    );
    await patch(policy('Retain', 'Retain'));
    await rest();
    expect(await owners()).toEqual(['data-db-0: ', 'data-db-1: ']);
  });

  it('leaves a claim to another controller, and says so', async () => {
    await cluster.client.create(statefulSets, changed({ replicas: 1 }));
    await rest();
    const other = { apiVersion: 'v1', kind: 'ConfigMap', name: 'other', uid: 'of-it', controller: true };
    await cluster.client.patch(persistentVolumeClaims, 'default', 'data-db-0', 'merge', {
      metadata: { ownerReferences: [other] },
    });
    await patch({ persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Delete', whenScaled: 'Retain' } });
    await rest();
    expect(await owners()).toEqual(['data-db-0: ConfigMap']);
    const [pod] = await all();
    if (pod !== undefined) await cluster.client.delete(pods, 'default', 'db-0');
    await rest();
    expect(await messages('ConflictingController')).toEqual([
      'PersistentVolumeClaim data-db-0 has a conflicting OwnerReference that acts as a manging controller, the retention policy is ignored for this claim',
    ]);
  });

  it('puts back what somebody took: the label of a pod, the claim that it waits for', async () => {
    await cluster.client.create(statefulSets, changed({ replicas: 1 }));
    await cluster.advance(1000);
    await cluster.client.patch(persistentVolumeClaims, 'default', 'data-db-0', 'merge', {
      metadata: { finalizers: null },
    });
    await cluster.client.delete(persistentVolumeClaims, 'default', 'data-db-0');
    await cluster.advance(1000);
    await cluster.client.patch(pods, 'default', 'db-0', 'merge', {
      metadata: { labels: { 'statefulset.kubernetes.io/pod-name': null } },
    });
    await cluster.advance(1000);
    expect(await owners()).toEqual(['data-db-0: ']);
    await rest();
    expect((await cluster.client.get(pods, 'default', 'db-0')).metadata.labels).toMatchObject({
      'statefulset.kubernetes.io/pod-name': 'db-0',
    });
    expect(await messages('SuccessfulUpdate')).toEqual(['Update Pod db-0 in StatefulSet db successful']);
  });

  it('waits until a pod that it has let go no longer has the name of the next', async () => {
    await cluster.client.create(statefulSets, changed({ replicas: 1 }));
    await rest();
    await cluster.client.patch(pods, 'default', 'db-0', 'merge', { metadata: { labels: { app: 'other' } } });
    await cluster.advance(10_000);
    expect((await status())?.replicas).toBe(0);
    expect(cluster.errors.splice(0).every((error) => error.endsWith('pods "db-0" already exists'))).toBe(true);
    const [pod] = await all();
    await cluster.client.delete(pods, 'default', 'db-0');
    if (pod !== undefined) await cluster.reap(pod);
    await cluster.advance(60_000);
    expect((await status())?.replicas).toBe(1);
    cluster.errors.splice(0);
  });

  it('makes a failed pod anew under its name, and waits for it before it makes the next', async () => {
    await cluster.client.create(statefulSets, db);
    await cluster.advance(1000);
    const [first] = await all();
    if (first === undefined) throw new Error('no pod');
    await cluster.finish(await cluster.run(first), 1);
    await cluster.advance(1000);
    const [second] = await all();
    expect(second?.metadata.name).toBe('db-0');
    expect(second?.metadata.uid).not.toBe(first.metadata.uid);
    expect(await names()).toEqual(['db-0']);
    expect((await messages('SuccessfulCreate')).sort()).toEqual([
      'Create Claim data-db-0 Pod db-0 in StatefulSet db success',
      'Create Pod db-0 in StatefulSet db successful',
    ]);
    expect(await messages('SuccessfulDelete')).toEqual(['Delete Pod db-0 in StatefulSet db successful']);
  });
});
