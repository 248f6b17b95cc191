import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isPodReady } from '../../../../shared/kubernetes/conditions';
import type { Pod } from '../../../../shared/kubernetes/objects';
import {
  events,
  nodes,
  persistentVolumeClaims,
  pods,
  volumeAttachments,
} from '../../../../shared/kubernetes/resources';
import { faults } from '../../../../shared/kubernetes/simulator';
import { type VirtualCluster, virtualCluster } from '../../../support/virtual-cluster';

let cluster: VirtualCluster;
/** Two nodes of one zone, so that a disk may move between them. */
let here: string;
let there: string;

beforeEach(async () => {
  cluster = await virtualCluster({ seed: 1, preset: 'gke' });
  await cluster.advance(20_000);
  const [one, two] = (await cluster.client.list(nodes)).items;
  here = one?.metadata.name ?? '';
  there = two?.metadata.name ?? '';
  for (const name of [here, there]) {
    await cluster.client.patch(nodes, undefined, name, 'merge', {
      metadata: { labels: { 'topology.gke.io/zone': 'z' } },
    });
  }
  await cluster.client.create(persistentVolumeClaims, {
    metadata: { name: 'data', namespace: 'default' },
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
  });
});

afterEach(async () => {
  await cluster.stop();
  expect(cluster.errors).toEqual([]);
});

const pod = (name: string, node: string, more: Partial<NonNullable<Pod['spec']>> = {}) =>
  cluster.client.create(pods, {
    metadata: { name, namespace: 'default' },
    spec: {
      nodeSelector: { 'kubernetes.io/hostname': node },
      terminationGracePeriodSeconds: 1,
      volumes: [{ name: 'data', persistentVolumeClaim: { claimName: 'data' } }],
      containers: [{ name: 'main', image: 'nginx:1.29', volumeMounts: [{ name: 'data', mountPath: '/data' }] }],
      ...more,
    },
  });
const isReady = async (name: string) => isPodReady(await cluster.client.get(pods, 'default', name));
const volume = async () => (await cluster.client.get(persistentVolumeClaims, 'default', 'data')).spec?.volumeName;
const attachments = async () =>
  (await cluster.client.list(volumeAttachments)).items.map(({ spec, status }) => [spec.nodeName, status?.attached]);
const volumesOf = async (name: string) => {
  const { volumesAttached = [], volumesInUse = [] } = (await cluster.client.get(nodes, undefined, name)).status ?? {};
  return { attached: volumesAttached.map((each) => each.name), inUse: volumesInUse };
};
const told = async (name: string) =>
  (await cluster.client.list(events)).items
    .filter(({ involvedObject }) => involvedObject.name === name)
    .map(({ source, reason, message }) => `${source?.component} ${reason}: ${message}`);

describe('a disk', () => {
  it('is attached before the pod that uses it starts, and detached after it is gone', async () => {
    await pod('web', here);
    await cluster.advance(60_000);
    expect(await isReady('web')).toBe(true);
    expect(await attachments()).toEqual([[here, true]]);
    const [attachment] = (await cluster.client.list(volumeAttachments)).items;
    expect(attachment?.metadata.finalizers).toEqual(['external-attacher/pd-csi-storage-gke-io']);
    expect(attachment?.spec).toMatchObject({
      attacher: 'pd.csi.storage.gke.io',
      source: { persistentVolumeName: await volume() },
    });
    const name = `kubernetes.io/csi/pd.csi.storage.gke.io^projects/porthole/zones/z/disks/${await volume()}`;
    expect(await volumesOf(here)).toEqual({ attached: [name], inUse: [name] });
    const said = await told('web');
    expect(said).toContain(
      `attachdetach-controller SuccessfulAttachVolume: AttachVolume.Attach succeeded for volume "${await volume()}" `,
    );
    const order = ['SuccessfulAttachVolume', 'Pulling', 'Started'].map((reason) =>
      said.findIndex((text) => text.includes(reason)),
    );
    expect(order).toEqual([...order].sort((a, b) => a - b));
    await cluster.client.delete(pods, 'default', 'web');
    await cluster.advance(60_000);
    expect(await attachments()).toEqual([]);
    expect(await volumesOf(here)).toEqual({ attached: [], inUse: [] });
  });

  it('is with one node at a time: a pod elsewhere waits, and is told for whom', async () => {
    await pod('first', here);
    await cluster.advance(60_000);
    await pod('second', there);
    await cluster.advance(150_000);
    expect(await isReady('second')).toBe(false);
    expect((await told('second')).filter((text) => !text.startsWith('default-scheduler'))).toEqual([
      `attachdetach-controller FailedAttachVolume: Multi-Attach error for volume "${await volume()}" Volume is already used by pod(s) first`,
      'kubelet FailedMount: Unable to attach or mount volumes: unmounted volumes=[data], unattached volumes=[], failed to process volumes=[]: context deadline exceeded',
    ]);
    await cluster.client.delete(pods, 'default', 'first');
    await cluster.advance(60_000);
    expect(await isReady('second')).toBe(true);
    expect(await attachments()).toEqual([[there, true]]);
  });

  it('is let go by a pod that has ended, while that is still there', async () => {
    await pod('once', here, {
      restartPolicy: 'Never',
      containers: [{ name: 'main', image: 'busybox:1.36', command: ['true'] }],
    });
    await cluster.advance(60_000);
    expect((await cluster.client.get(pods, 'default', 'once')).status?.phase).toBe('Succeeded');
    expect(await attachments()).toEqual([]);
  });

  it('stays with a node that has vanished until six minutes after its pod is taken away by force', async () => {
    await pod('first', here);
    await cluster.advance(60_000);
    await cluster.client.create(faults, { metadata: { name: 'storm' }, spec: { nodeDown: { nodes: [here] } } });
    await cluster.advance(400_000);
    // It is told to go, and nobody is there to end it: it may still write.
    expect((await cluster.client.get(pods, 'default', 'first')).metadata.deletionTimestamp).toBeDefined();
    await pod('second', there);
    await cluster.advance(600_000);
    expect(await isReady('second')).toBe(false);
    await cluster.client.delete(pods, 'default', 'first', { gracePeriodSeconds: 0 });
    await cluster.advance(300_000);
    expect(await attachments()).toEqual([[here, true]]);
    await cluster.advance(120_000);
    expect(await attachments()).toEqual([[there, true]]);
    expect(await isReady('second')).toBe(true);
  });

  it('is attached nowhere where the class makes directories', async () => {
    await cluster.stop();
    cluster = await virtualCluster({ seed: 1, preset: 'kind' });
    await cluster.advance(20_000);
    await cluster.client.create(persistentVolumeClaims, {
      metadata: { name: 'data', namespace: 'default' },
      spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
    });
    await pod('web', 'kind-worker');
    await cluster.advance(30_000);
    expect(await isReady('web')).toBe(true);
    expect(await attachments()).toEqual([]);
  });
});
