import { connect } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Pod, Service } from '../../../../shared/kubernetes/objects';
import { endpoints, pods, services } from '../../../../shared/kubernetes/resources';
import { ConnectionRefused, type KubeletConnector } from '../../kubelet-api';
import { CONTROL_PLANE_ADDRESS } from '../../network/control-plane-address';
import type { ServedApi } from '../admission/plugin';
import type { ServiceDialer } from './client';

/**
 * Reaches services as the API server's machine does: by their cluster addresses (kube-aggregator's `ResolveCluster`), behind which are
 * pods of the cluster, or machines that somebody has entered by hand; an external name is a machine's.
 */
export function serviceDialer(api: ServedApi, kubelets: KubeletConnector): ServiceDialer {
  return (namespace, name, port) => {
    const service = api.stored(services, namespace, name);
    if (service === undefined) throw new Error(`service ${JSON.stringify(name)} not found`);
    const { type = 'ClusterIP', clusterIP = '', externalName = '', ports = [] } = service.spec ?? {};
    if (type === 'ExternalName') return connect(port, externalName);
    if (clusterIP === 'None') throw new Error('cannot route to service with ClusterIP "None"');
    const servicePort = ports.find((each) => each.port === port);
    if (servicePort === undefined) {
      throw new Error(`no service port ${port} found for service ${JSON.stringify(name)}`);
    }
    const target = endpointOf(api, service, servicePort.name ?? '');
    // Where nothing is behind a service, its address refuses.
    if (target === undefined) throw new ConnectionRefused(clusterIP, port);
    return dial(kubelets, target);
  };
}

interface Endpoint {
  readonly ip: string;
  readonly port: number;
  readonly pod: Pod | undefined;
}

/** The first that is ready: an API server keeps to its connection, so there is nothing to spread. */
function endpointOf(api: ServedApi, { metadata }: Service, portName: string): Endpoint | undefined {
  const { subsets = [] } = api.stored(endpoints, metadata.namespace, metadata.name ?? '') ?? {};
  for (const { addresses = [], ports = [] } of subsets) {
    const port = ports.find(({ name = '' }) => name === portName)?.port;
    const [address] = addresses;
    if (port === undefined || address === undefined) continue;
    const { ip, targetRef } = address;
    const pod = targetRef?.kind === 'Pod' ? api.stored(pods, targetRef.namespace, targetRef.name ?? '') : undefined;
    return { ip, port, pod };
  }
  return undefined;
}

function dial(kubelets: KubeletConnector, { ip, port, pod }: Endpoint): Duplex {
  if (pod === undefined) return connect(port, ip);
  const kubelet = kubelets(pod.spec?.nodeName ?? '');
  if (kubelet === undefined) throw new ConnectionRefused(ip, port);
  return kubelet.dial(pod, port, CONTROL_PLANE_ADDRESS);
}
