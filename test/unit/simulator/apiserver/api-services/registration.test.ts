import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { APIService } from '../../../../../shared/kubernetes/objects';
import { apiServices, endpointSlices, services } from '../../../../../shared/kubernetes/resources';
import { type TestCluster, testCluster } from '../../../../support/control-plane';

const remote = (): APIService => ({
  apiVersion: 'apiregistration.k8s.io/v1',
  kind: 'APIService',
  metadata: { name: 'v1beta1.custom.metrics.k8s.io' },
  spec: {
    group: 'custom.metrics.k8s.io',
    version: 'v1beta1',
    groupPriorityMinimum: 100,
    versionPriority: 100,
    insecureSkipTLSVerify: true,
    service: { namespace: 'default', name: 'metrics', port: 443 },
  },
});

describe('APIServices', () => {
  let cluster: TestCluster;
  beforeEach(async () => {
    cluster = await testCluster([]);
    await cluster.advance();
  });
  afterEach(async () => {
    await cluster.stop();
    expect(cluster.errors).toEqual([]);
  });

  const names = async () => (await cluster.client.list(apiServices)).items.map(({ metadata }) => metadata.name);

  it("are the server's own to make once, and then anybody's to delete", async () => {
    expect(await names()).toContain('v1.apps');
    await cluster.client.delete(apiServices, undefined, 'v1.apps');
    await cluster.advance(60_000);
    expect(await names()).not.toContain('v1.apps');
  });

  it('do not stay when the server calls them its own and serves nothing of the kind', async () => {
    const { spec: { service: _, insecureSkipTLSVerify: __, ...spec } = {}, ...rest } = remote();
    const local = { ...rest, spec } as APIService;
    local.metadata.labels = { 'kube-aggregator.kubernetes.io/automanaged': 'true' };
    await cluster.client.create(apiServices, local);
    await cluster.advance();
    expect(await names()).not.toContain('v1beta1.custom.metrics.k8s.io');
  });

  it('say why a Service cannot answer', async () => {
    const condition = async () => {
      await cluster.advance(31_000);
      const { status } = await cluster.client.get(apiServices, undefined, 'v1beta1.custom.metrics.k8s.io');
      return status?.conditions?.map(({ type, status: is, reason, message }) => `${type}=${is} ${reason}: ${message}`);
    };
    await cluster.client.create(apiServices, remote());
    expect(await condition()).toEqual(['Available=False ServiceNotFound: service/metrics in "default" is not present']);
    await cluster.client.create(services, {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'metrics', namespace: 'default' },
      spec: { clusterIP: '10.96.0.7', ports: [{ name: 'web', port: 80 }] },
    });
    expect(await condition()).toEqual([
      'Available=False ServicePortError: service/metrics in "default" is not listening on port 443',
    ]);
    await cluster.client.patch(services, 'default', 'metrics', 'merge', {
      spec: { ports: [{ name: 'https', port: 443 }] },
    });
    expect(await condition()).toEqual([
      'Available=False EndpointsNotFound: cannot find endpointslices for service/metrics in "default"',
    ]);
    const slice = (ready: boolean) => ({
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      metadata: { name: 'metrics', namespace: 'default', labels: { 'kubernetes.io/service-name': 'metrics' } },
      addressType: 'IPv4',
      endpoints: [{ addresses: ['10.0.0.9'], conditions: { ready } }],
      ports: [{ name: 'https', port: 4443, protocol: 'TCP' }],
    });
    await cluster.client.create(endpointSlices, slice(false));
    expect(await condition()).toEqual([
      'Available=False MissingEndpoints: endpointslices for service/metrics in "default" have no addresses with port name "https"',
    ]);
    await cluster.client.update(endpointSlices, slice(true));
    const url = 'https://10.96.0.7:443/apis/custom.metrics.k8s.io/v1beta1';
    expect(await condition()).toEqual([
      `Available=False FailedDiscoveryCheck: failing or missing response from ${url}: Get "${url}": dial tcp 10.96.0.7:443: connect: connection refused`,
    ]);
  });
});
