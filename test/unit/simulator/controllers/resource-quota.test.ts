import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { replicaSetController } from '../../../../electron/simulator/controllers/replica-set';
import { resourceQuotaController } from '../../../../electron/simulator/controllers/resource-quota';
import type { Pod, ResourceQuota } from '../../../../shared/kubernetes/objects';
import {
  configMaps,
  events,
  persistentVolumeClaims,
  pods,
  replicaSets,
  resourceQuotas,
  services,
} from '../../../../shared/kubernetes/resources';
import { type TestCluster, testCluster } from '../../../support/control-plane';

let cluster: TestCluster;

beforeEach(async () => {
  cluster = await testCluster([resourceQuotaController, replicaSetController]);
});
afterEach(async () => {
  await cluster.stop();
  expect(cluster.errors.filter((text) => !text.includes('exceeded quota'))).toEqual([]);
});

const namespace = 'default';

async function quota(hard: Record<string, string>, more: Partial<NonNullable<ResourceQuota['spec']>> = {}) {
  await cluster.client.create(resourceQuotas, { metadata: { name: 'q', namespace }, spec: { hard, ...more } });
  await cluster.advance();
}

async function used(): Promise<Record<string, string> | undefined> {
  await cluster.advance();
  return (await cluster.client.get(resourceQuotas, namespace, 'q')).status?.used;
}

const pod = (name: string, cpu = '100m', spec: Partial<NonNullable<Pod['spec']>> = {}) =>
  cluster.client.create(pods, {
    metadata: { name, namespace },
    spec: { containers: [{ name: 'c', image: 'nginx', resources: { requests: { cpu } } }], ...spec },
  });

const configMap = (name: string) => cluster.client.create(configMaps, { metadata: { name, namespace } });

describe('resourcequota-controller', () => {
  it('counts what is there when a quota comes, and when its limits change', async () => {
    await pod('a');
    await configMap('x');
    await quota({ pods: '5', 'requests.cpu': '2', 'count/configmaps': '9', 'example.com/nonsense': '1' });
    const present = await cluster.client.get(resourceQuotas, namespace, 'q');
    expect(present.status).toEqual({
      hard: { pods: '5', 'requests.cpu': '2', 'count/configmaps': '9', 'example.com/nonsense': '1' },
      used: { pods: '1', 'requests.cpu': '100m', 'count/configmaps': '1' },
    });
    await cluster.client.update(resourceQuotas, { ...present, spec: { hard: { configmaps: '3' } } });
    expect(await used()).toEqual({ configmaps: '1' });
  });

  it('gives back what is deleted and what has ended', async () => {
    await quota({ pods: '2', 'count/pods': '3', 'requests.cpu': '300m' });
    await pod('a');
    const b = await cluster.run(await pod('b', '200m'));
    expect(await used()).toEqual({ pods: '2', 'count/pods': '2', 'requests.cpu': '300m' });
    await expect(pod('c')).rejects.toThrow(
      'pods "c" is forbidden: exceeded quota: q, requested: pods=1,requests.cpu=100m, used: pods=2,requests.cpu=300m, limited: pods=2,requests.cpu=300m',
    );
    await cluster.finish(b, 0);
    expect(await used()).toEqual({ pods: '1', 'count/pods': '2', 'requests.cpu': '100m' });
    await pod('c');
    await cluster.client.delete(pods, namespace, 'a');
    expect(await used()).toEqual({ pods: '1', 'count/pods': '2', 'requests.cpu': '100m' });
  });

  it('finds out in time what was charged and never written', async () => {
    await quota({ 'count/configmaps': '5' });
    await configMap('x');
    await expect(configMap('x')).rejects.toThrow('already exists');
    expect(await used()).toEqual({ 'count/configmaps': '2' });
    await cluster.advance(300_000);
    expect(await used()).toEqual({ 'count/configmaps': '1' });
  });

  it('never lets more through than there is, however many ask at once', async () => {
    await quota({ 'count/configmaps': '7', configmaps: '9' });
    const asked = Array.from({ length: 20 }, (_, index) => configMap(`x${index}`));
    const results = await Promise.allSettled(asked);
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(7);
    expect(await used()).toEqual({ 'count/configmaps': '7', configmaps: '7' });
    await Promise.all(['x0', 'x1', 'x2'].map((name) => cluster.client.delete(configMaps, namespace, name)));
    expect(await used()).toEqual({ 'count/configmaps': '4', configmaps: '4' });
  });

  it('counts by scope', async () => {
    await quota({ pods: '9' }, { scopes: ['BestEffort'] });
    await pod('burstable');
    await cluster.client.create(pods, {
      metadata: { name: 'best', namespace },
      spec: { containers: [{ name: 'c', image: 'nginx' }] },
    });
    await cluster.advance(300_000);
    expect(await used()).toEqual({ pods: '1' });
  });

  it('hears of services that change their type', async () => {
    await quota({ 'services.nodeports': '3' });
    const ports = [{ port: 80 }];
    await cluster.client.create(services, { metadata: { name: 's', namespace }, spec: { type: 'NodePort', ports } });
    expect(await used()).toEqual({ 'services.nodeports': '1' });
    await cluster.client.patch(services, namespace, 's', 'merge', { spec: { type: 'ClusterIP' } });
    expect(await used()).toEqual({ 'services.nodeports': '0' });
  });

  it('counts whole bytes of claims, and what was set aside for them', async () => {
    await quota({ 'requests.storage': '10' });
    await cluster.client.create(persistentVolumeClaims, {
      metadata: { name: 'c', namespace },
      spec: { accessModes: ['ReadWriteOnce'], storageClassName: '', resources: { requests: { storage: '1500m' } } },
    });
    expect(await used()).toEqual({ 'requests.storage': '2' });
    await cluster.client.patch(
      persistentVolumeClaims,
      namespace,
      'c',
      'merge',
      { status: { allocatedResources: { storage: '7' } } },
      { subresource: 'status' },
    );
    expect(await used()).toEqual({ 'requests.storage': '7' });
  });
});

it('lets a replica set say why it has no more pods', async () => {
  await quota({ pods: '1' });
  await cluster.client.create(replicaSets, {
    metadata: { name: 'r', namespace },
    spec: {
      replicas: 3,
      selector: { matchLabels: { app: 'r' } },
      template: { metadata: { labels: { app: 'r' } }, spec: { containers: [{ name: 'c', image: 'nginx' }] } },
    },
  });
  await cluster.advance(10);
  const set = await cluster.client.get(replicaSets, namespace, 'r');
  expect(set.status?.replicas).toBe(1);
  const message = /^pods "r-\w{5}" is forbidden: exceeded quota: q, requested: pods=1, used: pods=1, limited: pods=1$/;
  expect(set.status?.conditions).toEqual([
    expect.objectContaining({
      type: 'ReplicaFailure',
      status: 'True',
      reason: 'FailedCreate',
      message: expect.stringMatching(message),
    }),
  ]);
  const { items } = await cluster.client.list(events, { namespace });
  expect(items.filter(({ reason }) => reason === 'FailedCreate')[0]?.message).toMatch(/^Error creating: pods "r-/);
  // Room is made: the set goes on by itself.
  await cluster.client.patch(resourceQuotas, namespace, 'q', 'merge', { spec: { hard: { pods: '3' } } });
  await cluster.advance(60_000);
  expect((await cluster.client.get(replicaSets, namespace, 'r')).status).toMatchObject({ replicas: 3 });
  expect(await used()).toEqual({ pods: '3' });
});
