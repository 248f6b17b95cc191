import type { HorizontalPodAutoscaler } from '../../../../shared/kubernetes/objects';
import { horizontalPodAutoscalers } from '../../../../shared/kubernetes/resources';
import { horizontalPodAutoscalerPrinter } from '../printers/config';
import type { ResourceDefinition } from '../registry/definition';
import { validateHorizontalPodAutoscaler } from '../validation/scheduling';
import { specOf } from './pod-defaults';

export const horizontalPodAutoscalerDefinition: ResourceDefinition<HorizontalPodAutoscaler> = {
  resource: horizontalPodAutoscalers,
  singular: 'horizontalpodautoscaler',
  shortNames: ['hpa'],
  categories: ['all'],
  hasStatus: true,
  printer: horizontalPodAutoscalerPrinter,
  strategy: {
    applyDefaults(autoscaler) {
      const spec = specOf(autoscaler);
      spec.minReplicas ??= 1;
      if ((spec.metrics ?? []).length === 0) {
        spec.metrics = [
          { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 80 } } },
        ];
      }
    },
    prepareForCreate(autoscaler) {
      autoscaler.status = { desiredReplicas: 0 };
    },
    validate: validateHorizontalPodAutoscaler,
  },
};
