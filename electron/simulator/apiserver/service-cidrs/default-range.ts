import type { ServiceCIDR } from '../../../../shared/kubernetes/objects';
import { serviceCidrs } from '../../../../shared/kubernetes/resources';
import { isAlreadyExists, isNotFound } from '../../../../shared/kubernetes/status-error';
import type { ApiClient } from '../../client';
import { type Clock, timestamp } from '../../clock';

/** The ServiceCIDR of the range that the server is told to use. */
export const DEFAULT_NAME = 'kubernetes';

const MANAGER = 'kubernetes-service-cidr-controller';

/**
 * Makes the ServiceCIDR of the server's own range where it is missing, and calls it ready where nobody else says anything
 * (pkg/controlplane/controller/defaultservicecidr).
 */
export async function ensureDefaultRange(client: ApiClient, clock: Clock, cidrs: readonly string[]): Promise<void> {
  const { metadata, spec, status } = (await find(client)) ?? (await create(client, cidrs));
  const isOurs = String(spec?.cidrs) === String(cidrs);
  if (metadata.deletionTimestamp !== undefined || !isOurs) return;
  const ready = status?.conditions?.find(({ type }) => type === 'Ready');
  if (ready !== undefined && ready.status !== 'Unknown') return;
  const condition = {
    type: 'Ready',
    status: 'True',
    message: 'Kubernetes default Service CIDR is ready',
    lastTransitionTime: timestamp(clock),
  };
  const applied = {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'ServiceCIDR',
    metadata: { name: DEFAULT_NAME },
    status: { conditions: [condition] },
  };
  const options = { fieldManager: MANAGER, force: true, subresource: 'status' };
  await client.patch(serviceCidrs, undefined, DEFAULT_NAME, 'apply', applied, options);
}

async function find(client: ApiClient): Promise<ServiceCIDR | undefined> {
  try {
    return await client.get(serviceCidrs, undefined, DEFAULT_NAME);
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

async function create(client: ApiClient, cidrs: readonly string[]): Promise<ServiceCIDR> {
  const range: ServiceCIDR = {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'ServiceCIDR',
    metadata: { name: DEFAULT_NAME },
    spec: { cidrs: [...cidrs] },
  };
  try {
    return await client.create(serviceCidrs, range);
  } catch (error) {
    if (!isAlreadyExists(error)) throw error;
    return client.get(serviceCidrs, undefined, DEFAULT_NAME);
  }
}
