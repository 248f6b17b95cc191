import { messageOf } from '../../../../shared/error-message';
import {
  findCondition,
  isPodAvailable,
  isPodReady,
  withCondition,
  withoutCondition,
} from '../../../../shared/kubernetes/conditions';
import type { Pod, ReplicaSet, ReplicationController } from '../../../../shared/kubernetes/objects';

import { omitEmpty } from '../omit-empty';

/** What keeps a number of pods by a template. */
export type Replicated = ReplicaSet | ReplicationController;

type Status = NonNullable<ReplicaSet['status']>;

/** What came of creating and deleting pods in this round. */
export interface Outcome {
  /** How many pods were missing (above zero) or too many (below zero). */
  readonly missing: number;
  readonly error?: unknown;
}

/**
 * The status that follows from the pods (pkg/controller/replicaset/replica_set_utils.go, `calculateStatus`).
 * @param active the replica set's living pods; `terminating` those that are on their way out, where the kind tells of them.
 * @param now RFC 3339 for the condition, milliseconds for availability.
 */
export function replicaSetStatus(
  set: Replicated,
  active: readonly Pod[],
  terminating: number | undefined,
  outcome: Outcome,
  now: { readonly time: number; readonly text: string },
): Status {
  const { spec, status } = set;
  const labels = Object.entries(spec?.template?.metadata?.labels ?? {});
  const count = (test: (pod: Pod) => boolean) => active.filter(test).length;
  const next: Status = {
    replicas: active.length,
    fullyLabeledReplicas: count((pod) => labels.every(([key, value]) => pod.metadata.labels?.[key] === value)),
    readyReplicas: count(isPodReady),
    availableReplicas: count((pod) => isPodAvailable(pod, spec?.minReadySeconds ?? 0, now.time)),
    ...(terminating === undefined ? {} : { terminatingReplicas: terminating }),
    observedGeneration: set.metadata.generation ?? 0,
    conditions: [...conditions(status, outcome, now.text)],
  };
  return omitEmpty(next, 'replicas', 'terminatingReplicas');
}

function conditions(status: Status | undefined, outcome: Outcome, now: string): NonNullable<Status['conditions']> {
  const present = status?.conditions;
  if (outcome.error === undefined) return [...withoutCondition(present, 'ReplicaFailure')];
  // The first refusal stands until it is over: later ones only repeat it.
  if (findCondition(present, 'ReplicaFailure') !== undefined) return present ?? [];
  return [
    ...withCondition(present, {
      type: 'ReplicaFailure',
      status: 'True',
      reason: outcome.missing > 0 ? 'FailedCreate' : 'FailedDelete',
      message: messageOf(outcome.error),
      lastTransitionTime: now,
    }),
  ];
}
