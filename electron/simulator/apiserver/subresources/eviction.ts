import { isPodFinished } from '../../../../shared/kubernetes/conditions';
import type { KubeObject, Pod } from '../../../../shared/kubernetes/objects';
import type { DeleteOptions } from '../../client';
import { remove } from '../registry/delete';
import { badRequest } from '../status-errors';
import { success } from './binding';
import { spendDisruption } from './disruption-budget';
import type { SubresourceAction } from './subresource';

interface Eviction extends KubeObject {
  deleteOptions?: Omit<DeleteOptions, 'dryRun'>;
}

/** `pods/NAME/eviction`: a deletion that asks first (pkg/registry/core/pod/storage/eviction.go). */
export const evict: SubresourceAction = async (registry, request, target, body: Eviction) => {
  const { name = '', namespace } = target.object.metadata;
  if (body.metadata?.name !== undefined && body.metadata.name !== '' && body.metadata.name !== name) {
    throw badRequest(`name in URL does not match name in Eviction object: ${body.metadata.name}`);
  }
  const pod: Pod = target.object;
  // Pods that serve nobody are no disruption.
  const harmless =
    isPodFinished(pod) || pod.status?.phase === 'Pending' || pod.metadata.deletionTimestamp !== undefined;
  if (!harmless) spendDisruption(registry, pod, request.dryRun);
  await remove(registry, request, namespace, name, { ...body.deleteOptions, dryRun: request.dryRun }, false);
  return success(201);
};
