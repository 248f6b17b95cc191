import type { Pod } from '../../../../shared/kubernetes/objects';
import type { KubeletApi, KubeletConnector } from '../../kubelet-api';
import { badRequest, internalError } from '../status-errors';

/**
 * The kubelet of the node that a pod runs on.
 * @throws StatusError 400 when the pod runs nowhere, 500 when the kubelet does not answer.
 */
export function kubeletOf(kubelets: KubeletConnector, pod: Pod): KubeletApi {
  const node = pod.spec?.nodeName ?? '';
  if (node === '') throw badRequest(`pod ${pod.metadata.name} does not have a host assigned`);
  const kubelet = kubelets(node);
  if (kubelet !== undefined) return kubelet;
  throw internalError(`error dialing backend: dial tcp: lookup ${node}: connect: connection refused`);
}
