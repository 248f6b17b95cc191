import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { daemonSetController } from '../../../../electron/simulator/controllers/daemon-set';
import type { DaemonSet, Pod } from '../../../../shared/kubernetes/objects';
import { controllerRevisions, daemonSets, nodes, pods } from '../../../../shared/kubernetes/resources';
import { type TestCluster, testCluster } from '../../../support/control-plane';

const agent: DaemonSet = {
  apiVersion: 'apps/v1',
  kind: 'DaemonSet',
  metadata: { name: 'agent', namespace: 'default' },
  spec: {
    selector: { matchLabels: { app: 'agent' } },
    template: { metadata: { labels: { app: 'agent' } }, spec: { containers: [{ name: 'agent', image: 'agent:1' }] } },
  },
};

const target = (pod: Pod) =>
  pod.spec?.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms[0]
    ?.matchFields?.[0]?.values?.[0];

describe('daemon set', () => {
  let cluster: TestCluster;
  beforeEach(async () => {
    cluster = await testCluster([daemonSetController]);
    for (const name of ['a', 'b', 'c']) await cluster.addNode(name, { labels: { disk: name === 'a' ? 'hdd' : 'ssd' } });
  });
  afterEach(async () => {
    await cluster.stop();
    expect(cluster.errors).toEqual([]);
  });

  const all = async () => (await cluster.client.list(pods)).items;
  const runAll = async () => {
    for (const pod of await all()) {
      if (pod.status?.phase === 'Pending') await cluster.run(pod, target(pod));
    }
    await cluster.advance(1000);
  };
  const status = async () => (await cluster.client.get(daemonSets, 'default', 'agent')).status;
  const untaint = async () => {
    for (const { metadata } of (await cluster.client.list(nodes)).items) {
      await cluster.client.patch(nodes, undefined, metadata.name ?? '', 'merge', { spec: { taints: null } });
    }
  };

  it('puts one pod on each node that its taints and labels allow', async () => {
    await untaint();
    await cluster.client.patch(nodes, undefined, 'b', 'merge', {
      spec: { taints: [{ key: 'dedicated', value: 'x', effect: 'NoSchedule' }] },
    });
    await cluster.client.create(daemonSets, agent);
    await cluster.advance(1000);
    expect((await all()).map(target).sort()).toEqual(['a', 'c']);
    const [pod] = await all();
    expect(pod?.spec?.tolerations).toContainEqual({
      key: 'node.kubernetes.io/unschedulable',
      operator: 'Exists',
      effect: 'NoSchedule',
    });
    await runAll();
    expect(await status()).toMatchObject({
      desiredNumberScheduled: 2,
      currentNumberScheduled: 2,
      numberReady: 2,
      numberAvailable: 2,
      updatedNumberScheduled: 2,
      numberMisscheduled: 0,
    });
    await cluster.addNode('d');
    await cluster.client.patch(nodes, undefined, 'd', 'merge', { spec: { taints: null } });
    await cluster.advance(1000);
    expect((await all()).map(target).sort()).toEqual(['a', 'c', 'd']);
  });

  it('leaves nodes that no longer match', async () => {
    await untaint();
    const template = agent.spec?.template;
    await cluster.client.create(daemonSets, {
      ...agent,
      spec: {
        selector: { matchLabels: { app: 'agent' } },
        template: {
          ...template,
          spec: { containers: template?.spec?.containers ?? [], nodeSelector: { disk: 'ssd' } },
        },
      },
    });
    await cluster.advance(1000);
    expect((await all()).map(target).sort()).toEqual(['b', 'c']);
    await cluster.client.patch(nodes, undefined, 'b', 'merge', { metadata: { labels: { disk: 'hdd' } } });
    await cluster.advance(1000);
    expect((await all()).map(target)).toEqual(['c']);
  });

  it('replaces one pod at a time, and keeps the revisions', async () => {
    await untaint();
    await cluster.client.create(daemonSets, agent);
    await cluster.advance(1000);
    await runAll();
    const patch = { spec: { template: { spec: { containers: [{ name: 'agent', image: 'agent:2' }] } } } };
    await cluster.client.patch(daemonSets, 'default', 'agent', 'strategic', patch);
    for (let step = 0; step < 10; step++) {
      await cluster.advance(1000);
      const present = await all();
      expect(present.filter(({ metadata }) => metadata.deletionTimestamp !== undefined).length).toBeLessThanOrEqual(1);
      for (const pod of present) if (pod.metadata.deletionTimestamp !== undefined) await cluster.reap(pod);
      await cluster.advance(1000);
      await runAll();
    }
    expect((await all()).map((pod) => pod.spec?.containers[0]?.image)).toEqual(Array(3).fill('agent:2'));
    expect((await status())?.updatedNumberScheduled).toBe(3);
    const revisions = (await cluster.client.list(controllerRevisions)).items.map(({ revision }) => revision);
    expect(revisions.sort()).toEqual([1, 2]);
    const before = await cluster.revision();
    await cluster.advance(3_600_000);
    expect(await cluster.revision()).toBe(before);
  });
});
