import { describe, expect, test } from 'vitest';
import { kindByApi, kindById, kinds } from '../../../../shared/kinds';
import { daemonSetKind } from '../../../../shared/kinds/daemonsets';
import { deploymentKind } from '../../../../shared/kinds/deployments';
import { eventKind } from '../../../../shared/kinds/events';
import { jobKind } from '../../../../shared/kinds/jobs';
import type { KindDefinition } from '../../../../shared/kinds/kind';
import { nodeKind } from '../../../../shared/kinds/nodes';
import { podKind } from '../../../../shared/kinds/pods';
import { roleBindingKind } from '../../../../shared/kinds/rolebindings';
import { secretKind } from '../../../../shared/kinds/secrets';
import { serviceKind } from '../../../../shared/kinds/services';
import { statefulSetKind } from '../../../../shared/kinds/statefulsets';
import type { Deployment, KubeObject, Pod } from '../../../../shared/kubernetes/objects';

function cell<T extends KubeObject>(kind: KindDefinition<T>, column: string, object: T) {
  const found = kind.columns.find(({ id }) => id === column);
  if (found === undefined) throw new Error(`${kind.id} has no column ${column}`);
  return found.value(object);
}

function pod(status: Pod['status'], metadata: Partial<Pod['metadata']> = {}): Pod {
  return {
    metadata: { name: 'web', namespace: 'shop', ...metadata },
    spec: { containers: [{ name: 'web', image: 'nginx' }] },
    status,
  };
}

const running = { name: 'web', image: 'nginx', imageID: '', ready: true, restartCount: 0, state: { running: {} } };

describe('every kind', () => {
  test.each(kinds.map((kind) => [kind.id, kind] as const))('%s stands an object with nothing in it', (_id, kind) => {
    // What an older, newer or broken server may send must not take a table down.
    const bare: KubeObject & Record<string, unknown> = { metadata: { name: 'bare', namespace: 'default' } };
    if (kind.id === 'pods') bare.spec = { containers: [] };
    if (kind.id === 'events') bare.involvedObject = {};
    if (kind.id.includes('bindings')) bare.roleRef = { kind: 'ClusterRole', name: 'view', apiGroup: '' };
    expect(kind.health(bare).state).toBeTypeOf('string');
    for (const column of kind.columns) {
      const value = column.value(bare);
      expect(value === null || ['string', 'number', 'boolean'].includes(typeof value), column.id).toBe(true);
    }
  });

  test('has an id of its own, and its links lead to kinds there are', () => {
    expect(new Set(kinds.map(({ id }) => id)).size).toBe(kinds.length);
    for (const kind of kinds) {
      expect(new Set(kind.columns.map(({ id }) => id)).size, kind.id).toBe(kind.columns.length);
      for (const { linksTo } of kind.columns)
        if (linksTo !== undefined) expect(kindById(linksTo), linksTo).toBeDefined();
    }
  });

  test('is found by its API', () => {
    expect(kindByApi('apps/v1', 'Deployment')?.id).toBe('deployments.apps');
    expect(kindByApi('v1', 'Pod')?.id).toBe('pods');
    expect(kindByApi('v1', 'Deployment')).toBeUndefined();
  });
});

describe('a pod', () => {
  test.each([
    ['ok', pod({ phase: 'Running', containerStatuses: [running] })],
    ['progress', pod({ phase: 'Running', containerStatuses: [{ ...running, ready: false }] })],
    ['done', pod({ phase: 'Succeeded' })],
    ['error', pod({ phase: 'Failed', reason: 'Evicted' })],
    [
      'error',
      pod({
        phase: 'Running',
        containerStatuses: [{ ...running, ready: false, state: { waiting: { reason: 'CrashLoopBackOff' } } }],
      }),
    ],
    ['progress', pod({ phase: 'Pending' })],
    [
      'progress',
      pod({ phase: 'Running', containerStatuses: [running] }, { deletionTimestamp: '2026-01-01T00:00:00Z' }),
    ],
  ] as const)('is %s', (state, object) => {
    expect(podKind.health(object).state).toBe(state);
  });

  test('that nobody can place says why', () => {
    const message = '0/4 nodes are available: 4 Insufficient cpu.';
    const pending = pod({
      phase: 'Pending',
      conditions: [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message }],
    });
    expect(podKind.health(pending)).toEqual({ state: 'warning', label: 'Pending', message });
  });

  test('names what it uses, each once', () => {
    const object: Pod = {
      metadata: { name: 'web', namespace: 'shop' },
      spec: {
        nodeName: 'worker-1',
        serviceAccountName: 'builder',
        containers: [
          { name: 'a', envFrom: [{ configMapRef: { name: 'settings' } }, { secretRef: { name: 'key' } }] },
          { name: 'b', env: [{ name: 'X', valueFrom: { configMapKeyRef: { name: 'settings', key: 'x' } } }] },
        ],
        volumes: [{ name: 'data', persistentVolumeClaim: { claimName: 'data-0' } }],
      },
    };
    expect(podKind.relations?.(object)).toEqual([
      { role: 'Node', kind: 'nodes', name: 'worker-1' },
      { role: 'Service account', kind: 'serviceaccounts', namespace: 'shop', name: 'builder' },
      { role: 'Volume claim', kind: 'persistentvolumeclaims', namespace: 'shop', name: 'data-0' },
      { role: 'Config map', kind: 'configmaps', namespace: 'shop', name: 'settings' },
      { role: 'Secret', kind: 'secrets', namespace: 'shop', name: 'key' },
    ]);
  });
});

describe('a deployment', () => {
  const deployment = (spec: Partial<Deployment['spec']>, status: Deployment['status']): Deployment => ({
    metadata: { name: 'web', namespace: 'shop', generation: 2 },
    spec: { replicas: 3, selector: { matchLabels: { app: 'web' } }, template: {}, ...spec },
    ...(status === undefined ? {} : { status }),
  });

  test.each([
    ['Ready', 'ok', deployment({}, { observedGeneration: 2, updatedReplicas: 3, readyReplicas: 3 })],
    ['2/3 ready', 'progress', deployment({}, { observedGeneration: 2, updatedReplicas: 3, readyReplicas: 2 })],
    ['1/3 updated', 'progress', deployment({}, { observedGeneration: 2, updatedReplicas: 1, readyReplicas: 3 })],
    [
      'Waiting for its controller',
      'progress',
      deployment({}, { observedGeneration: 1, updatedReplicas: 3, readyReplicas: 3 }),
    ],
    ['Paused', 'warning', deployment({ paused: true }, { observedGeneration: 2 })],
    ['Scaled to zero', 'neutral', deployment({ replicas: 0 }, { observedGeneration: 2 })],
  ] as const)('says %s', (label, state, object) => {
    expect(deploymentKind.health(object)).toMatchObject({ label, state });
  });

  test('that is stuck says what its condition says', () => {
    const message = 'ReplicaSet "web-1" has timed out progressing.';
    const conditions = [{ type: 'Progressing', status: 'False', reason: 'ProgressDeadlineExceeded', message }];
    expect(deploymentKind.health(deployment({}, { observedGeneration: 2, conditions }))).toMatchObject({
      state: 'error',
      message,
    });
  });

  test('selects its replica sets and pods', () => {
    expect(deploymentKind.selections?.(deployment({}, undefined))).toEqual([
      { role: 'Replica sets', kind: 'replicasets.apps', namespace: 'shop', labelSelector: 'app=web' },
      { role: 'Pods', kind: 'pods', namespace: 'shop', labelSelector: 'app=web' },
    ]);
  });
});

test('a daemon set that fits no node is not an error, one with strays is a warning', () => {
  const base = { metadata: { name: 'agent', generation: 1 } };
  const counts = { currentNumberScheduled: 0, numberReady: 0, numberMisscheduled: 0, observedGeneration: 1 };
  expect(daemonSetKind.health({ ...base, status: { ...counts, desiredNumberScheduled: 0 } }).state).toBe('neutral');
  expect(
    daemonSetKind.health({ ...base, status: { ...counts, desiredNumberScheduled: 1, numberMisscheduled: 1 } }).state,
  ).toBe('warning');
});

test('a stateful set does not wait for the pods below its partition', () => {
  const health = statefulSetKind.health({
    metadata: { name: 'db', generation: 1 },
    spec: {
      replicas: 3,
      serviceName: 'db',
      selector: {},
      template: {},
      updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 2 } },
    },
    status: {
      observedGeneration: 1,
      replicas: 3,
      readyReplicas: 3,
      updatedReplicas: 1,
      currentRevision: 'db-1',
      updateRevision: 'db-2',
    },
  });
  expect(health.state).toBe('ok');
});

test('a job is judged by its conditions', () => {
  const job = (type: string, message?: string) => ({
    metadata: { name: 'pi' },
    status: { conditions: [{ type, status: 'True', ...(message === undefined ? {} : { message }) }] },
  });
  expect(jobKind.health(job('Complete'))).toEqual({ state: 'done', label: 'Complete' });
  expect(jobKind.health(job('Failed', 'too often'))).toEqual({ state: 'error', label: 'Failed', message: 'too often' });
});

test('a node that is cordoned is a warning, one that went silent is an error', () => {
  const ready = { type: 'Ready', status: 'True' };
  expect(nodeKind.health({ metadata: { name: 'n' }, status: { conditions: [ready] } }).state).toBe('ok');
  expect(
    nodeKind.health({ metadata: { name: 'n' }, spec: { unschedulable: true }, status: { conditions: [ready] } }),
  ).toMatchObject({ state: 'warning', label: 'Cordoned' });
  expect(
    nodeKind.health({ metadata: { name: 'n' }, status: { conditions: [{ ...ready, status: 'Unknown' }] } }).state,
  ).toBe('error');
});

test('a service shows its ports as kubectl does, and waits for its load balancer', () => {
  const service = {
    metadata: { name: 'web', namespace: 'shop' },
    spec: { type: 'LoadBalancer', ports: [{ port: 80, nodePort: 30080, protocol: 'TCP' }], selector: { app: 'web' } },
  };
  expect(cell(serviceKind, 'ports', service)).toBe('80:30080/TCP');
  expect(serviceKind.health(service).state).toBe('progress');
  expect(serviceKind.health({ ...service, status: { loadBalancer: { ingress: [{ ip: '203.0.113.7' }] } } }).state).toBe(
    'ok',
  );
});

test('a secret shows the names of its values, never a value', () => {
  const secret = { metadata: { name: 'key', namespace: 'shop' }, data: { password: 'aHVudGVyMg==' } };
  const cells = secretKind.columns.map((column) => column.value(secret));
  expect(cells).toContain('password');
  expect(JSON.stringify(cells)).not.toContain('aHVudGVyMg');
});

test('a binding leads to its role and its service accounts', () => {
  expect(
    roleBindingKind.relations?.({
      metadata: { name: 'read', namespace: 'shop' },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'view' },
      subjects: [
        { kind: 'User', name: 'jane' },
        { kind: 'ServiceAccount', name: 'bot' },
      ],
    }),
  ).toEqual([
    { role: 'Role', kind: 'clusterroles.rbac.authorization.k8s.io', name: 'view' },
    { role: 'Service accounts', kind: 'serviceaccounts', namespace: 'shop', name: 'bot' },
  ]);
});

test.each([
  ['Pod', 'v1', 'pods'],
  ['Endpoints', 'v1', 'endpoints'],
  ['Ingress', 'networking.k8s.io/v1', 'ingresses.networking.k8s.io'],
  ['NetworkPolicy', 'networking.k8s.io/v1', 'networkpolicies.networking.k8s.io'],
  ['Deployment', 'apps/v1', 'deployments.apps'],
])('an event about a %s of %s leads to %s', (kind, apiVersion, id) => {
  const event = { metadata: { name: 'e' }, involvedObject: { kind, apiVersion, name: 'x', namespace: 'shop' } };
  expect(eventKind.relations?.(event)).toEqual([{ role: 'About', kind: id, namespace: 'shop', name: 'x' }]);
});
