import { isPodAvailable, isPodReady } from '../../../../shared/kubernetes/conditions';
import type { Pod, StatefulSet } from '../../../../shared/kubernetes/objects';
import { omitEmpty } from '../omit-empty';
import { revisionNameOf } from './identity';

type Status = NonNullable<StatefulSet['status']>;

export function isRunningAndReady(pod: Pod): boolean {
  return pod.status?.phase === 'Running' && isPodReady(pod);
}

/**
 * The counts, and the moment a rolling update is over: then the update revision becomes the current one
 * (pkg/controller/statefulset/stateful_set_control.go, `updateStatus`, `completeRollingUpdate`).
 * @param now milliseconds since the epoch.
 */
export function statefulSetStatus(
  set: StatefulSet,
  pods: readonly Pod[],
  currentRevision: string,
  updateRevision: string,
  collisionCount: number | undefined,
  now: number,
): Status {
  const count = (test: (pod: Pod) => boolean) => pods.filter(test).length;
  const living = (pod: Pod) => pod.metadata.deletionTimestamp === undefined;
  const status: Status = {
    observedGeneration: set.metadata.generation ?? 0,
    replicas: pods.length,
    readyReplicas: count(isRunningAndReady),
    availableReplicas: count(
      (pod) => isRunningAndReady(pod) && isPodAvailable(pod, set.spec?.minReadySeconds ?? 0, now),
    ),
    currentReplicas: count((pod) => living(pod) && revisionNameOf(pod) === currentRevision),
    updatedReplicas: count((pod) => living(pod) && revisionNameOf(pod) === updateRevision),
    currentRevision,
    updateRevision,
    ...(set.status?.conditions === undefined ? {} : { conditions: set.status.conditions }),
    collisionCount: collisionCount ?? set.status?.collisionCount ?? 0,
  };
  const wanted = set.spec?.replicas ?? 1;
  const isDone = [status.updatedReplicas, status.readyReplicas, status.replicas].every((each) => each === wanted);
  if (set.spec?.updateStrategy?.type !== 'OnDelete' && isDone) {
    return written({ ...status, currentReplicas: status.updatedReplicas ?? 0, currentRevision: updateRevision });
  }
  return written(status);
}

function written(status: Status): Status {
  return omitEmpty(status, 'replicas', 'availableReplicas', 'collisionCount');
}
