import { admissionPlugins } from '../../electron/simulator/apiserver/admission';
import { apiserver } from '../../electron/simulator/apiserver/authentication';
import { ClusterAuthorizer } from '../../electron/simulator/apiserver/authorization';
import { accessReviews } from '../../electron/simulator/apiserver/authorization/access-reviews';
import { applyBootstrapPolicy, createMissing } from '../../electron/simulator/apiserver/authorization/bootstrap';

import { createApiServer } from '../../electron/simulator/apiserver/server';
import { memoryBackend } from '../../electron/simulator/apiserver/storage/memory-backend';
import { builtInDefinitions } from '../../electron/simulator/apiserver/strategies';
import type { ApiClient, UserInfo } from '../../electron/simulator/client';
import { timestamp, VirtualClock } from '../../electron/simulator/clock';
import type { ComponentDefinition } from '../../electron/simulator/component';
import { startComponents } from '../../electron/simulator/components';
import type { KubeletConnector } from '../../electron/simulator/kubelet-api';
import type { Log } from '../../electron/simulator/log';
import { ServiceRange } from '../../electron/simulator/network/service-range';
import { Random } from '../../electron/simulator/random';
import { createSystemObjects } from '../../electron/simulator/system-objects';
import type { Node, Pod } from '../../shared/kubernetes/objects';
import { nodes, pods, serviceAccounts } from '../../shared/kubernetes/resources';

/** A control plane without nodes' kubelets: the test itself moves pods through their phases. */
export interface TestCluster {
  /** Acts as a cluster administrator. */
  readonly client: ApiClient;
  readonly clock: VirtualClock;
  /** What components logged as errors; empty when all is well. */
  readonly errors: string[];
  /** How many writes have happened: a cluster at rest makes none. */
  revision(): Promise<number>;
  /** Lets all that is due within `milliseconds` happen. */
  advance(milliseconds?: number): Promise<void>;
  /** Gives the pod a node, if it has none, and reports it as running and ready. */
  run(pod: Pod, node?: string): Promise<Pod>;
  /** Reports a pod's containers as ended; exit code 0 is success. */
  finish(pod: Pod, exitCode: number): Promise<Pod>;
  /** Does as a kubelet does with a pod that is being deleted: ends it, then takes it off the API. */
  reap(pod: Pod): Promise<void>;
  addNode(name: string, changes?: Partial<Pick<Node, 'spec'>> & { labels?: Record<string, string> }): Promise<Node>;
  stop(): Promise<void>;
}

const administrator: UserInfo = { name: 'kubernetes-admin', groups: ['system:masters', 'system:authenticated'] };

export interface TestClusterOptions {
  /** Who answers for the nodes; absent: nobody. */
  readonly kubelets?: KubeletConnector;
  readonly serviceRanges?: readonly ServiceRange[];
}

/** An API server with real authorization and admission, and these components on it, on a virtual clock. */
export async function testCluster(
  definitions: readonly ComponentDefinition[],
  { kubelets = () => undefined, serviceRanges = [ServiceRange.default] }: TestClusterOptions = {},
): Promise<TestCluster> {
  const clock = new VirtualClock();
  const random = new Random(1);
  const errors: string[] = [];
  const log: Log = { info: () => {}, error: (message, error) => errors.push(`${message}: ${String(error)}`) };
  const authorizer = new ClusterAuthorizer();
  const server = createApiServer({
    clock,
    random: random.fork(),
    log,
    backend: memoryBackend(),
    definitions: builtInDefinitions,
    virtualResources: accessReviews(authorizer),
    authenticator: { authenticate: async () => administrator },
    authorizer,
    admission: admissionPlugins(random.fork(), authorizer, () => undefined),
    kubelets,
    serviceRanges,
  });
  const loopback = server.client(apiserver);
  await applyBootstrapPolicy(loopback);
  await createSystemObjects(loopback, clock, '10.0.0.1', 'the authority', serviceRanges);
  await createMissing(loopback, serviceAccounts, [
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default', namespace: 'default' } },
  ]);
  await authorizer.start(loopback);
  const running = await startComponents(server, definitions, { clock, random, log });
  const client = server.client(administrator);
  await clock.settle();

  const setStatus = async (pod: Pod, status: NonNullable<Pod['status']>): Promise<Pod> => {
    const { namespace, name = '' } = pod.metadata;
    const present = await client.get(pods, namespace, name);
    return client.update(pods, { ...present, status: { ...present.status, ...status } }, { subresource: 'status' });
  };
  let addresses = 1;
  return {
    client,
    clock,
    errors,
    revision: async () => Number((await client.list(pods)).resourceVersion),
    async advance(milliseconds = 0) {
      await clock.advance(milliseconds);
      await clock.settle();
    },
    async run(pod, node = 'worker-1') {
      const { namespace, name = '' } = pod.metadata;
      if (!pod.spec?.nodeName) {
        const target = { apiVersion: 'v1', kind: 'Node', name: node };
        const binding = { apiVersion: 'v1', kind: 'Binding', metadata: { name }, target };
        await client.createSubresource(pods, namespace, name, 'binding', binding);
      }
      const now = timestamp(clock);
      const podIP = `10.244.${addresses >> 8}.${addresses++ & 255}`;
      return setStatus(pod, {
        phase: 'Running',
        podIP,
        podIPs: [{ ip: podIP }],
        startTime: now,
        conditions: ['PodScheduled', 'Initialized', 'ContainersReady', 'Ready'].map((type) => ({
          type,
          status: 'True',
          lastTransitionTime: now,
        })),
      });
    },
    async finish(pod, exitCode) {
      const finishedAt = timestamp(clock);
      const reason = exitCode === 0 ? 'Completed' : 'Error';
      return setStatus(pod, {
        phase: exitCode === 0 ? 'Succeeded' : 'Failed',
        conditions: [{ type: 'Ready', status: 'False', reason: 'PodCompleted', lastTransitionTime: finishedAt }],
        containerStatuses: (pod.spec?.containers ?? []).map(({ name, image = '' }) => ({
          name,
          image,
          imageID: image,
          ready: false,
          restartCount: 0,
          state: { terminated: { exitCode, reason, finishedAt } },
        })),
      });
    },
    async reap(pod) {
      const { namespace, name = '', uid } = pod.metadata;
      await client.delete(pods, namespace, name, {
        gracePeriodSeconds: 0,
        ...(uid === undefined ? {} : { preconditions: { uid } }),
      });
    },
    addNode(name, changes = {}) {
      const { labels = {}, ...rest } = changes;
      return client.create(nodes, { apiVersion: 'v1', kind: 'Node', metadata: { name, labels }, ...rest });
    },
    async stop() {
      running.stop();
      authorizer.stop();
      await server.close();
    },
  };
}
