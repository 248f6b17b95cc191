import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { deploymentController } from '../../../../electron/simulator/controllers/deployment';
import { replicaSetController } from '../../../../electron/simulator/controllers/replica-set';
import { findCondition, isPodReady } from '../../../../shared/kubernetes/conditions';
import type { Deployment, Pod, ReplicaSet } from '../../../../shared/kubernetes/objects';
import { deployments, events, pods, replicaSets } from '../../../../shared/kubernetes/resources';
import { type TestCluster, testCluster } from '../../../support/control-plane';

function web(replicas: number, image = 'nginx:1.27'): Deployment {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web', namespace: 'default' },
    spec: {
      replicas,
      selector: { matchLabels: { app: 'web' } },
      template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'web', image }] } },
    },
  };
}

describe('deployment', () => {
  let cluster: TestCluster;
  beforeEach(async () => {
    cluster = await testCluster([deploymentController, replicaSetController]);
    await cluster.addNode('worker-1');
  });
  afterEach(async () => {
    await cluster.stop();
    expect(cluster.errors).toEqual([]);
  });

  const get = () => cluster.client.get(deployments, 'default', 'web');
  const livePods = async (): Promise<readonly Pod[]> => (await cluster.client.list(pods)).items;
  const sets = async (): Promise<readonly ReplicaSet[]> => (await cluster.client.list(replicaSets)).items;
  const messages = async () => (await cluster.client.list(events)).items.map((event) => event.message);

  /** Plays kubelet until nothing changes any more; tells after each step what there is. */
  async function play(observe: (present: readonly Pod[]) => void = () => {}): Promise<void> {
    for (let step = 0; step < 50; step++) {
      await cluster.advance(1000);
      const present = await livePods();
      observe(present);
      const ending = present.filter((pod) => pod.metadata.deletionTimestamp !== undefined);
      const waiting = present.filter((pod) => pod.metadata.deletionTimestamp === undefined && !isPodReady(pod));
      if (ending.length + waiting.length === 0) return;
      for (const pod of ending) await cluster.reap(pod);
      for (const pod of waiting) await cluster.run(pod);
    }
    throw new Error('the rollout did not come to rest');
  }

  it('makes a replica set and pods, and says that it is available', async () => {
    await cluster.client.create(deployments, web(3));
    await play();
    const [set] = await sets();
    const hash = set?.metadata.labels?.['pod-template-hash'];
    expect(set?.metadata.name).toBe(`web-${hash}`);
    expect(set?.metadata.annotations?.['deployment.kubernetes.io/revision']).toBe('1');
    const deployment = await get();
    expect(deployment.metadata.annotations?.['deployment.kubernetes.io/revision']).toBe('1');
    expect(deployment.status).toMatchObject({
      observedGeneration: 1,
      replicas: 3,
      updatedReplicas: 3,
      readyReplicas: 3,
      availableReplicas: 3,
    });
    expect(findCondition(deployment.status?.conditions, 'Available')).toMatchObject({
      status: 'True',
      reason: 'MinimumReplicasAvailable',
      message: 'Deployment has minimum availability.',
    });
    expect(findCondition(deployment.status?.conditions, 'Progressing')).toMatchObject({
      status: 'True',
      reason: 'NewReplicaSetAvailable',
      message: `ReplicaSet "web-${hash}" has successfully progressed.`,
    });
    expect(await messages()).toContain(`Scaled up replica set web-${hash} from 0 to 3`);
  });

  it('rests when nothing changes', async () => {
    await cluster.client.create(deployments, web(3));
    await play();
    const before = await cluster.revision();
    await cluster.advance(3_600_000);
    expect(await cluster.revision()).toBe(before);
  });

  it('rolls out within maxSurge and maxUnavailable, and back', async () => {
    await cluster.client.create(deployments, web(4));
    await play();
    const first = await get();
    await cluster.client.patch(deployments, 'default', 'web', 'strategic', { spec: web(4, 'nginx:1.28').spec });
    await play((present) => {
      const living = present.filter((pod) => pod.metadata.deletionTimestamp === undefined);
      expect(living.length).toBeLessThanOrEqual(5);
      expect(living.filter(isPodReady).length).toBeGreaterThanOrEqual(3);
    });
    expect((await livePods()).map((pod) => pod.spec?.containers[0]?.image)).toEqual(Array(4).fill('nginx:1.28'));
    expect((await get()).metadata.annotations?.['deployment.kubernetes.io/revision']).toBe('2');

    await cluster.client.update(deployments, { ...(await get()), spec: first.spec as NonNullable<Deployment['spec']> });
    await play();
    expect((await livePods()).map((pod) => pod.spec?.containers[0]?.image)).toEqual(Array(4).fill('nginx:1.27'));
    const old = (await sets()).find((set) => set.spec?.template?.spec?.containers[0]?.image === 'nginx:1.27');
    expect(old?.metadata.annotations).toMatchObject({
      'deployment.kubernetes.io/revision': '3',
      'deployment.kubernetes.io/revision-history': '1',
    });
    expect(await sets()).toHaveLength(2);
  });

  it('ends all old pods before the first new one with Recreate', async () => {
    const recreate = web(2);
    await cluster.client.create(deployments, {
      ...recreate,
      spec: { ...(recreate.spec as NonNullable<Deployment['spec']>), strategy: { type: 'Recreate' } },
    });
    await play();
    const image = { spec: { template: { spec: { containers: [{ name: 'web', image: 'nginx:1.28' }] } } } };
    await cluster.client.patch(deployments, 'default', 'web', 'strategic', image);
    await play((present) => {
      expect(new Set(present.map((pod) => pod.spec?.containers[0]?.image)).size).toBeLessThanOrEqual(1);
    });
    expect((await livePods()).map((pod) => pod.spec?.containers[0]?.image)).toEqual(Array(2).fill('nginx:1.28'));
  });

  it('says when its progress deadline has passed', async () => {
    await cluster.client.create(deployments, web(1));
    await cluster.advance(599_000);
    expect(findCondition((await get()).status?.conditions, 'Progressing')?.reason).toBe('ReplicaSetUpdated');
    await cluster.advance(10_000);
    const [set] = await sets();
    expect(findCondition((await get()).status?.conditions, 'Progressing')).toMatchObject({
      status: 'False',
      reason: 'ProgressDeadlineExceeded',
      message: `ReplicaSet "${set?.metadata.name}" has timed out progressing.`,
    });
  });

  it('does not roll out while paused, but follows its size', async () => {
    await cluster.client.create(deployments, web(2));
    await play();
    const { spec } = web(3, 'nginx:1.28');
    await cluster.client.patch(deployments, 'default', 'web', 'strategic', { spec: { ...spec, paused: true } });
    await play();
    expect((await livePods()).map((pod) => pod.spec?.containers[0]?.image)).toEqual(Array(3).fill('nginx:1.27'));
    expect(findCondition((await get()).status?.conditions, 'Progressing')?.reason).toBe('DeploymentPaused');
    await cluster.client.patch(deployments, 'default', 'web', 'merge', { spec: { paused: false } });
    await play();
    expect((await livePods()).map((pod) => pod.spec?.containers[0]?.image)).toEqual(Array(3).fill('nginx:1.28'));
  });

  it('keeps no more old replica sets than its history limit', async () => {
    await cluster.client.create(deployments, web(1));
    await play();
    for (const image of ['nginx:1.28', 'nginx:1.29', 'nginx:1.30']) {
      const spec = { ...web(1, image).spec, revisionHistoryLimit: 1 };
      await cluster.client.patch(deployments, 'default', 'web', 'strategic', { spec });
      await play();
    }
    await cluster.advance(60_000);
    const images = (await sets()).map((set) => set.spec?.template?.spec?.containers[0]?.image);
    expect(images.sort()).toEqual(['nginx:1.29', 'nginx:1.30']);
  });
});
