import type { KubeObject } from '../../../shared/kubernetes/objects';
import { controllerOf, controllerReference } from '../../../shared/kubernetes/owners';
import type { Resource } from '../../../shared/kubernetes/resources';
import type { LabelSelector } from '../../../shared/kubernetes/selectors';
import { isNotFound } from '../../../shared/kubernetes/status-error';
import type { ApiClient } from '../client';
import type { Informer } from '../informer';

const INDEX = 'controller';

/** Keeps objects findable by the uid of their controller, or as orphans of their namespace. */
export function indexByController<T extends KubeObject>(informer: Informer<T>): void {
  informer.addIndex(INDEX, (object) => [controllerOf(object)?.uid ?? orphansOf(object.metadata.namespace)]);
}

function orphansOf(namespace: string | undefined): string {
  return `orphans/${namespace ?? ''}`;
}

/** What `owner` manages, as the cache has it. */
export function dependentsOf<T extends KubeObject>(informer: Informer<T>, owner: KubeObject): T[] {
  return informer.byIndex(INDEX, owner.metadata.uid ?? '');
}

/** How orphans are adopted. */
interface Adoption<T> {
  /** Which may be; absent: all that match. */
  adoptable?(object: T): boolean;
  /** What they get besides an owner. */
  readonly finalizer?: string;
}

/**
 * Settles whom `owner` manages: what it has and no longer matches is released, orphans that match are adopted
 * (pkg/controller/controller_ref_manager.go). The owner is read afresh before the first adoption, so that one that was
 * deleted and made anew adopts nothing in the old one's name.
 * @returns what it manages afterwards.
 */
export async function claim<O extends KubeObject, T extends KubeObject>(
  client: ApiClient,
  ownerResource: Resource<O>,
  owner: O,
  resource: Resource<T>,
  informer: Informer<T>,
  selector: LabelSelector,
  { adoptable = () => true, finalizer }: Adoption<T> = {},
): Promise<T[]> {
  const { namespace, name, uid } = owner.metadata;
  const claimed: T[] = [];
  for (const object of dependentsOf(informer, owner)) {
    if (selector.matches(object.metadata.labels ?? {})) claimed.push(object);
    else if (owner.metadata.deletionTimestamp === undefined) await release(client, resource, object, uid ?? '');
  }
  if (owner.metadata.deletionTimestamp !== undefined) return claimed;
  let verified = false;
  for (const orphan of informer.byIndex(INDEX, orphansOf(namespace))) {
    if (orphan.metadata.deletionTimestamp !== undefined || !adoptable(orphan)) continue;
    if (!selector.matches(orphan.metadata.labels ?? {})) continue;
    if (!verified) {
      const fresh = await client.get(ownerResource, namespace, name ?? '');
      if (fresh.metadata.uid !== uid || fresh.metadata.deletionTimestamp !== undefined) return claimed;
      verified = true;
    }
    const adopted = await adopt(client, ownerResource, owner, resource, orphan, finalizer);
    if (adopted !== undefined) claimed.push(adopted);
  }
  return claimed;
}

async function adopt<T extends KubeObject>(
  client: ApiClient,
  ownerResource: Resource,
  owner: KubeObject,
  resource: Resource<T>,
  orphan: T,
  finalizer: string | undefined,
): Promise<T | undefined> {
  const { namespace, name, uid } = orphan.metadata;
  const finalizers = finalizer === undefined ? {} : { finalizers: [finalizer] };
  const patch = { metadata: { uid, ownerReferences: [controllerReference(owner, ownerResource)], ...finalizers } };
  try {
    return await client.patch(resource, namespace, name ?? '', 'strategic', patch);
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

async function release(client: ApiClient, resource: Resource, object: KubeObject, ownerUid: string): Promise<void> {
  const { namespace, name, uid } = object.metadata;
  const patch = { metadata: { uid, ownerReferences: [{ $patch: 'delete', uid: ownerUid }] } };
  try {
    await client.patch(resource, namespace, name ?? '', 'strategic', patch);
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
}
