import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { customResourceDefinitions } from '../../../shared/kubernetes/custom-resource-definitions';
import type { ConfigMap, Deployment } from '../../../shared/kubernetes/objects';
import {
  configMaps,
  deployments,
  endpointSlices,
  pods,
  type Resource,
  replicaSets,
  services,
} from '../../../shared/kubernetes/resources';
import { isNotFound } from '../../../shared/kubernetes/status-error';
import { type VirtualCluster, virtualCluster } from '../../support/virtual-cluster';

let cluster: VirtualCluster;
/** By key, what was written but for what nodes say of themselves. */
let writes: Map<string, number>;

beforeEach(async () => {
  writes = new Map();
  cluster = await virtualCluster({
    seed: 1,
    preset: 'course',
    onWrite(key) {
      if (!/\/(leases|nodes|events)\//.test(key)) writes.set(key, (writes.get(key) ?? 0) + 1);
    },
  });
  await cluster.advance(60_000);
});

afterEach(async () => {
  // Whatever was done, it has come to rest.
  await cluster.advance(300_000);
  writes.clear();
  await cluster.advance(600_000);
  expect([...writes]).toEqual([]);
  await cluster.stop();
});

const isGone = async (name: string) =>
  isNotFound(await cluster.client.get(configMaps, 'default', name).catch((error: unknown) => error));
const configMap = (name: string, ownerReferences: NonNullable<ConfigMap['metadata']['ownerReferences']> = []) =>
  cluster.client.create(configMaps, { metadata: { name, namespace: 'default', ownerReferences } });
const ownedBy = ({ metadata }: ConfigMap) => [
  { apiVersion: 'v1', kind: 'ConfigMap', name: metadata.name ?? '', uid: metadata.uid ?? '', blockOwnerDeletion: true },
];

const web: Deployment = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', namespace: 'default' },
  spec: {
    replicas: 3,
    selector: { matchLabels: { app: 'web' } },
    template: {
      metadata: { labels: { app: 'web' } },
      spec: { containers: [{ name: 'main', image: 'nginx:1.29' }] },
    },
  },
};
const ready = async () => (await cluster.client.get(deployments, 'default', 'web')).status?.readyReplicas;

describe('owners in a circle', () => {
  it('keep one another, and go together', async () => {
    const one = await configMap('one');
    const two = await configMap('two', ownedBy(one));
    await cluster.client.patch(configMaps, 'default', 'one', 'merge', { metadata: { ownerReferences: ownedBy(two) } });
    await cluster.advance(60_000);
    expect([await isGone('one'), await isGone('two')]).toEqual([false, false]);
    await cluster.client.delete(configMaps, 'default', 'one', { propagationPolicy: 'Background' });
    await cluster.advance(60_000);
    expect([await isGone('one'), await isGone('two')]).toEqual([true, true]);
  });

  it('do not wait for one another where the owner is to go last', async () => {
    const one = await configMap('one');
    const two = await configMap('two', ownedBy(one));
    await cluster.client.patch(configMaps, 'default', 'one', 'merge', { metadata: { ownerReferences: ownedBy(two) } });
    await cluster.advance(1000);
    await cluster.client.delete(configMaps, 'default', 'one', { propagationPolicy: 'Foreground' });
    await cluster.advance(60_000);
    expect([await isGone('one'), await isGone('two')]).toEqual([true, true]);
  });

  it('of which each is its own are of no effect', async () => {
    const one = await configMap('one');
    await cluster.client.patch(configMaps, 'default', 'one', 'merge', { metadata: { ownerReferences: ownedBy(one) } });
    await cluster.advance(60_000);
    expect(await isGone('one')).toBe(false);
    await cluster.client.delete(configMaps, 'default', 'one', { propagationPolicy: 'Background' });
    await cluster.advance(60_000);
    expect(await isGone('one')).toBe(true);
  });
});

describe('a definition that is deleted', () => {
  it('takes its objects along, and what they own, while others still write them', async () => {
    const group = 'example.com';
    await cluster.client.create(customResourceDefinitions, {
      metadata: { name: `things.${group}` },
      spec: {
        group,
        scope: 'Namespaced',
        names: { plural: 'things', kind: 'Thing' },
        versions: [
          {
            name: 'v1',
            served: true,
            storage: true,
            schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
          },
        ],
      },
    });
    await cluster.advance(5_000);
    const things: Resource = { group, version: 'v1', resource: 'things', kind: 'Thing', namespaced: true };
    const thing = await cluster.client.create(things, { metadata: { name: 'one', namespace: 'default' } });
    const { uid = '' } = thing.metadata;
    await configMap('of-thing', [{ apiVersion: `${group}/v1`, kind: 'Thing', name: 'one', uid }]);
    await cluster.advance(60_000);
    expect(await isGone('of-thing')).toBe(false);
    await cluster.client.delete(customResourceDefinitions, undefined, `things.${group}`);
    await cluster.advance(1000);
    await expect(cluster.client.create(things, { metadata: { name: 'two', namespace: 'default' } })).rejects.toThrow();
    await cluster.advance(120_000);
    expect(await isGone('of-thing')).toBe(true);
  });
});

describe('what controllers keep', () => {
  beforeEach(async () => {
    await cluster.client.create(deployments, web);
    await cluster.client.create(services, {
      metadata: { name: 'web', namespace: 'default' },
      spec: { selector: { app: 'web' }, ports: [{ port: 80 }] },
    });
    await cluster.advance(60_000);
    expect(await ready()).toBe(3);
  });

  it('is put back when it is changed by hand', async () => {
    const [set] = (await cluster.client.list(replicaSets)).items.filter(
      ({ metadata }) => metadata.namespace === 'default',
    );
    await cluster.client.patch(replicaSets, 'default', set?.metadata.name ?? '', 'merge', { spec: { replicas: 9 } });
    const [slice] = (await cluster.client.list(endpointSlices, { namespace: 'default' })).items.filter(
      ({ metadata }) => metadata.labels?.['kubernetes.io/service-name'] === 'web',
    );
    await cluster.client.delete(endpointSlices, 'default', slice?.metadata.name ?? '');
    await cluster.advance(60_000);
    expect((await cluster.client.get(replicaSets, 'default', set?.metadata.name ?? '')).spec?.replicas).toBe(3);
    const again = (await cluster.client.list(endpointSlices, { namespace: 'default' })).items.find(
      ({ metadata }) => metadata.labels?.['kubernetes.io/service-name'] === 'web',
    );
    expect(again?.endpoints).toHaveLength(3);
  });

  it('follows two clients who do not agree, write by write, and comes to rest with the last', async () => {
    for (let turn = 0; turn < 50; turn++) {
      await cluster.client.patch(deployments, 'default', 'web', 'merge', {
        spec: { replicas: turn % 2 === 0 ? 9 : 1 },
      });
      await cluster.advance(100);
    }
    expect(writes.get('/registry/apps/deployments/default/web')).toBeLessThan(400);
    await cluster.advance(120_000);
    expect(await ready()).toBe(1);
  });
});

describe('a request that nothing meets', () => {
  it('is told once what is missing, and waits', async () => {
    await cluster.client.create(pods, {
      metadata: { name: 'huge', namespace: 'default' },
      spec: {
        containers: [{ name: 'main', image: 'nginx:1.29', resources: { requests: { cpu: '1000', memory: '1Pi' } } }],
      },
    });
    await cluster.advance(60_000);
    const { status } = await cluster.client.get(pods, 'default', 'huge');
    expect(status?.conditions?.[0]?.message).toBe(
      '0/4 nodes are available: 1 node(s) had untolerated taint(s), 3 Insufficient cpu, 3 Insufficient memory. no new claims to deallocate, preemption: 0/4 nodes are available: 4 Preemption is not helpful for scheduling.',
    );
  });
});
