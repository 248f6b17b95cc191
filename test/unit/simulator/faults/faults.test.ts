import { describe, expect, it } from 'vitest';
import type { Pod } from '../../../../shared/kubernetes/objects';
import { nodes, pods } from '../../../../shared/kubernetes/resources';
import { type NodeCluster, nodeCluster, profile } from '../../../support/node-cluster';

const MINUTE = 60_000;

const isRunning = (pod: Pod) => pod.status?.containerStatuses?.[0]?.state?.running !== undefined;
const waitsFor = (reason: string) => (pod: Pod) =>
  pod.status?.containerStatuses?.[0]?.state?.waiting?.reason === reason;

const condition = async ({ client }: NodeCluster, node: string, type: string) =>
  (await client.get(nodes, undefined, node)).status?.conditions?.find((each) => each.type === type);

const web = { containers: [{ name: 'web', image: 'nginx:1.29' }] };

describe('a machine without power', () => {
  it('falls silent, is found out, and starts its containers again when it is back', async () => {
    const cluster = await nodeCluster();
    await cluster.apply('web', web);
    const before = await cluster.until('web', isRunning);
    const { bootID } = (await cluster.client.get(nodes, undefined, 'worker-1')).status?.nodeInfo ?? {};

    cluster.faults.set('storm', { nodeDown: { nodes: ['worker-1'] } });
    expect(cluster.registry.connector('worker-1')).toBeUndefined();
    await cluster.advance(30_000);
    // Nobody knows yet.
    expect(await condition(cluster, 'worker-1', 'Ready')).toMatchObject({ status: 'True' });
    await cluster.advance(30_000);
    expect(await condition(cluster, 'worker-1', 'Ready')).toMatchObject({
      status: 'Unknown',
      reason: 'NodeStatusUnknown',
      message: 'Kubelet stopped posting node status.',
    });
    const lost = await cluster.pod('web');
    expect(lost.status?.conditions?.find(({ type }) => type === 'Ready')).toMatchObject({ status: 'False' });
    expect(isRunning(lost)).toBe(true);

    cluster.faults.set('storm', undefined);
    const after = await cluster.until(
      'web',
      (pod) => isRunning(pod) && pod.status?.containerStatuses?.[0]?.restartCount === 1,
    );
    expect(after.status?.containerStatuses?.[0]?.lastState?.terminated).toMatchObject({
      exitCode: 255,
      reason: 'Unknown',
    });
    expect(after.status?.podIP).not.toBe(before.status?.podIP);
    expect(await condition(cluster, 'worker-1', 'Ready')).toMatchObject({ status: 'True', reason: 'KubeletReady' });
    expect(await cluster.eventsOf('web')).toContain(
      'SandboxChanged: Pod sandbox changed, it will be killed and re-created.',
    );
    const node = await cluster.client.get(nodes, undefined, 'worker-1');
    expect(node.status?.nodeInfo?.bootID).not.toBe(bootID);
    expect(await cluster.eventsOf('worker-1')).toEqual(
      expect.arrayContaining([
        'NodeNotReady: Node worker-1 status is now: NodeNotReady',
        `Rebooted: Node worker-1 has been rebooted, boot id: ${node.status?.nodeInfo?.bootID}`,
        'NodeReady: Node worker-1 status is now: NodeReady (x2)',
      ]),
    );
    expect(cluster.errors).toEqual([]);
    await cluster.stop();
  });

  it('ends what was deleted while it was away', async () => {
    const cluster = await nodeCluster();
    await cluster.apply('web', web);
    await cluster.until('web', isRunning);
    cluster.faults.set('storm', { nodeDown: { nodes: ['worker-1'] } });
    await cluster.client.delete(pods, 'default', 'web');
    await cluster.advance(2 * MINUTE);
    expect((await cluster.pod('web')).metadata.deletionTimestamp).toBeDefined();
    cluster.faults.set('storm', undefined);
    await cluster.advance(MINUTE);
    await expect(cluster.pod('web')).rejects.toThrow('pods "web" not found');
    await cluster.stop();
  });
});

describe('a registry out of reach', () => {
  it('fails pulls until it is back, on the nodes that it is said of', async () => {
    const cluster = await nodeCluster([profile('worker-1', 1), profile('worker-2', 2)]);
    cluster.faults.set('cut', { registryUnreachable: { registries: ['docker.io'], nodes: ['worker-1'] } });
    await cluster.apply('here', { ...web, nodeName: 'worker-1' });
    await cluster.apply('there', { ...web, nodeName: 'worker-2' });
    await cluster.apply('other', {
      containers: [{ name: 'main', image: 'registry.k8s.io/e2e-test-images/agnhost:2.53' }],
      nodeName: 'worker-1',
    });
    await cluster.until('there', isRunning);
    const pod = await cluster.until('here', waitsFor('ImagePullBackOff'));
    expect(pod.status?.phase).toBe('Pending');
    expect(await cluster.eventsOf('here')).toContain(
      'Failed: Failed to pull image "nginx:1.29": rpc error: code = DeadlineExceeded desc = failed to pull and unpack image "docker.io/library/nginx:1.29": failed to resolve reference "docker.io/library/nginx:1.29": failed to do request: Head "https://registry-1.docker.io/v2/library/nginx/manifests/1.29": dial tcp 203.0.113.10:443: i/o timeout',
    );
    await cluster.until('other', isRunning);
    cluster.faults.set('cut', undefined);
    await cluster.until('here', isRunning);
    await cluster.stop();
  });
});

describe('a failing image', () => {
  it('crashes containers that run and that start, in any tag or in one', async () => {
    const cluster = await nodeCluster();
    await cluster.apply('web', web);
    await cluster.until('web', isRunning);
    cluster.faults.set('bad', { failingImage: { image: 'nginx:1.28' } });
    await cluster.advance(5_000);
    expect(isRunning(await cluster.pod('web'))).toBe(true);
    cluster.faults.set('bad', {
      failingImage: { image: 'nginx', exitCode: 3, afterSeconds: 2, output: 'panic: no moon' },
    });
    const pod = await cluster.until('web', waitsFor('CrashLoopBackOff'));
    expect(pod.status?.containerStatuses?.[0]?.lastState?.terminated).toMatchObject({ exitCode: 3, reason: 'Error' });
    expect(await cluster.logs('web', 'web', true)).toMatch(/panic: no moon\n$/);
    cluster.faults.set('bad', undefined);
    await cluster.until('web', isRunning);
    await cluster.advance(10 * MINUTE);
    expect(isRunning(await cluster.pod('web'))).toBe(true);
    await cluster.stop();
  });
});

describe('a slow disk', () => {
  const timeToStart = async (factor?: number) => {
    const cluster = await nodeCluster();
    if (factor !== undefined) cluster.faults.set('worn', { slowDisk: { nodes: ['worker-1'], factor } });
    const started = cluster.clock.now();
    await cluster.apply('web', web);
    await cluster.until('web', isRunning);
    const took = cluster.clock.now() - started;
    await cluster.stop();
    return took;
  };

  it('makes everything take longer', async () => {
    expect(await timeToStart(50)).toBeGreaterThan(20 * (await timeToStart()));
  });
});
