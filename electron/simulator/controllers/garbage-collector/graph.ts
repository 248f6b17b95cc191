import type { KubeObject } from '../../../../shared/kubernetes/objects';
import type { Resource } from '../../../../shared/kubernetes/resources';

/** An object as the graph of owners knows it. */
export interface Item {
  readonly resource: Resource<KubeObject>;
  readonly object: KubeObject;
}

/** Who owns whom, by uid (pkg/controller/garbagecollector/graph.go). Owners need not exist to have dependents here. */
export class OwnerGraph {
  readonly #items = new Map<string, Item>();
  readonly #dependents = new Map<string, Set<string>>();

  get(uid: string): Item | undefined {
    return this.#items.get(uid);
  }

  put(resource: Resource<KubeObject>, object: KubeObject): void {
    const { uid = '' } = object.metadata;
    this.#unlink(uid);
    this.#items.set(uid, { resource, object });
    for (const owner of object.metadata.ownerReferences ?? []) {
      const dependents = this.#dependents.get(owner.uid) ?? new Set();
      dependents.add(uid);
      this.#dependents.set(owner.uid, dependents);
    }
  }

  remove(uid: string): void {
    this.#unlink(uid);
    this.#items.delete(uid);
  }

  /** Forgets all objects of a resource. */
  removeAll({ group, resource }: Resource): void {
    for (const [uid, item] of this.#items) {
      if (item.resource.group === group && item.resource.resource === resource) this.remove(uid);
    }
  }

  dependentsOf(uid: string): Item[] {
    return [...(this.#dependents.get(uid) ?? [])].flatMap((dependent) => this.#items.get(dependent) ?? []);
  }

  #unlink(uid: string): void {
    for (const owner of this.#items.get(uid)?.object.metadata.ownerReferences ?? []) {
      const dependents = this.#dependents.get(owner.uid);
      dependents?.delete(uid);
      if (dependents?.size === 0) this.#dependents.delete(owner.uid);
    }
  }
}

const FOREGROUND = 'foregroundDeletion';
const ORPHAN = 'orphan';

/** Whether the object waits for its dependents to go first. */
export function isDeletingDependents({ metadata }: KubeObject): boolean {
  return metadata.deletionTimestamp !== undefined && metadata.finalizers?.includes(FOREGROUND) === true;
}

/** Whether the object waits for its dependents to be let go. */
export function isOrphaningDependents({ metadata }: KubeObject): boolean {
  return metadata.deletionTimestamp !== undefined && metadata.finalizers?.includes(ORPHAN) === true;
}

/** How a dependent is to be deleted in its turn: as its own finalizers ask. */
export function propagationOf({ metadata }: KubeObject): 'Orphan' | 'Foreground' | 'Background' {
  if (metadata.finalizers?.includes(ORPHAN)) return 'Orphan';
  return metadata.finalizers?.includes(FOREGROUND) ? 'Foreground' : 'Background';
}

export const foregroundFinalizer = FOREGROUND;
export const orphanFinalizer = ORPHAN;
