import type { OwnerReference } from '../../../../shared/kubernetes/meta';
import type { KubeObject } from '../../../../shared/kubernetes/objects';
import type { Resource } from '../../../../shared/kubernetes/resources';
import { isNotFound } from '../../../../shared/kubernetes/status-error';
import type { ComponentContext, ComponentDefinition } from '../../component';
import type { Informer } from '../../informer';
import { Controller } from '../controller';
import { CustomResources } from '../custom-resources';
import { equivalent } from '../equality';
import { ownableResources, resourceOfKind } from '../known-resources';
import {
  foregroundFinalizer,
  type Item,
  isDeletingDependents,
  isOrphaningDependents,
  OwnerGraph,
  orphanFinalizer,
  propagationOf,
} from './graph';

/** Marks the keys of owners whose dependents are to be let go. */
const ORPHANING = 'orphaning/';

/** The size of upstream's cache of absent owners. */
const MOST_DEPARTED = 500;

type Standing = 'solid' | 'dangling' | 'waiting';

/**
 * Deletes what has lost its owners, and what owners wait for (pkg/controller/garbagecollector/garbagecollector.go). Keys are
 * uids: a name may have passed to another object.
 */
class GarbageCollector extends Controller {
  readonly #graph = new OwnerGraph();
  readonly #customResources: CustomResources;
  /** Uids of owners that were seen to go, the last so many: of a kind that went with them nothing else can be learnt. */
  readonly #departed = new Set<string>();

  constructor(context: ComponentContext) {
    super('garbage-collector-controller', context);
    for (const resource of ownableResources) this.#follow(resource, context.informers.for(resource));
    this.#customResources = new CustomResources(context, {
      added: (resource, informer) => this.#follow(resource, informer),
      removed: (resource) => this.#graph.removeAll(resource),
    });
  }

  #follow(resource: Resource<KubeObject>, informer: Informer<KubeObject>): void {
    informer.addHandlers({
      add: (object) => this.#changed({ resource, object }, undefined),
      update: (object, previous) => this.#changed({ resource, object }, previous),
      delete: (object) => this.#removed(object),
    });
  }

  #changed({ resource, object }: Item, previous: KubeObject | undefined): void {
    const { uid = '', ownerReferences = [] } = object.metadata;
    if (previous !== undefined && previous.metadata.uid !== uid) this.#removed(previous);
    this.#graph.put(resource, object);
    if (isOrphaningDependents(object)) this.enqueue(ORPHANING + uid);
    if (isDeletingDependents(object)) {
      this.enqueue(uid);
      this.#enqueueDependents(uid);
    }
    if (previous !== undefined && equivalent(previous.metadata.ownerReferences, ownerReferences)) return;
    const owners = ownerReferences.map((owner) => this.#ownerOf(object, owner));
    if (owners.some((owner) => owner === undefined || isDeletingDependents(owner.object))) this.enqueue(uid);
    // An owner may have waited for the reference that is gone now.
    for (const owner of previous?.metadata.ownerReferences ?? []) this.#enqueueIfWaiting(owner);
  }

  /** The owner that a reference means, as the graph has it: an object of that uid elsewhere or of another kind is none. */
  #ownerOf({ metadata }: KubeObject, { uid, kind, name }: OwnerReference): Item | undefined {
    const item = this.#graph.get(uid);
    if (item === undefined || item.resource.kind !== kind || item.object.metadata.name !== name) return undefined;
    return !item.resource.namespaced || item.object.metadata.namespace === metadata.namespace ? item : undefined;
  }

  #removed(object: KubeObject): void {
    const { uid = '', ownerReferences = [] } = object.metadata;
    this.#graph.remove(uid);
    this.#enqueueDependents(uid);
    if (this.#graph.dependentsOf(uid).length > 0) this.#noteDeparture(uid);
    for (const owner of ownerReferences) this.#enqueueIfWaiting(owner);
  }

  #noteDeparture(uid: string): void {
    this.#departed.add(uid);
    const [oldest] = this.#departed;
    if (this.#departed.size > MOST_DEPARTED && oldest !== undefined) this.#departed.delete(oldest);
  }

  #enqueueDependents(uid: string): void {
    for (const { object } of this.#graph.dependentsOf(uid)) this.enqueue(object.metadata.uid ?? '');
  }

  #enqueueIfWaiting({ uid }: OwnerReference): void {
    const owner = this.#graph.get(uid);
    if (owner !== undefined && isDeletingDependents(owner.object)) this.enqueue(uid);
  }

  protected async reconcile(key: string): Promise<void> {
    if (key.startsWith(ORPHANING)) return this.#orphan(key.slice(ORPHANING.length));
    const item = this.#graph.get(key);
    if (item === undefined) return;
    if (item.object.metadata.deletionTimestamp !== undefined && !isDeletingDependents(item.object)) return;
    const object = await this.#fresh(item);
    if (object === undefined) return;
    if (isDeletingDependents(object)) return this.#waitForDependents({ ...item, object });
    await this.#judge({ ...item, object });
  }

  /** The object as the API has it; `undefined` when it is gone or another bears its name. */
  async #fresh({ resource, object }: Item): Promise<KubeObject | undefined> {
    const { namespace, name = '', uid } = object.metadata;
    try {
      const fresh = await this.context.client.get(resource, namespace, name);
      return fresh.metadata.uid === uid ? fresh : undefined;
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
  }

  /** Ends a foreground deletion once no dependent blocks it; others are not waited for. */
  async #waitForDependents(item: Item): Promise<void> {
    const { uid = '' } = item.object.metadata;
    const blocking = this.#graph
      .dependentsOf(uid)
      .filter(({ object }) =>
        object.metadata.ownerReferences?.some((owner) => owner.uid === uid && owner.blockOwnerDeletion === true),
      );
    if (blocking.length === 0) return this.#removeFinalizer(item, foregroundFinalizer);
    for (const { object } of blocking) if (!isDeletingDependents(object)) this.enqueue(object.metadata.uid ?? '');
  }

  async #judge(item: Item): Promise<void> {
    const { metadata } = item.object;
    const owners = metadata.ownerReferences ?? [];
    if (owners.length === 0) return;
    const standings = await Promise.all(owners.map((owner) => this.#standing(item, owner)));
    const having = (standing: Standing) => owners.filter((_, index) => standings[index] === standing);
    if (having('solid').length > 0) {
      const kept = having('solid');
      if (kept.length < owners.length) await this.#setOwners(item, kept);
      return;
    }
    const dependents = this.#graph.dependentsOf(metadata.uid ?? '');
    if (having('waiting').length > 0 && dependents.length > 0) {
      // In a circle of owners each would wait for the next for ever: this one blocks nobody any more.
      if (dependents.some(({ object }) => isDeletingDependents(object))) {
        await this.#setOwners(
          item,
          owners.map((owner) => ({ ...owner, blockOwnerDeletion: false })),
        );
      }
      return this.#delete(item, 'Foreground');
    }
    return this.#delete(item, propagationOf(item.object));
  }

  async #standing({ object }: Item, owner: OwnerReference): Promise<Standing> {
    if (this.#departed.has(owner.uid)) return 'dangling';
    const resource =
      resourceOfKind(owner.apiVersion, owner.kind) ?? this.#customResources.ofKind(owner.apiVersion, owner.kind);
    // Whether an owner of an unknown kind lives cannot be told; nothing is deleted on a guess.
    if (resource === undefined) return 'solid';
    const { namespace } = object.metadata;
    if (resource.namespaced && namespace === undefined) {
      const { kind, apiVersion, name, uid } = owner;
      this.context.events.event(
        object,
        'Warning',
        'OwnerRefInvalidNamespace',
        `ownerRef [${apiVersion}/${kind}, namespace: , name: ${name}, uid: ${uid}] does not exist in namespace ""`,
      );
      return 'solid';
    }
    const live =
      this.#ownerOf(object, owner)?.object ??
      (await this.#fresh({
        resource,
        object: {
          metadata: {
            name: owner.name,
            uid: owner.uid,
            ...(resource.namespaced && namespace !== undefined ? { namespace } : {}),
          },
        },
      }));
    if (live === undefined) return 'dangling';
    return isDeletingDependents(live) ? 'waiting' : 'solid';
  }

  async #orphan(uid: string): Promise<void> {
    const item = this.#graph.get(uid);
    if (item === undefined || !isOrphaningDependents(item.object)) return;
    for (const dependent of this.#graph.dependentsOf(uid)) {
      const owners = dependent.object.metadata.ownerReferences ?? [];
      await this.#setOwners(
        dependent,
        owners.filter((owner) => owner.uid !== uid),
      );
    }
    await this.#removeFinalizer(item, orphanFinalizer);
  }

  async #delete({ resource, object }: Item, propagationPolicy: 'Orphan' | 'Foreground' | 'Background'): Promise<void> {
    const { namespace, name = '', uid, resourceVersion } = object.metadata;
    // The version too: whoever gave it a new owner in this moment has saved it.
    const preconditions = {
      ...(uid === undefined ? {} : { uid }),
      ...(resourceVersion === undefined ? {} : { resourceVersion }),
    };
    try {
      await this.context.client.delete(resource, namespace, name, { preconditions, propagationPolicy });
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
  }

  async #setOwners(item: Item, ownerReferences: readonly OwnerReference[]): Promise<void> {
    await this.#patch(item, { ownerReferences });
  }

  async #removeFinalizer(item: Item, finalizer: string): Promise<void> {
    const finalizers = (item.object.metadata.finalizers ?? []).filter((each) => each !== finalizer);
    await this.#patch(item, { finalizers });
  }

  async #patch({ resource, object }: Item, change: object): Promise<void> {
    const { namespace, name = '', uid, resourceVersion } = object.metadata;
    const patch = { metadata: { uid, resourceVersion, ...change } };
    try {
      await this.context.client.patch(resource, namespace, name, 'merge', patch);
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
  }
}

export const garbageCollector: ComponentDefinition = {
  name: 'garbage-collector-controller',
  user: 'system:serviceaccount:kube-system:generic-garbage-collector',
  create: (context) => new GarbageCollector(context),
};
