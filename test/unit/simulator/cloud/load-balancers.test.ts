import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { events, ingresses, nodes, services } from '../../../../shared/kubernetes/resources';
import { type VirtualCluster, virtualCluster } from '../../../support/virtual-cluster';

let cluster: VirtualCluster;
const told = async (name: string) =>
  (await cluster.client.list(events)).items
    .filter(({ involvedObject }) => involvedObject.name === name)
    .map(({ type, reason, message, source }) => `${source?.component}: ${type} ${reason}: ${message}`);

afterEach(async () => {
  await cluster.stop();
});

const service = (name: string, more: object = {}) =>
  cluster.client.create(services, {
    metadata: { name, namespace: 'default' },
    spec: { type: 'LoadBalancer', selector: { app: name }, ports: [{ port: 80 }], ...more },
  });
const read = (name: string) => cluster.client.get(services, 'default', name);
const addressOf = async (name: string) => (await read(name)).status?.loadBalancer?.ingress?.[0];

describe('a load balancer on gke', () => {
  beforeEach(async () => {
    cluster = await virtualCluster({ seed: 1, preset: 'gke' });
    await cluster.advance(10_000);
  });

  it('is there after a while, with an address of its own, and goes with its Service', async () => {
    await service('web');
    await service('shop');
    await cluster.advance(10_000);
    expect(await addressOf('web')).toBeUndefined();
    expect((await read('web')).metadata.finalizers).toEqual(['service.kubernetes.io/load-balancer-cleanup']);
    await cluster.advance(60_000);
    const [one, other] = [await addressOf('web'), await addressOf('shop')];
    expect([one?.ip, other?.ip].sort()).toEqual(['203.0.113.2', '203.0.113.3']);
    expect(one?.ipMode).toBe('VIP');
    expect(await told('web')).toEqual([
      'service-controller: Normal EnsuringLoadBalancer: Ensuring load balancer',
      'service-controller: Normal EnsuredLoadBalancer: Ensured load balancer',
    ]);
    await cluster.client.delete(services, 'default', 'web');
    await cluster.advance(1000);
    await expect(read('web')).rejects.toThrow('services "web" not found');
    await service('next');
    await cluster.advance(60_000);
    expect((await addressOf('next'))?.ip).toBe(one?.ip);
  });

  it('goes when the Service wants none any more, and its finalizer with it', async () => {
    await service('web');
    await cluster.advance(60_000);
    await cluster.client.patch(services, 'default', 'web', 'merge', { spec: { type: 'ClusterIP' } });
    await cluster.advance(1000);
    const { metadata, status } = await read('web');
    expect(metadata.finalizers ?? []).toEqual([]);
    expect(status?.loadBalancer ?? {}).toEqual({});
    expect((await told('web')).slice(2)).toEqual([
      'service-controller: Normal DeletingLoadBalancer: Deleting load balancer',
      'service-controller: Normal DeletedLoadBalancer: Deleted load balancer',
    ]);
  });

  it('has the address that is asked for, or says why not and tries again', async () => {
    await service('web', { loadBalancerIP: '203.0.113.77' });
    await service('odd', { loadBalancerIP: '192.0.2.1' });
    await cluster.advance(120_000);
    expect((await addressOf('web'))?.ip).toBe('203.0.113.77');
    expect(await addressOf('odd')).toBeUndefined();
    expect(await told('odd')).toContain(
      'service-controller: Warning SyncLoadBalancerFailed: Error syncing load balancer: failed to ensure load balancer: requested IP "192.0.2.1" is neither static nor assigned to the LB',
    );
    expect(cluster.errors[0]).toContain('default/odd: Error: requested IP');
  });

  it('is another controller’s where the Service says so', async () => {
    await service('web', { loadBalancerClass: 'example.com/other' });
    await cluster.advance(120_000);
    expect(await addressOf('web')).toBeUndefined();
    expect(await told('web')).toEqual([]);
  });

  it('sends to other nodes when there are others', async () => {
    await service('web');
    await cluster.advance(60_000);
    const [first] = (await cluster.client.list(nodes)).items;
    await cluster.client.patch(nodes, undefined, first?.metadata.name ?? '', 'merge', {
      metadata: { labels: { 'node.kubernetes.io/exclude-from-external-load-balancers': 'true' } },
    });
    await cluster.advance(1000);
    expect(await told('web')).toContain(
      'service-controller: Normal UpdatedLoadBalancer: Updated load balancer with new hosts',
    );
  });
});

describe('a load balancer on eks', () => {
  it('has a name of the provider’s', async () => {
    cluster = await virtualCluster({ seed: 1, preset: 'eks' });
    await service('web');
    await cluster.advance(60_000);
    const point = await addressOf('web');
    expect(point?.ip).toBeUndefined();
    expect(point?.hostname).toMatch(/^a[0-9a-f]{31}-\d+\.eu-central-1\.elb\.amazonaws\.com$/);
  });
});

describe('an Ingress', () => {
  const ingress = (name: string, backend: string, more: object = {}) =>
    cluster.client.create(ingresses, {
      metadata: { name, namespace: 'default' },
      spec: { defaultBackend: { service: { name: backend, port: { number: 80 } } }, ...more },
    });
  const pointOf = async (name: string) =>
    (await cluster.client.get(ingresses, 'default', name)).status?.loadBalancer?.ingress?.[0];

  it('gets an address on gke once the Services that it leads to are there', async () => {
    cluster = await virtualCluster({ seed: 1, preset: 'gke' });
    await ingress('site', 'web');
    await cluster.advance(300_000);
    expect(await pointOf('site')).toBeUndefined();
    expect(await told('site')).toContain(
      'loadbalancer-controller: Warning Translate: Translation failed: invalid ingress spec: could not find service "default/web"',
    );
    await service('web', { type: 'NodePort' });
    await cluster.advance(180_000);
    expect(await pointOf('site')).toEqual({ ip: '198.51.100.2' });
    expect(await told('site')).toContain('loadbalancer-controller: Normal IPChanged: IP is now 198.51.100.2');
  });

  it('gets the machine’s address on minikube, by its class, which is the default', async () => {
    cluster = await virtualCluster({ seed: 1, preset: 'minikube' });
    await cluster.advance(10_000);
    await ingress('site', 'web');
    await ingress('other', 'web', { ingressClassName: 'of-nobody' });
    await cluster.advance(60_000);
    expect(await pointOf('site')).toEqual({ ip: '192.168.49.2' });
    expect(await told('site')).toEqual(['nginx-ingress-controller: Normal Sync: Scheduled for sync']);
    expect(await pointOf('other')).toBeUndefined();
  });
});
