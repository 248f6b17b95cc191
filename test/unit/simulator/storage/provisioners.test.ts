import { afterEach, describe, expect, it } from 'vitest';
import type { PersistentVolumeClaim, Pod } from '../../../../shared/kubernetes/objects';
import {
  events,
  nodes,
  persistentVolumeClaims,
  persistentVolumes,
  pods,
  storageClasses,
} from '../../../../shared/kubernetes/resources';
import { type VirtualCluster, virtualCluster } from '../../../support/virtual-cluster';

let cluster: VirtualCluster;

afterEach(() => cluster.stop());

const start = async (preset: string) => {
  cluster = await virtualCluster({ seed: 1, preset });
  await cluster.advance(20_000);
};
const claim = (name: string, spec: Partial<NonNullable<PersistentVolumeClaim['spec']>> = {}) =>
  cluster.client.create(persistentVolumeClaims, {
    metadata: { name, namespace: 'default' },
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } }, ...spec },
  });
const read = (name: string) => cluster.client.get(persistentVolumeClaims, 'default', name);
const volumeOf = async (name: string) =>
  cluster.client.get(persistentVolumes, undefined, (await read(name)).spec?.volumeName ?? '');
const told = async (name: string) =>
  (await cluster.client.list(events)).items
    .filter(({ involvedObject }) => involvedObject.name === name)
    .map(({ source, type, reason, message }) => `${source?.component} ${type} ${reason}: ${message}`);
/** Runs a command with the claim at `/data` to its end. @returns its log's last words, as its termination message. */
const run = async (name: string, command: string, more: Partial<NonNullable<Pod['spec']>> = {}) => {
  await cluster.client.create(pods, {
    metadata: { name, namespace: 'default' },
    spec: {
      restartPolicy: 'Never',
      volumes: [{ name: 'data', persistentVolumeClaim: { claimName: 'data' } }],
      containers: [
        {
          name: 'main',
          image: 'busybox:1.36',
          command: ['sh', '-c', command],
          volumeMounts: [{ name: 'data', mountPath: '/data' }],
          terminationMessagePolicy: 'FallbackToLogsOnError',
        },
      ],
      ...more,
    },
  });
  await cluster.advance(60_000);
  const { status, spec } = await cluster.client.get(pods, 'default', name);
  const ended = status?.containerStatuses?.[0]?.state?.terminated;
  return { node: spec?.nodeName, message: ended?.message?.trim(), phase: status?.phase };
};

describe('the volumes of minikube', () => {
  it('are made at once, and go with their claims', async () => {
    await start('minikube');
    await claim('data');
    await cluster.advance(1000);
    const volume = await volumeOf('data');
    expect(volume.spec?.hostPath?.path).toBe('/tmp/hostpath-provisioner/default/data');
    expect(volume.spec?.nodeAffinity).toBeUndefined();
    expect(await told('data')).toEqual([
      expect.stringMatching(
        /^persistentvolume-controller Normal ExternalProvisioning: Waiting for a volume to be created/,
      ),
      'k8s.io/minikube-hostpath_minikube Normal Provisioning: External provisioner is provisioning volume for claim "default/data"',
      `k8s.io/minikube-hostpath_minikube Normal ProvisioningSucceeded: Successfully provisioned volume ${volume.metadata.name}`,
    ]);
    await cluster.client.delete(persistentVolumeClaims, 'default', 'data');
    await cluster.advance(1000);
    expect((await cluster.client.list(persistentVolumes)).items).toEqual([]);
  });
});

describe('the disks of gke', () => {
  it('are made in the zone of the first pod, keep their data, and hold later pods in that zone', async () => {
    await start('gke');
    await claim('data');
    const first = await run('writer', 'echo kept > /data/file');
    expect(first.phase).toBe('Succeeded');
    const zone = (await cluster.client.get(nodes, undefined, first.node ?? '')).metadata.labels?.[
      'topology.gke.io/zone'
    ];
    const volume = await volumeOf('data');
    expect(volume.spec?.csi).toEqual({
      driver: 'pd.csi.storage.gke.io',
      fsType: 'ext4',
      volumeHandle: `projects/porthole/zones/${zone}/disks/${volume.metadata.name}`,
    });
    expect(volume.spec?.nodeAffinity?.required?.nodeSelectorTerms[0]?.matchExpressions?.[0]).toEqual({
      key: 'topology.gke.io/zone',
      operator: 'In',
      values: [zone],
    });
    const second = await run('reader', 'cat /data/file; exit 1');
    expect(second.message).toBe('kept');
    const other = (await cluster.client.list(nodes)).items.find(
      ({ metadata }) => metadata.labels?.['topology.gke.io/zone'] !== zone,
    );
    const away = await run('away', 'true', {
      nodeSelector: { 'kubernetes.io/hostname': other?.metadata.name ?? '' },
    });
    expect(away.phase).toBe('Pending');
    expect((await told('away'))[0]).toContain("node(s) didn't match PersistentVolume's node affinity");
  });
});

describe('a disk that is to be larger', () => {
  const grow = (storage: string) =>
    cluster.client.patch(persistentVolumeClaims, 'default', 'data', 'merge', {
      spec: { resources: { requests: { storage } } },
    });
  const sleeper = () => run('web', 'sleep 100000');
  const message = async () =>
    `MountVolume.NodeExpandVolume succeeded for volume "${(await volumeOf('data')).metadata.name}"`;

  it('grows under the pod that uses it, the file system after the disk', async () => {
    await start('gke');
    await claim('data');
    const { node } = await sleeper();
    await grow('3Gi');
    await cluster.advance(1000);
    expect((await read('data')).status).toMatchObject({
      capacity: { storage: '1Gi' },
      allocatedResources: { storage: '3Gi' },
      allocatedResourceStatuses: { storage: 'ControllerResizeInProgress' },
      conditions: [{ type: 'Resizing', status: 'True' }],
    });
    await cluster.advance(10_000);
    const { status } = await read('data');
    expect(status?.capacity).toEqual({ storage: '3Gi' });
    expect(status?.allocatedResourceStatuses).toBeUndefined();
    expect(status?.conditions ?? []).toEqual([]);
    expect((await volumeOf('data')).spec?.capacity).toEqual({ storage: '3Gi' });
    const { name } = (await volumeOf('data')).metadata;
    expect((await told('data')).slice(-4)).toEqual([
      'volume_expand Normal ExternalExpanding: waiting for an external controller to expand this PVC',
      `external-resizer pd.csi.storage.gke.io Normal Resizing: External resizer is resizing volume ${name}`,
      'external-resizer pd.csi.storage.gke.io Normal FileSystemResizeRequired: Require file system resize of volume on node',
      `kubelet Normal FileSystemResizeSuccessful: ${await message()} ${node}`,
    ]);
    expect(await told('web')).toContain(`kubelet Normal FileSystemResizeSuccessful: ${await message()} ${node}`);
  });

  it('waits for a pod where none uses it', async () => {
    await start('gke');
    await claim('data');
    await run('once', 'true');
    await cluster.client.delete(pods, 'default', 'once');
    await grow('3Gi');
    await cluster.advance(60_000);
    expect((await read('data')).status).toMatchObject({
      capacity: { storage: '1Gi' },
      allocatedResourceStatuses: { storage: 'NodeResizePending' },
      conditions: [
        {
          type: 'FileSystemResizePending',
          message: 'Waiting for user to (re-)start a pod to finish file system resize of volume on node.',
        },
      ],
    });
    await sleeper();
    expect((await read('data')).status?.capacity).toEqual({ storage: '3Gi' });
  });

  it('is refused where the class does not allow it', async () => {
    await start('kind');
    await claim('data');
    await sleeper();
    await expect(grow('3Gi')).rejects.toThrow(
      'only dynamically provisioned pvc can be resized and the storageclass that provisions the pvc must support resize',
    );
  });
});

describe('the volumes of eks', () => {
  it('are for one node alone, and another mode is refused in the driver’s words, again and again', async () => {
    await start('eks');
    await claim('data', { accessModes: ['ReadWriteMany'] });
    expect((await run('web', 'true')).phase).toBe('Pending');
    expect(await told('data')).toContain(
      'ebs.csi.aws.com_ebs-csi-controller Warning ProvisioningFailed: failed to provision volume with StorageClass "gp3": rpc error: code = InvalidArgument desc = Volume capabilities not supported: only ReadWriteOnce access modes are supported for a mounted volume',
    );
    expect((await read('data')).status?.phase).toBe('Pending');
  });
});

describe('the directories of kind', () => {
  it('are on the node of the first pod, where a host path finds them, too', async () => {
    await start('kind');
    await claim('data');
    const first = await run('writer', 'echo kept > /data/file');
    const path = (await volumeOf('data')).spec?.hostPath?.path ?? '';
    expect(path).toMatch(/^\/opt\/local-path-provisioner\/pvc-[0-9a-f-]+_default_data$/);
    const seen = await run('host', 'cat /data/file; exit 1', {
      nodeName: first.node ?? '',
      volumes: [{ name: 'data', hostPath: { path } }],
    });
    expect(seen.message).toBe('kept');
  });

  it('are not made for a class that binds at once', async () => {
    await start('kind');
    await cluster.client.create(storageClasses, {
      metadata: { name: 'odd' },
      provisioner: 'rancher.io/local-path',
      volumeBindingMode: 'Immediate',
    });
    await claim('data', { storageClassName: 'odd' });
    await cluster.advance(10_000);
    expect(await told('data')).toContain(
      'rancher.io/local-path_local-path-provisioner Warning ProvisioningFailed: failed to provision volume with StorageClass "odd": configuration error, no node was specified',
    );
  });
});
