import type { DaemonSet, Deployment, ReplicaSet, StatefulSet } from '../../../../shared/kubernetes/objects';
import { type FieldError, invalid } from './field-error';
import { nonNegative } from './values';

/** Rules for what controllers report of workloads (pkg/apis/apps/validation, `Validate…StatusUpdate`). */

type Counts<K extends string> = { readonly [key in K]?: number };

function counts<K extends string>(status: Counts<K> | undefined, fields: readonly K[]): FieldError[] {
  return fields.flatMap((field) => nonNegative(status?.[field], `status.${field}`));
}

function withinReplicas<K extends string>(
  status: (Counts<K> & { replicas?: number }) | undefined,
  fields: readonly K[],
): FieldError[] {
  const { replicas = 0 } = status ?? {};
  return fields.flatMap((field) => {
    const count = status?.[field] ?? 0;
    return count > replicas ? [invalid(`status.${field}`, count, 'cannot be greater than status.replicas')] : [];
  });
}

function withinReady(
  { availableReplicas = 0, readyReplicas = 0 }: Counts<'availableReplicas' | 'readyReplicas'>,
  what: string,
) {
  if (availableReplicas <= readyReplicas) return [];
  return [invalid('status.availableReplicas', availableReplicas, `cannot be greater than ${what}`)];
}

/** Collisions of generated names are counted up only: the count goes into the next name. */
function notDecremented(now: number | undefined, before: number | undefined): FieldError[] {
  if (before === undefined || (now ?? -1) >= before) return [];
  return [invalid('status.collisionCount', now ?? 0, 'cannot be decremented')];
}

export function validateDeploymentStatus({ status = {} }: Deployment, old: Deployment): FieldError[] {
  return [
    ...counts(status, ['observedGeneration', 'replicas', 'updatedReplicas', 'readyReplicas', 'availableReplicas']),
    ...counts(status, ['unavailableReplicas', 'terminatingReplicas', 'collisionCount']),
    ...withinReplicas(status, ['updatedReplicas', 'readyReplicas', 'availableReplicas']),
    ...withinReady(status, 'readyReplicas'),
    ...notDecremented(status.collisionCount, old.status?.collisionCount),
  ];
}

/** Of a ReplicationController as well. */
export function validateReplicaSetStatus({ status }: Pick<ReplicaSet, 'status'>): FieldError[] {
  return [
    ...counts(status, ['replicas', 'fullyLabeledReplicas', 'readyReplicas', 'availableReplicas']),
    ...counts(status, ['observedGeneration', 'terminatingReplicas']),
    ...withinReplicas(status, ['fullyLabeledReplicas', 'readyReplicas', 'availableReplicas']),
    ...withinReady(status ?? {}, 'readyReplicas'),
  ];
}

export function validateStatefulSetStatus({ status }: StatefulSet, old: StatefulSet): FieldError[] {
  return [
    ...counts(status, ['replicas', 'readyReplicas', 'currentReplicas', 'updatedReplicas', 'availableReplicas']),
    ...counts(status, ['observedGeneration', 'collisionCount']),
    ...withinReplicas(status, ['readyReplicas', 'currentReplicas', 'updatedReplicas', 'availableReplicas']),
    ...withinReady(status ?? {}, 'status.readyReplicas'),
    ...notDecremented(status?.collisionCount, old.status?.collisionCount),
  ];
}

export function validateDaemonSetStatus({ status }: DaemonSet, old: DaemonSet): FieldError[] {
  return [
    ...counts(status, ['currentNumberScheduled', 'numberMisscheduled', 'desiredNumberScheduled', 'numberReady']),
    ...counts(status, ['observedGeneration', 'updatedNumberScheduled', 'numberAvailable', 'numberUnavailable']),
    ...counts(status, ['collisionCount']),
    ...notDecremented(status?.collisionCount, old.status?.collisionCount),
  ];
}
