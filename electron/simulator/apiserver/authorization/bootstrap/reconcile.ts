import type { ClusterRole, ClusterRoleBinding, KubeObject } from '../../../../../shared/kubernetes/objects';
import { deepEqual } from '../../json';
import { missingRules } from '../rule';

const AUTOUPDATE = 'rbac.authorization.kubernetes.io/autoupdate';

/**
 * A role with what it should have and has not (component-helpers/auth/rbac/reconciliation). What it has besides stays.
 * @returns `undefined` when nothing is missing, or when the role is not to be touched.
 */
export function reconciledRole<T extends Pick<ClusterRole, 'rules' | 'aggregationRule'> & KubeObject>(
  present: T,
  expected: T,
): T | undefined {
  if (isProtected(present)) return undefined;
  // The rules of an aggregated role are the aggregation controller's.
  const missing = expected.aggregationRule === undefined ? missingRules(present.rules ?? [], expected.rules ?? []) : [];
  const { metadata, isChanged } = withMetadataOf(present, expected);
  const aggregates = expected.aggregationRule !== undefined && present.aggregationRule === undefined;
  if (missing.length === 0 && !isChanged && !aggregates) return undefined;
  return {
    ...present,
    metadata,
    rules: [...(present.rules ?? []), ...missing],
    ...(aggregates ? { aggregationRule: expected.aggregationRule } : {}),
  };
}

/** The same for a binding and its subjects. */
export function reconciledBinding<T extends Pick<ClusterRoleBinding, 'subjects'> & KubeObject>(
  present: T,
  expected: T,
): T | undefined {
  if (isProtected(present)) return undefined;
  const subjects = present.subjects ?? [];
  const missing = (expected.subjects ?? []).filter((subject) => !subjects.some((other) => deepEqual(other, subject)));
  const { metadata, isChanged } = withMetadataOf(present, expected);
  if (missing.length === 0 && !isChanged) return undefined;
  return { ...present, metadata, subjects: [...subjects, ...missing] };
}

/** `autoupdate: "false"` keeps an object as it is. */
function isProtected({ metadata }: KubeObject): boolean {
  return metadata.annotations?.[AUTOUPDATE] === 'false';
}

/** Labels and annotations that are missing are added; those that are there win. */
function withMetadataOf(present: KubeObject, expected: KubeObject) {
  const labels = { ...expected.metadata.labels, ...present.metadata.labels };
  const annotations = { ...expected.metadata.annotations, ...present.metadata.annotations };
  const isChanged =
    !deepEqual(labels, present.metadata.labels ?? {}) || !deepEqual(annotations, present.metadata.annotations ?? {});
  return { metadata: { ...present.metadata, labels, annotations }, isChanged };
}
