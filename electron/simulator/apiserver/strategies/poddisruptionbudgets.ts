import { pathSegmentProblems } from '../../../../shared/kubernetes/label-syntax';
import type { PodDisruptionBudget } from '../../../../shared/kubernetes/objects';
import { podDisruptionBudgets } from '../../../../shared/kubernetes/resources';
import { podDisruptionBudgetPrinter } from '../printers/config';
import type { ResourceDefinition } from '../registry/definition';
import { validatePodDisruptionBudget, validatePodDisruptionBudgetStatus } from '../validation/pod-disruption-budget';

export const podDisruptionBudgetDefinition: ResourceDefinition<PodDisruptionBudget> = {
  resource: podDisruptionBudgets,
  singular: 'poddisruptionbudget',
  shortNames: ['pdb'],
  categories: [],
  hasStatus: true,
  printer: podDisruptionBudgetPrinter,
  strategy: {
    allowUnconditionalUpdate: false,
    applyDefaults(budget) {
      budget.spec ??= {};
      // Go writes these, whoever left them out.
      budget.status = {
        currentHealthy: 0,
        desiredHealthy: 0,
        disruptionsAllowed: 0,
        expectedPods: 0,
        ...budget.status,
      };
    },
    prepareForCreate(budget) {
      budget.status = { currentHealthy: 0, desiredHealthy: 0, disruptionsAllowed: 0, expectedPods: 0 };
    },
    validate: validatePodDisruptionBudget,
    validateStatusUpdate: validatePodDisruptionBudgetStatus,
    // Its own validation leaves metadata alone.
    validateName: (name) => pathSegmentProblems(name),
    resetFields: { '': [['f:status']], status: [['f:spec']] },
  },
};
