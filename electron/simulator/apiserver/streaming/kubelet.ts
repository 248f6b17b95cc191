import type { Pod } from '../../../../shared/kubernetes/objects';
import type { KubeletApi, KubeletConnector } from '../../kubelet-api';
import { internalError } from '../status-errors';

/**
 * The kubelet of the node that a pod runs on.
 * @throws StatusError 500 when it does not answer.
 */
export function kubeletOf(kubelets: KubeletConnector, pod: Pod): KubeletApi {
  const node = pod.spec?.nodeName ?? '';
  const kubelet = kubelets(node);
  if (kubelet !== undefined) return kubelet;
  throw internalError(`error dialing backend: dial tcp: lookup ${node}: connect: connection refused`);
}
