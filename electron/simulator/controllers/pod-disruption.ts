import { withCondition } from '../../../shared/kubernetes/conditions';
import type { Pod } from '../../../shared/kubernetes/objects';
import { pods } from '../../../shared/kubernetes/resources';
import { isNotFound } from '../../../shared/kubernetes/status-error';
import { timestamp } from '../clock';
import type { ComponentContext } from '../component';

/**
 * Deletes a pod for a reason of the cluster's own, writing that reason into its DisruptionTarget condition first.
 * @param phase the pod's last phase, where nobody else is left to say it.
 * @param gracePeriodSeconds absent: the pod's own.
 */
export async function disrupt(
  { client, clock }: ComponentContext,
  pod: Pod,
  { reason, message }: { reason: string; message: string },
  { phase, gracePeriodSeconds }: { phase?: string; gracePeriodSeconds?: number } = {},
): Promise<void> {
  const { namespace, name = '', uid } = pod.metadata;
  const now = timestamp(clock);
  const conditions = [
    ...withCondition(pod.status?.conditions, {
      type: 'DisruptionTarget',
      status: 'True',
      reason,
      message,
      lastTransitionTime: now,
    }),
  ];
  const status = { conditions, ...(phase === undefined ? {} : { phase }) };
  try {
    await client.patch(pods, namespace, name, 'strategic', { metadata: { uid }, status }, { subresource: 'status' });
    await client.delete(pods, namespace, name, {
      ...(gracePeriodSeconds === undefined ? {} : { gracePeriodSeconds }),
      ...(uid === undefined ? {} : { preconditions: { uid } }),
    });
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
}
