import type { AnyCondition } from '../../shared/kubernetes/conditions';
import type { KubeObject } from '../../shared/kubernetes/objects';
import { apiVersionOf, type Resource } from '../../shared/kubernetes/resources';
import type { ApiClient } from './client';
import { type Clock, timestamp } from './clock';

/**
 * Says one thing of an object without a namespace in its status, as its own field manager: a server-side apply, that leaves
 * the conditions of others alone.
 */
export async function applyCondition<T extends KubeObject>(
  { client, clock }: { readonly client: ApiClient; readonly clock: Clock },
  resource: Resource<T>,
  name: string,
  condition: AnyCondition,
  fieldManager: string,
): Promise<void> {
  const applied = {
    apiVersion: apiVersionOf(resource),
    kind: resource.kind,
    metadata: { name },
    status: { conditions: [{ ...condition, lastTransitionTime: timestamp(clock) }] },
  };
  await client.patch(resource, undefined, name, 'apply', applied, { fieldManager, force: true, subresource: 'status' });
}
