import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sizeFor } from '../../../../electron/simulator/cloud/fargate-size';
import { isPodReady } from '../../../../shared/kubernetes/conditions';
import type { Pod } from '../../../../shared/kubernetes/objects';
import { deployments, events, namespaces, nodes, pods } from '../../../../shared/kubernetes/resources';
import { type VirtualCluster, virtualCluster } from '../../../support/virtual-cluster';

let cluster: VirtualCluster;

beforeEach(async () => {
  cluster = await virtualCluster({ seed: 1, preset: 'eks' });
  await cluster.client.create(namespaces, { metadata: { name: 'serverless' } });
  await cluster.advance(10_000);
});

afterEach(async () => {
  await cluster.stop();
  expect(cluster.errors).toEqual([]);
});

const machines = async () =>
  (await cluster.client.list(nodes)).items.filter(({ metadata }) => metadata.name?.startsWith('fargate-'));
const all = async () => (await cluster.client.list(pods, { namespace: 'serverless' })).items;
const told = async (name: string) =>
  (await cluster.client.list(events)).items
    .filter(({ involvedObject }) => involvedObject.name === name)
    .map(({ reason, message }) => `${reason}: ${message}`);
const pod = (name: string, spec: object = {}) =>
  cluster.client.create(pods, {
    metadata: { name, namespace: 'serverless' },
    spec: { containers: [{ name: 'main', image: 'nginx:1.29' }], ...spec },
  });

describe('a pod of a Fargate profile', () => {
  it('gets a machine of its own, of the size that it needs, which goes with it', async () => {
    const template = {
      metadata: { labels: { app: 'web' } },
      spec: {
        containers: [{ name: 'main', image: 'nginx:1.29', resources: { requests: { cpu: '600m', memory: '1Gi' } } }],
      },
    };
    await cluster.client.create(deployments, {
      metadata: { name: 'web', namespace: 'serverless' },
      spec: { replicas: 3, selector: { matchLabels: { app: 'web' } }, template },
    });
    await cluster.advance(10_000);
    expect(await machines()).toEqual([]);
    await cluster.advance(120_000);
    const there = await all();
    expect(there.filter(isPodReady)).toHaveLength(3);
    expect(new Set(there.map(({ spec }) => spec?.nodeName)).size).toBe(3);
    expect(there[0]?.metadata.labels?.['eks.amazonaws.com/fargate-profile']).toBe('serverless');
    expect(there[0]?.metadata.annotations?.CapacityProvisioned).toBe('1vCPU 2GB');
    const [machine] = await machines();
    expect(machine?.status?.capacity).toMatchObject({ cpu: '1', pods: '1' });
    expect(machine?.spec?.taints).toEqual([
      { key: 'eks.amazonaws.com/compute-type', value: 'fargate', effect: 'NoSchedule' },
    ]);
    await cluster.client.patch(deployments, 'serverless', 'web', 'merge', { spec: { replicas: 1 } });
    await cluster.advance(120_000);
    expect(await machines()).toHaveLength(1);
    expect((await all()).filter(isPodReady)).toHaveLength(1);
  });

  it('is told what Fargate does not run', async () => {
    await pod('host', { hostNetwork: true });
    await pod('large', {
      containers: [{ name: 'main', image: 'nginx:1.29', resources: { requests: { cpu: '20' } } }],
    });
    await cluster.advance(120_000);
    expect((await told('host'))[0]).toMatch(
      /^FailedScheduling: Pod not supported on Fargate: fields not supported: HostNetwork/,
    );
    expect((await told('large'))[0]).toMatch(/^FailedScheduling: /);
    expect(await machines()).toEqual([]);
  });

  it('is left alone in other namespaces', async () => {
    await cluster.client.create(pods, {
      metadata: { name: 'plain', namespace: 'default' },
      spec: { containers: [{ name: 'main', image: 'nginx:1.29' }] },
    });
    await cluster.advance(60_000);
    const plain = await cluster.client.get(pods, 'default', 'plain');
    expect(plain.spec?.schedulerName).toBe('default-scheduler');
    expect(isPodReady(plain)).toBe(true);
  });
});

describe('the size of a machine', () => {
  const needing = (cpu: string, memory: string): Pod => ({
    metadata: {},
    spec: { containers: [{ name: 'main', image: 'a', resources: { requests: { cpu, memory } } }] },
  });
  it.each([
    ['0', '0', 0.25, 0.5],
    ['250m', '256Mi', 0.25, 0.5],
    ['250m', '257Mi', 0.25, 1],
    ['251m', '256Mi', 0.5, 1],
    ['1', '8Gi', 2, 9],
    ['16', '119Gi', 16, 120],
  ])('is the smallest with %s cores and %s of memory', (cpu, memory, cores, gigabytes) => {
    expect(sizeFor(needing(cpu, memory))).toEqual({ cores, gigabytes });
  });
  it('has an end', () => expect(sizeFor(needing('16', '120Gi'))).toBeUndefined());
});
