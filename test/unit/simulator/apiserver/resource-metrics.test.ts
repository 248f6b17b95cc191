import { afterEach, expect, it } from 'vitest';
import type { KubeletApi } from '../../../../electron/simulator/kubelet-api';
import type { APIService } from '../../../../shared/kubernetes/objects';
import {
  apiServices,
  endpoints,
  nodeMetrics,
  nodes,
  podMetrics,
  services,
} from '../../../../shared/kubernetes/resources';
import { idleKubelet } from '../../../support/idle-kubelet';
import { type InProcessApi, startApi } from '../../../support/in-process-api';

let api: InProcessApi;
afterEach(() => api.stop());

const SERVICE = { namespace: 'kube-system', name: 'metrics-server' };
const apiService: APIService = {
  metadata: { name: 'v1beta1.metrics.k8s.io' },
  spec: {
    group: 'metrics.k8s.io',
    version: 'v1beta1',
    groupPriorityMinimum: 100,
    versionPriority: 100,
    insecureSkipTLSVerify: true,
    service: SERVICE,
  },
};

/** A node with a container that has just been started, and one that runs since the beginning. */
async function start(): Promise<void> {
  const usage = { nanocores: 1_000_001, bytes: 2048 };
  const kubelet: KubeletApi = {
    ...idleKubelet,
    usage: (at) => ({
      node: { nanocores: 2_000_000, bytes: 4096 },
      containers: [
        { namespace: 'default', pod: 'old', container: 'c', startedAt: at - 60_000, ...usage },
        { namespace: 'default', pod: 'new', container: 'c', startedAt: at - 1_000, ...usage },
      ],
    }),
  };
  api = await startApi({ kubelets: (name) => (name === 'a' ? kubelet : undefined) });
  await api.admin.create(nodes, { metadata: { name: 'a', labels: { size: 'small' } } });
}

const asked = (what: () => Promise<unknown>) =>
  what().then(
    () => 'answered',
    (error: { code: number }) => error.code,
  );

it('serves metrics while an APIService says so and something is behind its Service', async () => {
  await start();
  const list = () => api.admin.list(podMetrics);
  expect(await asked(list)).toBe(404);
  await api.admin.create(apiServices, structuredClone(apiService));
  await api.clock.settle();
  expect(await asked(list)).toBe(503);
  await api.admin.create(services, { metadata: SERVICE, spec: { ports: [{ port: 443 }] } });
  await api.admin.create(endpoints, {
    metadata: SERVICE,
    subsets: [{ addresses: [{ ip: '10.244.1.5' }], ports: [{ port: 10_250 }] }],
  });
  expect(await asked(list)).toBe('answered');
  await api.admin.delete(apiServices, undefined, 'v1beta1.metrics.k8s.io');
  await api.clock.settle();
  expect(await asked(list)).toBe(404);
});

it('tells what nodes use, and pods that ran through a whole window', async () => {
  await start();
  await api.admin.create(apiServices, structuredClone(apiService));
  await api.clock.settle();
  await api.admin.create(endpoints, {
    metadata: SERVICE,
    subsets: [{ addresses: [{ ip: '10.244.1.5' }], ports: [{ port: 10_250 }] }],
  });
  const node = await api.admin.get(nodeMetrics, undefined, 'a');
  expect(node).toMatchObject({
    metadata: { name: 'a', labels: { size: 'small' } },
    window: '15s',
    usage: { cpu: '2000000n', memory: '4Ki' },
  });
  expect(Date.parse(node.timestamp) % 15_000).toBe(0);
  const { items } = await api.admin.list(podMetrics, { namespace: 'default' });
  expect(items.map(({ metadata, containers }) => [metadata.name, containers])).toEqual([
    ['old', [{ name: 'c', usage: { cpu: '1000001n', memory: '2Ki' } }]],
  ]);
});
