import { isPodReady, withCondition } from '../../../../shared/kubernetes/conditions';
import type { Pod, PodDisruptionBudget, Status } from '../../../../shared/kubernetes/objects';
import { podDisruptionBudgets } from '../../../../shared/kubernetes/resources';
import { selectorFromLabelSelector } from '../../../../shared/kubernetes/selectors';
import type { StatusError } from '../../../../shared/kubernetes/status-error';
import { timestamp } from '../../clock';
import { objectKey, type Registry } from '../registry/registry';
import { trackOwnStatus } from '../registry/track';
import { failure, forbidden, internalError } from '../status-errors';

/** Evictions that were granted and not yet seen by the disruption controller; more at once are refused. */
const MOST_UNCONFIRMED = 2000;

/**
 * Takes one disruption from the budget that a pod is under, if it is under one (pkg/registry/core/pod/storage/eviction.go,
 * `checkAndDecrement`). What is read and what is written is one step: two evictions never spend the same disruption.
 * @throws StatusError 429 when the budget has none left.
 */
export function spendDisruption(registry: Registry, pod: Pod, dryRun: boolean): void {
  const budgets = budgetsOf(registry, pod);
  const budget = budgets[0];
  if (budget === undefined) return;
  if (budgets.length > 1) {
    throw failure(
      500,
      undefined,
      'This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.',
    );
  }
  const { name = '', namespace, generation = 0 } = budget.metadata;
  const { status } = budget;
  const { observedGeneration = 0, disruptionsAllowed = 0, currentHealthy = 0, desiredHealthy = 0 } = status ?? {};
  if (!isPodReady(pod)) {
    if (budget.spec?.unhealthyPodEvictionPolicy === 'AlwaysAllow') return;
    if (currentHealthy >= desiredHealthy && desiredHealthy > 0) return;
  }
  if (observedGeneration < generation) {
    throw refused(`The disruption budget ${name} is still being processed by the server.`, 10);
  }
  const budgetKind = { group: 'policy', resource: 'poddisruptionbudget' };
  if (disruptionsAllowed < 0) throw forbidden(budgetKind, name, 'pdb disruptions allowed is negative');
  if (Object.keys(status?.disruptedPods ?? {}).length > MOST_UNCONFIRMED) {
    throw forbidden(budgetKind, name, 'DisruptedPods map too big - too many evictions not confirmed by PDB controller');
  }
  if (disruptionsAllowed === 0) {
    const message = `The disruption budget ${name} needs ${desiredHealthy} healthy pods and has ${currentHealthy} currently`;
    throw refused(message, 0);
  }
  if (dryRun) return;
  const now = timestamp(registry.clock);
  const table = registry.store.table(podDisruptionBudgets.group, podDisruptionBudgets.resource);
  const stored = table.get(objectKey(podDisruptionBudgets, namespace, name));
  if (stored === undefined) throw internalError(`poddisruptionbudget ${name} is gone`);
  const next: PodDisruptionBudget = {
    ...budget,
    metadata: { ...budget.metadata },
    status: {
      ...status,
      currentHealthy,
      desiredHealthy,
      expectedPods: status?.expectedPods ?? 0,
      disruptionsAllowed: disruptionsAllowed - 1,
      disruptedPods: { ...status?.disruptedPods, [pod.metadata.name ?? '']: now },
      ...(disruptionsAllowed > 1
        ? {}
        : {
            conditions: [
              ...withCondition(status?.conditions, {
                type: 'DisruptionAllowed',
                status: 'False',
                reason: 'InsufficientPods',
                message: '',
                observedGeneration,
                lastTransitionTime: now,
              }),
            ],
          }),
    },
  };
  table.put(stored.key, next, trackOwnStatus(podDisruptionBudgets, stored, next, now));
}

function budgetsOf({ strategyContext }: Registry, pod: Pod): PodDisruptionBudget[] {
  return [...strategyContext.allStored(podDisruptionBudgets)].filter(({ metadata, spec }) => {
    if (metadata.namespace !== pod.metadata.namespace) return false;
    const selector = selectorFromLabelSelector(spec?.selector);
    return selector.requirements.length > 0 && selector.matches(pod.metadata.labels);
  });
}

/** 429, with the cause by which `kubectl drain` and others know a budget. @param retryAfterSeconds 0: no advice. */
function refused(cause: string, retryAfterSeconds: number): StatusError {
  const details: NonNullable<Status['details']> = {
    causes: [{ reason: 'DisruptionBudget', message: cause }],
    ...(retryAfterSeconds === 0 ? {} : { retryAfterSeconds }),
  };
  const message = "Cannot evict pod as it would violate the pod's disruption budget.";
  return failure(429, 'TooManyRequests', message, details);
}
