import { isPodFinished, withCondition } from '../../../../shared/kubernetes/conditions';
import type { KubeObject, Pod } from '../../../../shared/kubernetes/objects';
import type { DeleteOptions } from '../../client';
import { timestamp } from '../../clock';
import { deleteOptions } from '../http/delete-options';
import { deepCopy } from '../json';
import { checkPreconditions, remove } from '../registry/delete';
import type { Registry, WriteRequest } from '../registry/registry';
import { update } from '../registry/update';
import { badRequest, failure, invalid as invalidObject } from '../status-errors';
import { invalid } from '../validation/field-error';
import { success } from './binding';
import { spendDisruption } from './disruption-budget';
import type { SubresourceAction } from './subresource';

interface Eviction extends KubeObject {
  deleteOptions?: Record<string, unknown>;
}

/** `pods/NAME/eviction`: a deletion that asks first (pkg/registry/core/pod/storage/eviction.go). */
export const evict: SubresourceAction = async (registry, request, target, body: Eviction) => {
  const { name = '', namespace } = target.object.metadata;
  if (body.metadata.name !== name) throw badRequest('name in URL does not match name in Eviction object');
  refuseUnsafe(name, body.deleteOptions);
  const trial: WriteRequest = { ...request, dryRun: isTrial(request, body.deleteOptions) };
  const pod: Pod = target.object;
  // Pods that serve nobody are no disruption.
  const harmless =
    isPodFinished(pod) || pod.status?.phase === 'Pending' || pod.metadata.deletionTimestamp !== undefined;
  if (!harmless) spendDisruption(registry, pod, trial.dryRun);
  const options = deleteOptions(body.deleteOptions ?? {}, new URLSearchParams());
  const asked = trial.dryRun ? options : await giveReason(registry, trial, pod, options);
  await remove(registry, trial, namespace, name, asked, false);
  return success(201);
};

function refuseUnsafe(name: string, options: Eviction['deleteOptions'] = {}): void {
  const field = 'ignoreStoreReadErrorWithClusterBreakingPotential';
  if (options[field] !== true) return;
  const why = 'can not be set for pod eviction, try after removing the option';
  throw invalidObject({ group: 'policy', kind: 'Eviction' }, name, [invalid(`deleteOptions.${field}`, true, why)]);
}

/** A trial may be asked for in the URL or, as kubectl drain does, in the body (`propagateDryRun`). */
function isTrial({ dryRun }: WriteRequest, { dryRun: inBody }: Eviction['deleteOptions'] = {}): boolean {
  if (!Array.isArray(inBody) || inBody.length === 0) return dryRun;
  if (dryRun && (inBody.length > 1 || inBody[0] !== 'All')) {
    const lists = `[All] and [${inBody.join(' ')}]`;
    throw failure(500, undefined, `Non-matching dry-run options in request and content: ${lists}`);
  }
  return true;
}

/**
 * Says at the pod why it goes (`addConditionAndDeletePod`).
 * @returns the options of the deletion that follows; a version that they ask for is now the one just written.
 */
async function giveReason(
  registry: Registry,
  request: WriteRequest,
  { metadata: { namespace, name = '' } }: Pod,
  options: DeleteOptions,
): Promise<DeleteOptions> {
  // Nobody's field manager has said it.
  const untracked = { ...request, manager: undefined };
  const { object } = await update(registry, untracked, namespace, name, 'internal', (current) => {
    checkPreconditions(registry, current.metadata, options);
    const pod: Pod = deepCopy(current);
    const condition = {
      type: 'DisruptionTarget',
      status: 'True',
      reason: 'EvictionByEvictionAPI',
      message: 'Eviction API: evicting',
      lastTransitionTime: timestamp(registry.clock),
    };
    pod.status = { ...pod.status, conditions: [...withCondition(pod.status?.conditions, condition)] };
    return pod;
  });
  const { preconditions } = options;
  if (preconditions?.resourceVersion === undefined) return options;
  return { ...options, preconditions: { ...preconditions, resourceVersion: object.metadata.resourceVersion } };
}
