import type { AdmissionPluginFactory } from '../../electron/simulator/apiserver/admission/plugin';
import type { Authorizer } from '../../electron/simulator/apiserver/authorization/authorizer';
import {
  anyDefinition,
  type ResourceDefinition,
  type TablePrinter,
} from '../../electron/simulator/apiserver/registry/definition';
import { type ApiServer, type ApiServerOptions, createApiServer } from '../../electron/simulator/apiserver/server';
import { memoryBackend } from '../../electron/simulator/apiserver/storage/memory-backend';
import type { ApiClient, UserInfo } from '../../electron/simulator/client';
import { VirtualClock } from '../../electron/simulator/clock';
import { silentLog } from '../../electron/simulator/log';
import { Random } from '../../electron/simulator/random';
import type { ConfigMap, Deployment, KubeObject, Namespace, Node, Pod } from '../../shared/kubernetes/objects';
import { configMaps, deployments, namespaces, nodes, pods } from '../../shared/kubernetes/resources';

/** The API server over a few small kinds that show what the registry does by itself. */

export const admin: UserInfo = { name: 'kubernetes-admin', groups: ['system:masters', 'system:authenticated'] };
const allowAll: Authorizer = { authorize: () => ({ allowed: true, reason: '' }) };

const printer: TablePrinter<KubeObject> = {
  columns: [{ name: 'Name', type: 'string', format: 'name', description: 'Name' }],
  cells: (object) => [object.metadata.name ?? ''],
};

const plain = { shortNames: [], categories: [], printer, hasStatus: false, strategy: {} };

const configMapDefinition: ResourceDefinition<ConfigMap> = {
  ...plain,
  resource: configMaps,
  singular: 'configmap',
  shortNames: ['cm'],
};

const podDefinition: ResourceDefinition<Pod> = {
  ...plain,
  resource: pods,
  singular: 'pod',
  shortNames: ['po'],
  categories: ['all'],
  hasStatus: true,
  subresources: [
    { name: 'exec', kind: 'PodExecOptions', verbs: ['create', 'get'] },
    { name: 'log', kind: 'Pod', verbs: ['get'] },
  ],
  fieldLabels: { 'spec.nodeName': (pod) => pod.spec?.nodeName ?? '' },
  strategy: {
    applyDefaults(pod) {
      if (pod.spec !== undefined) pod.spec.restartPolicy ??= 'Always';
    },
    prepareForCreate(pod) {
      pod.status = { phase: 'Pending' };
    },
    validate: (pod) =>
      pod.spec?.containers?.length
        ? []
        : [{ type: 'FieldValueRequired', field: 'spec.containers', message: 'Required value' }],
    gracePeriod: (pod, requested) => (pod.spec?.nodeName ? (requested ?? 30) : 0),
  },
};

const deploymentDefinition: ResourceDefinition<Deployment> = {
  ...plain,
  resource: deployments,
  singular: 'deployment',
  hasStatus: true,
  scale: {
    replicas: (deployment) => deployment.spec?.replicas ?? 0,
    statusReplicas: (deployment) => deployment.status?.replicas ?? 0,
    selector: () => 'app=web',
    setReplicas(deployment, replicas) {
      if (deployment.spec !== undefined) deployment.spec.replicas = replicas;
    },
  },
};

const namespaceDefinition: ResourceDefinition<Namespace> = {
  ...plain,
  resource: namespaces,
  singular: 'namespace',
  shortNames: ['ns'],
  hasStatus: true,
  strategy: {
    prepareForCreate(namespace) {
      namespace.spec = { finalizers: ['kubernetes'] };
      namespace.status = { phase: 'Active' };
    },
    prepareForUpdate(namespace, old) {
      if (old.spec !== undefined) namespace.spec = old.spec;
    },
    prepareForDelete(namespace) {
      namespace.status = { phase: 'Terminating' };
    },
    holdsDeletion: (namespace) => (namespace.spec?.finalizers ?? []).length > 0,
  },
};

const nodeDefinition: ResourceDefinition<Node> = { ...plain, resource: nodes, singular: 'node', shortNames: ['no'] };

const testDefinitions: readonly ResourceDefinition[] = [
  anyDefinition(configMapDefinition),
  anyDefinition(podDefinition),
  anyDefinition(deploymentDefinition),
  anyDefinition(namespaceDefinition),
  anyDefinition(nodeDefinition),
];

/** A node as far as it takes to reach its kubelet. */
export const reachableNode = (name: string): Node => ({
  metadata: { name },
  status: { addresses: [{ type: 'InternalIP', address: '172.18.0.3' }] },
});

export interface TestApiServer {
  readonly server: ApiServer;
  readonly client: ApiClient;
  readonly clock: VirtualClock;
}

/** An API server in memory on a virtual clock that lets everyone do everything, unless told otherwise. */
export function testApiServer(
  overrides: Partial<ApiServerOptions> & { admission?: readonly AdmissionPluginFactory[] } = {},
): TestApiServer {
  const clock = new VirtualClock();
  const server = createApiServer({
    clock,
    random: new Random(1),
    log: silentLog,
    backend: memoryBackend(),
    definitions: testDefinitions,
    authenticator: { authenticate: async () => admin },
    authorizer: allowAll,
    admission: [],
    kubelets: () => undefined,
    ...overrides,
  });
  return { server, client: server.client(admin), clock };
}
