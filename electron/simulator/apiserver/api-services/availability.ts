import type { APIService, EndpointSlice, Service } from '../../../../shared/kubernetes/objects';
import { endpointSlices, nodeMetrics, services } from '../../../../shared/kubernetes/resources';
import { isNotFound } from '../../../../shared/kubernetes/status-error';
import type { ApiClient } from '../../client';

/** Why what a Service answers is not available. */
export interface Unavailable {
  readonly reason: string;
  readonly message: string;
}

type Reference = NonNullable<NonNullable<APIService['spec']>['service']>;

/**
 * Looks whether a Service could answer for a group version (kube-aggregator/pkg/controllers/status/remote). Of the programs of this
 * cluster only metrics-server serves an API.
 * @returns `undefined` when it is available.
 */
export async function whyUnavailable(
  client: ApiClient,
  { spec }: APIService,
  { namespace = '', name = '', port = 443 }: Reference,
): Promise<Unavailable | undefined> {
  const what = `service/${name} in ${JSON.stringify(namespace)}`;
  const service = await find(client, namespace, name);
  if (service === undefined) return { reason: 'ServiceNotFound', message: `${what} is not present` };
  if (service.spec?.type === 'ClusterIP') {
    const found = service.spec.ports?.find((each) => each.port === port);
    if (found === undefined) return { reason: 'ServicePortError', message: `${what} is not listening on port ${port}` };
    const labelSelector = `kubernetes.io/service-name=${name}`;
    const { items } = await client.list(endpointSlices, { namespace, labelSelector });
    if (items.length === 0) {
      return { reason: 'EndpointsNotFound', message: `cannot find endpointslices for ${what}` };
    }
    const portName = found.name ?? '';
    if (!items.some((slice) => answers(slice, portName))) {
      const message = `endpointslices for ${what} have no addresses with port name ${JSON.stringify(portName)}`;
      return { reason: 'MissingEndpoints', message };
    }
  }
  if (spec?.group === nodeMetrics.group && spec.version === nodeMetrics.version) return undefined;
  const host = `${service.spec?.clusterIP ?? name}:${port}`;
  const url = `https://${host}/apis/${spec?.group ?? ''}/${spec?.version ?? ''}`;
  const failure = `Get ${JSON.stringify(url)}: dial tcp ${host}: connect: connection refused`;
  return { reason: 'FailedDiscoveryCheck', message: `failing or missing response from ${url}: ${failure}` };
}

async function find(client: ApiClient, namespace: string, name: string): Promise<Service | undefined> {
  try {
    return await client.get(services, namespace, name);
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

function answers({ endpoints, ports = [] }: EndpointSlice, portName: string): boolean {
  return (
    (endpoints ?? []).some(({ conditions }) => conditions?.ready !== false) &&
    ports.some(({ name, port }) => name === portName && port !== undefined)
  );
}
