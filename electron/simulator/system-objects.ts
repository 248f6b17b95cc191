import type {
  ConfigMap,
  EndpointSlice,
  Endpoints,
  Namespace,
  PriorityClass,
  Service,
} from '../../shared/kubernetes/objects';
import {
  configMaps,
  endpointSlices,
  endpoints,
  namespaces,
  priorityClasses,
  services,
} from '../../shared/kubernetes/resources';
import { createMissing } from './apiserver/authorization/bootstrap';
import { ensureFlowControl } from './apiserver/flow-control/ensure';
import { ensureDefaultRange } from './apiserver/service-cidrs/default-range';
import type { ApiClient } from './client';
import type { Clock } from './clock';
import { ServiceRange } from './network/service-range';

const namespace = (name: string): Namespace => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });

const priorityClass = (name: string, value: number, what: string): PriorityClass => ({
  apiVersion: 'scheduling.k8s.io/v1',
  kind: 'PriorityClass',
  metadata: { name },
  value,
  description: `Used for system critical pods that must ${what}.`,
});

const labels = { component: 'apiserver', provider: 'kubernetes' };

/** @param clusterIP the API itself, as pods reach it. */
const kubernetesService = (clusterIP: string): Service => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'kubernetes', namespace: 'default', labels },
  spec: {
    type: 'ClusterIP',
    clusterIP,
    ipFamilyPolicy: 'SingleStack',
    sessionAffinity: 'None',
    ports: [{ name: 'https', port: 443, protocol: 'TCP', targetPort: 6443 }],
  },
});

function kubernetesEndpoints(address: string): Endpoints {
  return {
    apiVersion: 'v1',
    kind: 'Endpoints',
    metadata: {
      name: 'kubernetes',
      namespace: 'default',
      labels: { 'endpointslice.kubernetes.io/skip-mirror': 'true' },
    },
    subsets: [{ addresses: [{ ip: address }], ports: [{ name: 'https', port: 6443, protocol: 'TCP' }] }],
  };
}

function kubernetesEndpointSlice(address: string): EndpointSlice {
  return {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { name: 'kubernetes', namespace: 'default', labels: { 'kubernetes.io/service-name': 'kubernetes' } },
    addressType: 'IPv4',
    endpoints: [{ addresses: [address], conditions: { ready: true } }],
    ports: [{ name: 'https', port: 6443, protocol: 'TCP' }],
  };
}

/** Where the authority that clients are trusted by is published; the root CA publisher takes it from here. */
function authentication(certificateAuthority: string): ConfigMap {
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'extension-apiserver-authentication', namespace: 'kube-system' },
    data: { 'client-ca-file': certificateAuthority },
  };
}

/**
 * Creates what kube-apiserver itself makes in every cluster, where it is missing.
 * @param address where the API server's pod would be reached inside the cluster.
 * @param certificateAuthority PEM.
 * @param ranges where Services get their addresses from, the API server's own from the first.
 */
export async function createSystemObjects(
  client: ApiClient,
  clock: Clock,
  address: string,
  certificateAuthority: string,
  ranges: readonly ServiceRange[] = [ServiceRange.default],
): Promise<void> {
  await createMissing(client, namespaces, ['kube-system', 'kube-public', 'kube-node-lease', 'default'].map(namespace));
  const published = authentication(certificateAuthority);
  await createMissing(client, configMaps, [published]);
  const { data } = await client.get(configMaps, published.metadata.namespace, published.metadata.name ?? '');
  // The certificates are made anew when their files are gone.
  if (data?.['client-ca-file'] !== certificateAuthority) await client.update(configMaps, published);
  await createMissing(client, priorityClasses, [
    priorityClass(
      'system-cluster-critical',
      2_000_000_000,
      'run in the cluster, but can be moved to another node if necessary',
    ),
    priorityClass('system-node-critical', 2_000_001_000, 'not be moved from their current node'),
  ]);
  await ensureFlowControl(client);
  const cidrs = ranges.map(({ cidr }) => cidr);
  await ensureDefaultRange(client, clock, cidrs);
  const [primary = ServiceRange.default] = ranges;
  await createMissing(client, services, [kubernetesService(primary.address(1))]);
  await createMissing(client, endpoints, [kubernetesEndpoints(address)]);
  await createMissing(client, endpointSlices, [kubernetesEndpointSlice(address)]);
}
