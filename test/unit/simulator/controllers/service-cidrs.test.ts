import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { serviceCidrController } from '../../../../electron/simulator/controllers/service-cidrs';
import type { IPAddress, Service, ServiceCIDR } from '../../../../shared/kubernetes/objects';
import { events, ipAddresses, serviceCidrs, services } from '../../../../shared/kubernetes/resources';
import { type TestCluster, testCluster } from '../../../support/control-plane';

const range = (name: string, cidr: string): ServiceCIDR => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'ServiceCIDR',
  metadata: { name },
  spec: { cidrs: [cidr] },
});

const service = (clusterIP: string): Service => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'web', namespace: 'default' },
  spec: { clusterIP, ports: [{ port: 80 }] },
});

const address = (name: string, parent: string): IPAddress => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'IPAddress',
  metadata: {
    name,
    labels: {
      'ipaddress.kubernetes.io/ip-family': 'IPv4',
      'ipaddress.kubernetes.io/managed-by': 'ipallocator.k8s.io',
    },
  },
  spec: { parentRef: { resource: 'services', namespace: 'default', name: parent } },
});

describe('addresses of Services', () => {
  let cluster: TestCluster;
  beforeEach(async () => {
    cluster = await testCluster([serviceCidrController]);
    await cluster.advance();
  });
  afterEach(async () => {
    await cluster.stop();
    expect(cluster.errors).toEqual([]);
  });

  const names = async () => (await cluster.client.list(ipAddresses)).items.map(({ metadata }) => metadata.name);
  const ranges = async () =>
    (await cluster.client.list(serviceCidrs)).items.map(({ metadata, status }) => {
      const { status: ready, reason, message } = status?.conditions?.[0] ?? {};
      return [metadata.name, ready, reason, message];
    });
  const told = async () => (await cluster.client.list(events)).items.map(({ reason, message }) => [reason, message]);

  it('stand as objects for as long as a Service has them', async () => {
    await cluster.client.create(services, service('10.96.0.7'));
    expect(await names()).toEqual(['10.96.0.1', '10.96.0.7']);
    await cluster.client.update(services, {
      ...service(''),
      spec: { type: 'ExternalName', externalName: 'example.com' },
    });
    expect(await names()).toEqual(['10.96.0.1']);
    await cluster.client.update(services, service('10.96.0.8'));
    expect(await names()).toEqual(['10.96.0.1', '10.96.0.8']);
    await cluster.client.delete(services, 'default', 'web');
    expect(await names()).toEqual(['10.96.0.1']);
    expect(await told()).toEqual([]);
  });

  it('are given to one of two Services that ask at once', async () => {
    const other = { ...service('10.96.0.7'), metadata: { name: 'other', namespace: 'default' } };
    const results = await Promise.allSettled([
      cluster.client.create(services, service('10.96.0.7')),
      cluster.client.create(services, other),
    ]);
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect((await cluster.client.list(services)).items).toHaveLength(2);
  });

  it('are made again when somebody takes them away, after three minutes', async () => {
    await cluster.client.create(services, service('10.96.0.7'));
    await cluster.advance();
    await cluster.client.delete(ipAddresses, undefined, '10.96.0.7');
    await cluster.advance(179_000);
    expect(await names()).toEqual(['10.96.0.1']);
    await cluster.advance(2_000);
    expect(await names()).toEqual(['10.96.0.1', '10.96.0.7']);
    expect(await told()).toEqual([
      ['ClusterIPNotAllocated', 'Cluster IP [IPv4]: 10.96.0.7 is not allocated; repairing'],
    ]);
  });

  it('are taken away when they are left of nothing, after a minute', async () => {
    await cluster.client.create(services, service('10.96.0.7'));
    await cluster.client.create(ipAddresses, address('10.96.0.9', 'gone'));
    await cluster.client.create(ipAddresses, address('10.96.0.10', 'web'));
    await cluster.advance(59_000);
    expect(await names()).toHaveLength(4);
    await cluster.advance(2_000);
    expect(await names()).toEqual(['10.96.0.1', '10.96.0.7']);
    expect(await told()).toEqual([
      ['IPAddressWrongReference', 'IPAddress: 10.96.0.10 for Service default/web has a wrong reference; cleaning up'],
      ['IPAddressNotAllocated', 'IPAddress: 10.96.0.9 for Service default/gone appears to have leaked: cleaning up'],
    ]);
  });

  it('keep their range from going', async () => {
    await cluster.client.create(serviceCidrs, range('more', '172.30.0.0/24'));
    await cluster.advance();
    const ready = ['True', '', 'Kubernetes Service CIDR is ready'];
    expect(await ranges()).toEqual([
      ['kubernetes', ...ready],
      ['more', ...ready],
    ]);
    await cluster.client.create(services, service('172.30.0.7'));
    await cluster.client.delete(serviceCidrs, undefined, 'more');
    await cluster.advance(60_000);
    expect(await ranges()).toEqual([
      ['kubernetes', ...ready],
      [
        'more',
        'False',
        'Terminating',
        'There are still IPAddresses referencing the ServiceCIDR, please remove them or create a new ServiceCIDR',
      ],
    ]);
    await cluster.client.delete(services, 'default', 'web');
    await cluster.advance();
    expect(await ranges()).toEqual([['kubernetes', ...ready]]);
  });

  it('do not keep it when another range has them too, but for ten seconds', async () => {
    await cluster.client.create(serviceCidrs, range('more', '172.30.0.0/24'));
    await cluster.client.create(serviceCidrs, range('most', '172.30.0.0/16'));
    await cluster.advance();
    await cluster.client.create(services, service('172.30.0.7'));
    await cluster.client.delete(serviceCidrs, undefined, 'more');
    await cluster.advance(9_000);
    expect((await ranges()).map(([name]) => name)).toEqual(['kubernetes', 'more', 'most']);
    await cluster.advance(2_000);
    expect((await ranges()).map(([name]) => name)).toEqual(['kubernetes', 'most']);
  });
});

describe("the server's own range", () => {
  it('comes back when it is deleted', async () => {
    const cluster = await testCluster([]);
    await cluster.client.delete(serviceCidrs, undefined, 'kubernetes');
    await cluster.advance(9_000);
    expect((await cluster.client.list(serviceCidrs)).items).toEqual([]);
    await cluster.advance(2_000);
    expect((await cluster.client.list(serviceCidrs)).items).toMatchObject([
      {
        spec: { cidrs: ['10.96.0.0/12'] },
        status: { conditions: [{ message: 'Kubernetes default Service CIDR is ready' }] },
      },
    ]);
    await cluster.stop();
  });
});
