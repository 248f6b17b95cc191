import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Pod } from '../../../../../shared/kubernetes/objects';
import {
  configMaps,
  limitRanges,
  namespaces,
  nodes,
  persistentVolumeClaims,
  persistentVolumes,
  pods,
  priorityClasses,
  serviceAccounts,
  storageClasses,
} from '../../../../../shared/kubernetes/resources';
import { StatusError } from '../../../../../shared/kubernetes/status-error';
import { type InProcessApi, startApi } from '../../../../support/in-process-api';

let api: InProcessApi;

beforeEach(async () => {
  api = await startApi();
  await api.admin.create(serviceAccounts, { metadata: { name: 'default', namespace: 'default' } });
});
afterEach(() => api.stop());

const newPod = (spec: Partial<NonNullable<Pod['spec']>> = {}, metadata: Pod['metadata'] = {}) =>
  api.admin.create(pods, {
    metadata: { name: 'p', namespace: 'default', ...metadata },
    spec: { containers: [{ name: 'c', image: 'nginx' }], ...spec },
  });

async function refusal(action: Promise<unknown>): Promise<StatusError> {
  const error = await action.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (error instanceof StatusError) return error;
  throw new Error(`not refused: ${String(error)}`);
}

describe('NamespaceLifecycle', () => {
  it('refuses what is made in a namespace that is not there', async () => {
    const error = await refusal(newPod({}, { namespace: 'nowhere' }));
    expect(error.status).toMatchObject({
      code: 404,
      message: 'namespaces "nowhere" not found',
      details: { name: 'nowhere', kind: 'namespaces' },
    });
  });

  it('refuses what is made in a namespace that is ending', async () => {
    await api.admin.create(namespaces, { metadata: { name: 'going' } });
    await api.admin.delete(namespaces, undefined, 'going');
    const error = await refusal(
      api.admin.create(configMaps, { metadata: { name: 'c', namespace: 'going' }, data: {} }),
    );
    expect(error.status).toMatchObject({
      code: 403,
      message:
        'configmaps "c" is forbidden: unable to create new content in namespace going because it is being terminated',
      details: {
        causes: [
          {
            reason: 'NamespaceTerminating',
            message: 'namespace going is being terminated',
            field: 'metadata.namespace',
          },
        ],
      },
    });
  });

  it('keeps the namespaces that a cluster needs', async () => {
    await expect(api.admin.delete(namespaces, undefined, 'kube-system')).rejects.toThrow(
      'namespaces "kube-system" is forbidden: this namespace may not be deleted',
    );
  });
});

describe('ServiceAccount', () => {
  it('gives a pod its account and a token', async () => {
    const { spec } = await newPod();
    expect(spec?.serviceAccountName).toBe('default');
    const volume = spec?.volumes?.[0];
    expect(volume?.name).toMatch(/^kube-api-access-[bcdfghjklmnpqrstvwxz2456789]{5}$/);
    expect(volume?.projected?.sources).toHaveLength(3);
    expect(spec?.containers[0]?.volumeMounts).toEqual([
      { name: volume?.name, readOnly: true, mountPath: '/var/run/secrets/kubernetes.io/serviceaccount' },
    ]);
  });

  it('refuses a pod whose account is not there', async () => {
    const error = await refusal(newPod({ serviceAccountName: 'x' }));
    expect(error.code).toBe(403);
    expect(error.message).toBe(
      'pods "p" is forbidden: error looking up service account default/x: serviceaccount "x" not found',
    );
  });

  it('mounts nothing where the pod or the account says so', async () => {
    expect((await newPod({ automountServiceAccountToken: false })).spec?.volumes).toBeUndefined();
    await api.admin.create(serviceAccounts, {
      metadata: { name: 'quiet', namespace: 'default' },
      automountServiceAccountToken: false,
      imagePullSecrets: [{ name: 'registry' }],
    });
    const { spec } = await newPod({ serviceAccountName: 'quiet' }, { name: 'q' });
    expect(spec?.volumes).toBeUndefined();
    expect(spec?.imagePullSecrets).toEqual([{ name: 'registry' }]);
  });
});

describe('Priority', () => {
  it('turns the class into a number', async () => {
    const { spec } = await newPod({ priorityClassName: 'system-node-critical' });
    expect(spec?.priority).toBe(2_000_001_000);
    expect(spec?.preemptionPolicy).toBe('PreemptLowerPriority');
  });

  it('takes the default class, or zero', async () => {
    expect((await newPod()).spec?.priority).toBe(0);
    await api.admin.create(priorityClasses, { metadata: { name: 'usual' }, value: 7, globalDefault: true });
    const { spec } = await newPod({}, { name: 'q' });
    expect(spec?.priorityClassName).toBe('usual');
    expect(spec?.priority).toBe(7);
    await expect(
      api.admin.create(priorityClasses, { metadata: { name: 'other' }, value: 8, globalDefault: true }),
    ).rejects.toThrow('PriorityClass usual is already marked as default. Only one default can exist');
  });

  it('refuses a class that is not there, and a number of the pod’s own', async () => {
    await expect(newPod({ priorityClassName: 'x' })).rejects.toThrow(
      'pods "p" is forbidden: no PriorityClass with name x was found',
    );
    await expect(newPod({ priority: 5 })).rejects.toThrow(
      'the integer value of priority (5) must not be provided in pod spec; priority admission controller computed 0 from the given PriorityClass name',
    );
  });
});

describe('DefaultTolerationSeconds', () => {
  it('adds what is missing', async () => {
    const own = { key: 'node.kubernetes.io/not-ready', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 5 };
    expect((await newPod({ tolerations: [own] })).spec?.tolerations).toEqual([
      own,
      { key: 'node.kubernetes.io/unreachable', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 300 },
    ]);
    expect((await newPod({ tolerations: [{ operator: 'Exists' }] }, { name: 'q' })).spec?.tolerations).toEqual([
      { operator: 'Exists' },
    ]);
  });
});

describe('DefaultStorageClass', () => {
  const claim = (name: string, storageClassName?: string) =>
    api.admin.create(persistentVolumeClaims, {
      metadata: { name, namespace: 'default' },
      spec: {
        accessModes: ['ReadWriteOnce'],
        resources: { requests: { storage: '1Gi' } },
        ...(storageClassName === undefined ? {} : { storageClassName }),
      },
    });

  it('names the default class of a claim that leaves it open', async () => {
    await api.admin.create(storageClasses, {
      metadata: { name: 'standard', annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' } },
      provisioner: 'example.com/x',
    });
    expect((await claim('a')).spec?.storageClassName).toBe('standard');
    expect((await claim('b', '')).spec?.storageClassName).toBe('');
  });

  it('leaves it open where there is no default', async () => {
    expect((await claim('a')).spec?.storageClassName).toBeUndefined();
  });
});

describe('LimitRanger', () => {
  beforeEach(async () => {
    await api.admin.create(limitRanges, {
      metadata: { name: 'limits', namespace: 'default' },
      spec: {
        limits: [
          {
            type: 'Container',
            default: { cpu: '500m' },
            defaultRequest: { cpu: '250m' },
            max: { cpu: '1' },
            min: { cpu: '100m' },
          },
        ],
      },
    });
  });

  it('fills in defaults, and says so', async () => {
    const pod = await newPod();
    expect(pod.spec?.containers[0]?.resources).toEqual({ limits: { cpu: '500m' }, requests: { cpu: '250m' } });
    expect(pod.metadata.annotations?.['kubernetes.io/limit-ranger']).toBe(
      'LimitRanger plugin set: cpu request for container c; cpu limit for container c',
    );
  });

  it('holds containers to the bounds', async () => {
    const container = (cpu: string) => [
      { name: 'c', image: 'nginx', resources: { limits: { cpu }, requests: { cpu } } },
    ];
    await expect(newPod({ containers: container('2') })).rejects.toThrow(
      'pods "p" is forbidden: maximum cpu usage per Container is 1, but limit is 2',
    );
    await expect(newPod({ containers: container('50m') })).rejects.toThrow(
      'pods "p" is forbidden: minimum cpu usage per Container is 100m, but request is 50m',
    );
  });
});

describe('StorageObjectInUseProtection', () => {
  it('keeps claims and volumes until nobody uses them', async () => {
    const claim = await api.admin.create(persistentVolumeClaims, {
      metadata: { name: 'c', namespace: 'default' },
      spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
    });
    expect(claim.metadata.finalizers).toEqual(['kubernetes.io/pvc-protection']);
    const volume = await api.admin.create(persistentVolumes, {
      metadata: { name: 'v' },
      spec: { accessModes: ['ReadWriteOnce'], capacity: { storage: '1Gi' }, hostPath: { path: '/data' } },
    });
    expect(volume.metadata.finalizers).toEqual(['kubernetes.io/pv-protection']);
  });
});

describe('TaintNodesByCondition', () => {
  it('keeps pods from a node that has not said yet that it is ready', async () => {
    const node = await api.admin.create(nodes, { metadata: { name: 'n' } });
    expect(node.spec?.taints).toEqual([{ key: 'node.kubernetes.io/not-ready', effect: 'NoSchedule' }]);
  });
});

describe('PersistentVolumeClaimResize', () => {
  const claim = async (storageClassName: string) => {
    const created = await api.admin.create(persistentVolumeClaims, {
      metadata: { name: 'c', namespace: 'default' },
      spec: { storageClassName, accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
    });
    await api.admin.update(
      persistentVolumeClaims,
      { ...created, status: { phase: 'Bound' } },
      { subresource: 'status' },
    );
  };
  const grow = () =>
    api.admin.patch(persistentVolumeClaims, 'default', 'c', 'merge', {
      spec: { resources: { requests: { storage: '2Gi' } } },
    });
  const storageClass = (name: string, allowVolumeExpansion: boolean) =>
    api.admin.create(storageClasses, { metadata: { name }, provisioner: 'example.com/p', allowVolumeExpansion });

  it('lets a claim grow where its class can', async () => {
    await storageClass('elastic', true);
    await claim('elastic');
    expect((await grow()).spec?.resources?.requests?.storage).toBe('2Gi');
  });

  it('refuses elsewhere', async () => {
    await storageClass('stiff', false);
    await claim('stiff');
    expect((await refusal(grow())).message).toBe(
      'persistentvolumeclaims "c" is forbidden: only dynamically provisioned pvc can be resized and the storageclass that provisions the pvc must support resize',
    );
  });
});
