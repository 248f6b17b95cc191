import { describe, expect, it } from 'vitest';
import { presets } from '../../../electron/simulator/presets';
import { isConditionTrue, isPodReady } from '../../../shared/kubernetes/conditions';
import { deployments, nodes, pods, services } from '../../../shared/kubernetes/resources';
import { virtualCluster } from '../../support/virtual-cluster';

const small = presets.filter(({ name }) => name !== 'busy');

describe('each preset', () => {
  it.each(small)('has all its nodes ready and all its pods run: $name', async (preset) => {
    const cluster = await virtualCluster({ seed: 1, preset });
    await cluster.advance(120_000);
    const there = (await cluster.client.list(nodes)).items;
    expect(there.map(({ metadata }) => metadata.name).sort()).toEqual(preset.nodes.map(({ name }) => name).sort());
    expect(there.filter(({ status }) => !isConditionTrue(status?.conditions, 'Ready'))).toEqual([]);
    const waiting = (await cluster.client.list(pods)).items.filter((pod) => !isPodReady(pod));
    expect(waiting.map(({ metadata, status }) => [metadata.name, status])).toEqual([]);
    await cluster.stop();
    expect(cluster.errors).toEqual([]);
  });

  it('is told in one line, and is there once', () => {
    expect(new Set(presets.map(({ name }) => name)).size).toBe(presets.length);
    for (const { description } of presets) expect(description).toMatch(/^[^\n]{20,100}$/);
  });
});

describe('the preset busy', () => {
  it('has hundreds of workloads at work, and some that do not, the same ones every time', async () => {
    const cluster = await virtualCluster({ seed: 1, preset: 'busy' });
    await cluster.advance(90_000);
    const all = (await cluster.client.list(pods)).items;
    expect((await cluster.client.list(deployments)).items.length).toBeGreaterThan(300);
    expect((await cluster.client.list(services)).items.length).toBeGreaterThan(300);
    expect(all.length).toBeGreaterThan(900);
    const broken = all.filter((pod) => !isPodReady(pod) && pod.status?.phase !== 'Succeeded');
    expect(broken.length).toBeGreaterThan(5);
    expect(broken.length).toBeLessThan(all.length / 10);
    await cluster.stop();
  }, 60_000);
});

describe('the preset minikube', () => {
  it('labels its one node as minikube does, and takes pods on it', async () => {
    const cluster = await virtualCluster({ seed: 1, preset: 'minikube' });
    await cluster.advance(30_000);
    const node = await cluster.client.get(nodes, undefined, 'minikube');
    expect(node.metadata.labels).toMatchObject({
      'minikube.k8s.io/primary': 'true',
      'node-role.kubernetes.io/control-plane': '',
    });
    expect(node.spec?.taints).toBeUndefined();
    await cluster.stop();
  });
});
