import type { LabelSelector } from '../../../../shared/kubernetes/meta';
import type { Pod } from '../../../../shared/kubernetes/objects';

interface Keyed {
  labelSelector?: LabelSelector;
  matchLabelKeys?: readonly string[];
  mismatchLabelKeys?: readonly string[];
}

/**
 * Turns the keys whose values a pod's own labels give into expressions of the selectors beside them, so that the scheduler
 * reads selectors alone (pkg/registry/core/pod, `mutatePodAffinity` and `mutateTopologySpreadConstraints`).
 */
export function applyLabelKeys({ metadata, spec }: Pod): void {
  const labels = metadata.labels ?? {};
  for (const terms of [spec?.affinity?.podAffinity, spec?.affinity?.podAntiAffinity]) {
    for (const { podAffinityTerm } of terms?.preferredDuringSchedulingIgnoredDuringExecution ?? []) {
      applyKeys(podAffinityTerm, labels);
    }
    for (const term of terms?.requiredDuringSchedulingIgnoredDuringExecution ?? []) applyKeys(term, labels);
  }
  for (const constraint of spec?.topologySpreadConstraints ?? []) applyKeys(constraint, labels);
}

/** A selector that is absent chooses nothing, and stays so. */
function applyKeys(
  { labelSelector, matchLabelKeys = [], mismatchLabelKeys = [] }: Keyed,
  labels: Readonly<Record<string, string>>,
): void {
  if (labelSelector === undefined) return;
  const expressions = [
    ...matchLabelKeys.map((key) => ({ key, operator: 'In' })),
    ...mismatchLabelKeys.map((key) => ({ key, operator: 'NotIn' })),
  ].flatMap(({ key, operator }) => {
    const value = labels[key];
    return value === undefined ? [] : [{ key, operator, values: [value] }];
  });
  if (expressions.length === 0) return;
  labelSelector.matchExpressions = [...(labelSelector.matchExpressions ?? []), ...expressions];
}
