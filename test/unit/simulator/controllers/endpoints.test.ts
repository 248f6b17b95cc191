import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { endpointSliceController } from '../../../../electron/simulator/controllers/endpoints/endpoint-slice';
import { endpointsController } from '../../../../electron/simulator/controllers/endpoints/endpoints';
import { ServiceRange } from '../../../../electron/simulator/network/service-range';
import type { Pod, Service } from '../../../../shared/kubernetes/objects';
import { endpointSlices, endpoints, pods, services } from '../../../../shared/kubernetes/resources';
import { type TestCluster, testCluster } from '../../../support/control-plane';

describe('endpoints', () => {
  let cluster: TestCluster;
  beforeEach(async () => {
    cluster = await testCluster([endpointSliceController, endpointsController]);
    await cluster.addNode('worker-1', { labels: { 'topology.kubernetes.io/zone': 'zone-a' } });
  });
  afterEach(async () => {
    await cluster.stop();
    expect(cluster.errors).toEqual([]);
  });

  const service = (spec: Partial<NonNullable<Service['spec']>> = {}) =>
    cluster.client.create(services, {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'web', namespace: 'default', labels: { team: 'shop' } },
      spec: { selector: { app: 'web' }, ports: [{ name: 'http', port: 80, targetPort: 'http' }], ...spec },
    });
  const pod = (name: string, port = 8080): Promise<Pod> =>
    cluster.client.create(pods, {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name, namespace: 'default', labels: { app: 'web' } },
      spec: { containers: [{ name: 'web', image: 'nginx', ports: [{ name: 'http', containerPort: port }] }] },
    });
  const slices = async () =>
    (await cluster.client.list(endpointSlices, { labelSelector: 'kubernetes.io/service-name=web' })).items;
  const legacy = () => cluster.client.get(endpoints, 'default', 'web');

  it('list ready pods with node, zone and the port that a name means', async () => {
    await service();
    const running = await cluster.run(await pod('one'));
    await cluster.advance(1000);
    const [slice] = await slices();
    expect(slice).toMatchObject({
      addressType: 'IPv4',
      metadata: {
        labels: {
          team: 'shop',
          'kubernetes.io/service-name': 'web',
          'endpointslice.kubernetes.io/managed-by': 'endpointslice-controller.k8s.io',
        },
        ownerReferences: [{ kind: 'Service', name: 'web', controller: true }],
      },
      ports: [{ name: 'http', port: 8080, protocol: 'TCP' }],
      endpoints: [
        {
          addresses: [running.status?.podIP],
          conditions: { ready: true, serving: true, terminating: false },
          nodeName: 'worker-1',
          zone: 'zone-a',
          targetRef: { kind: 'Pod', name: 'one', namespace: 'default', uid: running.metadata.uid },
        },
      ],
    });
    expect((await legacy()).subsets).toMatchObject([
      { addresses: [{ ip: running.status?.podIP, targetRef: { name: 'one' } }], ports: [{ name: 'http', port: 8080 }] },
    ]);
  });

  it('tell a terminating pod from a ready one, then forget it', async () => {
    await service();
    const running = await cluster.run(await pod('one'));
    await cluster.client.delete(pods, 'default', 'one');
    await cluster.advance(1000);
    expect((await slices())[0]?.endpoints?.[0]?.conditions).toEqual({ ready: false, serving: true, terminating: true });
    expect((await legacy()).subsets ?? []).toEqual([]);
    await cluster.reap(running);
    await cluster.advance(1000);
    expect((await slices()).map((slice) => slice.endpoints ?? [])).toEqual([[]]);
  });

  it('are split into slices of a hundred and by what a port name means', async () => {
    await service();
    for (let index = 0; index < 150; index++) await cluster.run(await pod(`pod-${index}`, index < 120 ? 8080 : 9090));
    await cluster.advance(1000);
    expect((await slices()).map((slice) => slice.endpoints?.length).sort()).toEqual([100, 20, 30]);
    const before = await cluster.revision();
    await cluster.advance(60_000);
    expect(await cluster.revision()).toBe(before);
  });

  it('are of the families of their service, empty where no pod has an address', async () => {
    await cluster.stop();
    cluster = await testCluster([endpointSliceController], {
      serviceRanges: ServiceRange.parse('10.96.0.0/16,fd00:10:96::/112'),
    });
    await service({ ipFamilyPolicy: 'PreferDualStack' });
    const running = await cluster.run(await pod('one'));
    await cluster.advance(1000);
    const told = async () =>
      Object.fromEntries((await slices()).map(({ addressType, endpoints: all = [] }) => [addressType, all.length]));
    expect(await told()).toEqual({ IPv4: 1, IPv6: 0 });
    const podIPs = [...(running.status?.podIPs ?? []), { ip: 'fd00::5' }];
    await cluster.client.update(pods, { ...running, status: { ...running.status, podIPs } }, { subresource: 'status' });
    await cluster.advance(1000);
    expect(await told()).toEqual({ IPv4: 1, IPv6: 1 });
    await cluster.client.patch(services, 'default', 'web', 'merge', { spec: { ipFamilyPolicy: 'SingleStack' } });
    await cluster.advance(1000);
    expect(await told()).toEqual({ IPv4: 1 });
  });

  it('go with their service', async () => {
    await service({ clusterIP: 'None' });
    await cluster.run(await pod('one'));
    await cluster.advance(1000);
    expect((await slices())[0]?.metadata.labels).toHaveProperty(['service.kubernetes.io/headless'], '');
    await cluster.client.delete(services, 'default', 'web');
    await cluster.advance(1000);
    expect(
      (await cluster.client.list(endpoints, { namespace: 'default' })).items.map(({ metadata }) => metadata.name),
    ).toEqual(['kubernetes']);
  });
});
