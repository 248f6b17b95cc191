import type { Node, Pod } from '../../../../shared/kubernetes/objects';
import { nodes } from '../../../../shared/kubernetes/resources';
import { ConnectionRefused, type KubeletApi, type KubeletConnector } from '../../kubelet-api';
import type { Api } from '../api';
import type { RequestInfo } from '../http/request-info';
import { objectKey } from '../registry/registry';
import { badRequest, failure, notFound } from '../status-errors';

/** What kubeadm has its API servers prefer (`--kubelet-preferred-address-types`). */
const PREFERRED = ['InternalIP', 'ExternalIP', 'Hostname'];
const DEFAULT_PORT = 10250;

/** Where a node's kubelet is, and what answers there (pkg/kubelet/client, `ConnectionInfo`). */
export interface KubeletLocation {
  readonly hostname: string;
  readonly port: number;
  /** @throws ConnectionRefused when nobody answers. */
  dial(): KubeletApi;
}

/**
 * Where the kubelet of a node is (pkg/kubelet/client, `GetConnectionInfo`).
 * @param info the request that wants to know: a node that is not there is called after it.
 * @throws StatusError 404 when there is no such node, 500 when it has no address.
 */
export function kubeletAt(
  api: Api,
  kubelets: KubeletConnector,
  { group, resource }: Pick<RequestInfo, 'group' | 'resource'>,
  nodeName: string,
): KubeletLocation {
  const found = api.registry(nodes).find(objectKey(nodes, undefined, nodeName));
  if (found === undefined) throw notFound({ group, resource }, nodeName);
  const node: Node = found.object;
  const { addresses = [], daemonEndpoints } = node.status ?? {};
  const hostname = PREFERRED.flatMap((wanted) => addresses.filter(({ type }) => type === wanted))[0]?.address;
  if (hostname === undefined) {
    const known = addresses.map(({ type, address }) => `{${type} ${address}}`).join(' ');
    throw failure(500, undefined, `no preferred addresses found; known addresses: [${known}]`);
  }
  const port = daemonEndpoints?.kubeletEndpoint?.Port || DEFAULT_PORT;
  return {
    hostname,
    port,
    dial() {
      const kubelet = kubelets(nodeName);
      if (kubelet === undefined) throw new ConnectionRefused(hostname, port);
      return kubelet;
    },
  };
}

/** The node that a pod runs on. @throws StatusError 400 when it runs nowhere. */
export function hostOf(pod: Pod): string {
  const node = pod.spec?.nodeName ?? '';
  if (node === '') throw badRequest(`pod ${pod.metadata.name} does not have a host assigned`);
  return node;
}
