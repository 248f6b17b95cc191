import { afterEach, describe, expect, it } from 'vitest';
import { nodes, pods } from '../../../shared/kubernetes/resources';
import { type NodeCluster, nodeCluster, profile } from '../../support/node-cluster';

let cluster: NodeCluster;
afterEach(async () => {
  expect(cluster.errors).toEqual([]);
  await cluster.stop();
});

const pause = { name: 'main', image: 'registry.k8s.io/pause:3.10.1' };
const asking = (cpu: string) => ({ containers: [{ ...pause, resources: { requests: { cpu } } }] });
const running = { phase: 'Running' };

describe('the scheduler', () => {
  it('says why a pod is pending, in its condition and in an event, and places it when a node has what it asks', async () => {
    cluster = await nodeCluster();
    await cluster.apply('picky', { nodeSelector: { disk: 'ssd' }, containers: [pause] });
    await cluster.advance(100);
    const message =
      "0/1 nodes are available: 1 node(s) didn't match Pod's node affinity/selector. no new claims to deallocate, preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling.";
    expect((await cluster.pod('picky')).status?.conditions).toEqual([
      expect.objectContaining({ type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message }),
    ]);
    expect(await cluster.eventsOf('picky')).toEqual([`FailedScheduling: ${message}`]);
    await cluster.client.patch(nodes, undefined, 'worker-1', 'merge', { metadata: { labels: { disk: 'ssd' } } });
    const pod = await cluster.until('picky', ({ status }) => status?.phase === 'Running', 10_000);
    expect(pod.status?.conditions?.find(({ type }) => type === 'PodScheduled')).toMatchObject({ status: 'True' });
    expect(await cluster.eventsOf('picky')).toContain('Scheduled: Successfully assigned default/picky to worker-1');
  });

  it('gives the room of a pod that has gone to the one that waits', async () => {
    cluster = await nodeCluster();
    await cluster.apply('first', asking('3'));
    await cluster.until('first', ({ status }) => status?.phase === 'Running');
    await cluster.apply('second', asking('2'));
    await cluster.advance(60_000);
    expect((await cluster.pod('second')).status?.phase).toBe('Pending');
    expect(await cluster.eventsOf('second')).toHaveLength(1);
    await cluster.client.delete(pods, 'default', 'first', { gracePeriodSeconds: 1 });
    expect((await cluster.until('second', ({ status }) => status?.phase === 'Running')).status).toMatchObject(running);
  });

  it('never gives a node more than it has, however fast pods come', async () => {
    cluster = await nodeCluster([profile('a', 1), profile('b', 2), profile('c', 3)]);
    await Promise.all(Array.from({ length: 15 }, (_, i) => cluster.apply(`p${i}`, asking('1'))));
    await cluster.advance(20_000);
    const { items } = await cluster.client.list(pods);
    const on = (name: string | undefined) => items.filter(({ spec }) => spec?.nodeName === name).length;
    expect([on('a'), on('b'), on('c'), on(undefined)]).toEqual([4, 4, 4, 3]);
  });

  it('leaves a gated pod alone until its gates are gone, and other schedulers’ pods for good', async () => {
    cluster = await nodeCluster();
    await cluster.apply('gated', { schedulingGates: [{ name: 'example.com/wait' }], containers: [pause] });
    await cluster.apply('foreign', { schedulerName: 'other', containers: [pause] });
    await cluster.advance(400_000);
    expect((await cluster.pod('gated')).spec?.nodeName).toBeUndefined();
    await cluster.client.patch(pods, 'default', 'gated', 'merge', { spec: { schedulingGates: null } });
    await cluster.until('gated', ({ status }) => status?.phase === 'Running', 10_000);
    expect((await cluster.pod('foreign')).spec?.nodeName).toBeUndefined();
  });

  it('serves the more important pod first', async () => {
    cluster = await nodeCluster([profile('a', 1, { taints: [{ key: 'k', effect: 'NoSchedule' }] })]);
    await cluster.apply('low', asking('3'));
    await cluster.apply('high', { ...asking('3'), priorityClassName: 'system-cluster-critical' });
    await cluster.advance(100);
    await cluster.client.patch(nodes, undefined, 'a', 'merge', { spec: { taints: null } });
    await cluster.until('high', ({ status }) => status?.phase === 'Running', 20_000);
    await cluster.advance(20_000);
    expect((await cluster.pod('low')).status?.phase).toBe('Pending');
  });
});
