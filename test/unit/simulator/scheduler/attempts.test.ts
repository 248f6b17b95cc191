import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { schedulerNoting } from '../../../../electron/simulator/scheduler';
import { SchedulingAttempts } from '../../../../electron/simulator/scheduler/attempts';
import type { Node, Pod } from '../../../../shared/kubernetes/objects';
import { nodes, pods } from '../../../../shared/kubernetes/resources';
import { type TestCluster, testCluster } from '../../../support/control-plane';

let cluster: TestCluster;
let attempts: SchedulingAttempts;

beforeEach(async () => {
  attempts = new SchedulingAttempts();
  cluster = await testCluster([schedulerNoting(attempts)]);
});
afterEach(async () => {
  await cluster.stop();
  expect(cluster.errors).toEqual([]);
});

type Taints = NonNullable<NonNullable<Node['spec']>['taints']>;

/** A node that somebody has seen to be ready. */
async function addNode(name: string, labels: Record<string, string> = {}, taints?: Taints): Promise<void> {
  await cluster.addNode(name, { labels });
  await cluster.client.patch(nodes, undefined, name, 'merge', { spec: { taints: taints ?? null } });
  const status = { allocatable: { cpu: '4', memory: '8Gi', pods: '110' } };
  await cluster.client.patch(nodes, undefined, name, 'merge', { status }, { subresource: 'status' });
}

async function create(name: string, spec: Partial<NonNullable<Pod['spec']>>): Promise<void> {
  await cluster.client.create(pods, {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'default' },
    spec: { containers: [{ name: 'main', image: 'nginx' }], automountServiceAccountToken: false, ...spec },
  });
  await cluster.advance(1_000);
}

describe('the attempts of the scheduler', () => {
  it('tell node by node what turned a pod away, and what may bring it back', async () => {
    await addNode('a');
    await addNode('b', { disk: 'hdd' });
    await addNode('c', { disk: 'ssd' }, [{ key: 'gpu', effect: 'NoSchedule' }]);
    await create('picky', { nodeSelector: { disk: 'ssd' } });
    const [verdict] = attempts.take().changed;
    expect(verdict).toMatchObject({ metadata: { namespace: 'default', name: 'picky' }, attempts: 1 });
    const message = (await cluster.client.get(pods, 'default', 'picky')).status?.conditions?.[0]?.message;
    expect(verdict?.history).toEqual([
      {
        time: expect.any(String),
        result: 'Unschedulable',
        message,
        nodes: 3,
        feasible: 0,
        rejections: [
          {
            plugin: 'NodeAffinity',
            reasons: ["node(s) didn't match Pod's node affinity/selector"],
            count: 2,
            nodes: ['a', 'b'],
            resolvable: false,
          },
          {
            plugin: 'TaintToleration',
            reasons: ['node(s) had untolerated taint(s)'],
            count: 1,
            nodes: ['c'],
            resolvable: false,
          },
        ],
        waitingFor: ['NodeAffinity', 'TaintToleration'],
      },
    ]);
    expect(attempts.take().changed).toEqual([]);
    await cluster.client.patch(nodes, undefined, 'a', 'merge', { metadata: { labels: { disk: 'ssd' } } });
    await cluster.advance(20_000);
    const [next] = attempts.take().changed;
    expect(next?.attempts).toBe(2);
    expect(next?.history.map(({ result, nodeName }) => `${result} ${nodeName}`)).toEqual([
      'Scheduled a',
      'Unschedulable undefined',
    ]);
  });

  it('tell what the nodes were worth, plugin by plugin, the best first', async () => {
    await addNode('a');
    await addNode('b', {}, [{ key: 'old', effect: 'PreferNoSchedule' }]);
    await create('any', {});
    const [attempt] = attempts.take().changed[0]?.history ?? [];
    expect(attempt).toMatchObject({ result: 'Scheduled', nodeName: 'a', nodes: 2, feasible: 2, rejections: [] });
    expect(attempt?.scores?.map(({ node }) => node)).toEqual(['a', 'b']);
    for (const { total, plugins } of attempt?.scores ?? []) {
      expect(plugins.reduce((sum, { score, weight }) => sum + score * weight, 0)).toBe(total);
    }
    const taints = (attempt?.scores ?? []).map(({ plugins }) =>
      plugins.find(({ plugin }) => plugin === 'TaintToleration'),
    );
    expect(taints).toMatchObject([{ score: 100, weight: 3 }, { score: 0 }]);
  });

  it('are of the last five, and go with their pod', async () => {
    await create('lost', {});
    for (let index = 0; index < 7; index++) {
      await cluster.addNode(`full-${index}`, { spec: { unschedulable: true } });
      await cluster.advance(60_000);
    }
    const [verdict] = attempts.take().changed;
    expect(verdict?.attempts).toBeGreaterThan(5);
    expect(verdict?.history).toHaveLength(5);
    await cluster.client.delete(pods, 'default', 'lost', { gracePeriodSeconds: 0 });
    await cluster.advance(1_000);
    expect(attempts.take()).toMatchObject({ changed: [], gone: [{ namespace: 'default', name: 'lost' }] });
  });
});
