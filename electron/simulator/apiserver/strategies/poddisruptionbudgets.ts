import type { PodDisruptionBudget } from '../../../../shared/kubernetes/objects';
import { podDisruptionBudgets } from '../../../../shared/kubernetes/resources';
import { podDisruptionBudgetPrinter } from '../printers/config';
import type { ResourceDefinition } from '../registry/definition';
import { validatePodDisruptionBudget } from '../validation/scheduling';

export const podDisruptionBudgetDefinition: ResourceDefinition<PodDisruptionBudget> = {
  resource: podDisruptionBudgets,
  singular: 'poddisruptionbudget',
  shortNames: ['pdb'],
  categories: [],
  hasStatus: true,
  printer: podDisruptionBudgetPrinter,
  strategy: {
    allowUnconditionalUpdate: false,
    prepareForCreate(budget) {
      budget.status = { currentHealthy: 0, desiredHealthy: 0, disruptionsAllowed: 0, expectedPods: 0 };
    },
    validate: validatePodDisruptionBudget,
  },
};
