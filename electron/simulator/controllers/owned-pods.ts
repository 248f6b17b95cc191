import { isPodReady } from '../../../shared/kubernetes/conditions';
import type { KubeObject, Pod } from '../../../shared/kubernetes/objects';
import { controllerOf } from '../../../shared/kubernetes/owners';
import { pods, type Resource } from '../../../shared/kubernetes/resources';
import type { InformerFactory } from '../informer';
import { type Informer, keyOf } from '../informer';
import { indexByController } from './adoption';
import { equivalent } from './equality';
import type { Expectations } from './expectations';

/** What happens to the pods of a workload, as its controller wants to hear it. */
export interface OwnedPodsListener<O extends KubeObject> {
  readonly resource: Resource<O>;
  readonly owners: Informer<O>;
  readonly expectations?: Expectations;
  /** A pod of this owner came, changed or went. */
  changed(owner: O, pod: Pod, previous: Pod | undefined): void;
  /** A pod without a controller came or changed its labels. */
  orphaned?(pod: Pod): void;
}

/**
 * The pods' cache, telling an owner of its pods' changes and meeting its expectations (the pod handlers of
 * pkg/controller/replicaset, daemon, job and statefulset, which are alike).
 */
export function watchOwnedPods<O extends KubeObject>(
  informers: InformerFactory,
  listener: OwnedPodsListener<O>,
): Informer<Pod> {
  const informer = informers.for(pods);
  indexByController(informer);
  const { resource, owners, expectations } = listener;

  const ownerOf = (pod: Pod): O | undefined => {
    const reference = controllerOf(pod);
    if (reference === undefined || reference.kind !== resource.kind) return undefined;
    const owner = owners.get(pod.metadata.namespace, reference.name);
    return owner?.metadata.uid === reference.uid ? owner : undefined;
  };
  const deleted = (pod: Pod, owner: O | undefined, previous: Pod | undefined) => {
    if (owner === undefined) return;
    expectations?.deletionObserved(keyOf(owner), pod.metadata.uid ?? '');
    listener.changed(owner, pod, previous);
  };

  informer.addHandlers({
    add(pod) {
      const owner = ownerOf(pod);
      if (pod.metadata.deletionTimestamp !== undefined) return deleted(pod, owner, undefined);
      if (owner !== undefined) {
        expectations?.creationObserved(keyOf(owner));
        listener.changed(owner, pod, undefined);
      } else if (controllerOf(pod) === undefined) listener.orphaned?.(pod);
    },
    update(pod, previous) {
      const owner = ownerOf(pod);
      const before = ownerOf(previous);
      if (before !== undefined && before !== owner) listener.changed(before, pod, previous);
      if (pod.metadata.deletionTimestamp !== undefined) return deleted(pod, owner, previous);
      if (owner !== undefined) listener.changed(owner, pod, previous);
      else if (
        controllerOf(pod) === undefined &&
        (controllerOf(previous) !== undefined || !equivalent(pod.metadata.labels, previous.metadata.labels))
      ) {
        listener.orphaned?.(pod);
      }
    },
    delete(pod) {
      deleted(pod, ownerOf(pod), undefined);
    },
  });
  return informer;
}

/** Whether this change made the pod ready: from now its minReadySeconds run. */
export function becameReady(pod: Pod, previous: Pod | undefined): boolean {
  return isPodReady(pod) && (previous === undefined || !isPodReady(previous));
}
