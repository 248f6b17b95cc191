import { isPodReady } from '../../../shared/kubernetes/conditions';
import type { KubeObject, Pod } from '../../../shared/kubernetes/objects';
import { controllerOf } from '../../../shared/kubernetes/owners';
import { pods, type Resource } from '../../../shared/kubernetes/resources';
import type { LabelSelector } from '../../../shared/kubernetes/selectors';
import { type Informer, type InformerFactory, keyOf } from '../informer';
import { indexByController } from './adoption';
import { equivalent } from './equality';
import type { Expectations } from './expectations';

/** Whose pods are watched, and who hears of them. */
export interface OwnedPods<O extends KubeObject> {
  readonly resource: Resource<O>;
  readonly owners: Informer<O>;
  readonly expectations?: Expectations;
  /** Which pods an owner means: an orphan that fits may be adopted. */
  selectorOf(owner: O): LabelSelector;
  /** How many seconds a pod must be ready to count as available; 0 by default. */
  minReadySecondsOf?(owner: O): number;
  /** Something about the pods of this key's owner has changed. */
  changed(key: string): void;
  /** Something will have changed after `delay` milliseconds of cluster time. */
  changesAfter(key: string, delay: number): void;
}

/**
 * The pods' cache, telling owners of changes to their pods and meeting their expectations (the pod handlers of
 * pkg/controller/replicaset, daemon, job and statefulset, which are alike).
 */
export function watchOwnedPods<O extends KubeObject>(informers: InformerFactory, owned: OwnedPods<O>): Informer<Pod> {
  const informer = informers.for(pods);
  indexByController(informer);
  const { resource, owners, expectations } = owned;

  const ownerOf = (pod: Pod): O | undefined => {
    const reference = controllerOf(pod);
    if (reference === undefined || reference.kind !== resource.kind) return undefined;
    const owner = owners.get(pod.metadata.namespace, reference.name);
    return owner?.metadata.uid === reference.uid ? owner : undefined;
  };
  const changed = (owner: O, pod: Pod, previous: Pod | undefined) => {
    const key = keyOf(owner);
    owned.changed(key);
    const minReadySeconds = owned.minReadySecondsOf?.(owner) ?? 0;
    // One second more, since transition times have whole seconds.
    if (minReadySeconds > 0 && becameReady(pod, previous)) owned.changesAfter(key, (minReadySeconds + 1) * 1000);
  };
  const orphaned = (pod: Pod) => {
    for (const owner of owners.list(pod.metadata.namespace)) {
      if (owned.selectorOf(owner).matches(pod.metadata.labels ?? {})) owned.changed(keyOf(owner));
    }
  };
  const deleted = (pod: Pod, owner: O | undefined, previous: Pod | undefined) => {
    if (owner === undefined) return;
    expectations?.deletionObserved(keyOf(owner), pod.metadata.uid ?? '');
    changed(owner, pod, previous);
  };

  informer.addHandlers({
    add(pod) {
      const owner = ownerOf(pod);
      if (pod.metadata.deletionTimestamp !== undefined) return deleted(pod, owner, undefined);
      if (owner !== undefined) {
        expectations?.creationObserved(keyOf(owner));
        changed(owner, pod, undefined);
      } else if (controllerOf(pod) === undefined) orphaned(pod);
    },
    update(pod, previous) {
      const owner = ownerOf(pod);
      const before = ownerOf(previous);
      if (before !== undefined && before !== owner) changed(before, pod, previous);
      if (pod.metadata.deletionTimestamp !== undefined) return deleted(pod, owner, previous);
      if (owner !== undefined) changed(owner, pod, previous);
      else if (
        controllerOf(pod) === undefined &&
        (controllerOf(previous) !== undefined || !equivalent(pod.metadata.labels, previous.metadata.labels))
      ) {
        orphaned(pod);
      }
    },
    delete(pod) {
      deleted(pod, ownerOf(pod), undefined);
    },
  });
  return informer;
}

/** Whether this change made the pod ready: from now its minReadySeconds run. */
function becameReady(pod: Pod, previous: Pod | undefined): boolean {
  return isPodReady(pod) && (previous === undefined || !isPodReady(previous));
}
