import type { HorizontalPodAutoscaler } from '../../../../shared/kubernetes/objects';
import { canonicalQuantity } from '../../../../shared/kubernetes/quantities';
import { horizontalPodAutoscalers } from '../../../../shared/kubernetes/resources';
import { horizontalPodAutoscalerPrinter } from '../printers/config';
import type { ResourceDefinition } from '../registry/definition';
import {
  validateHorizontalPodAutoscaler,
  validateHorizontalPodAutoscalerStatus,
  validateHorizontalPodAutoscalerUpdate,
} from '../validation/horizontal-pod-autoscaler';
import { specOf } from './pod-defaults';

type Rules = NonNullable<NonNullable<NonNullable<HorizontalPodAutoscaler['spec']>['behavior']>['scaleUp']>;

/** Seconds over which a change is counted. */
const PERIOD = 15;

/** pkg/registry/autoscaling/horizontalpodautoscaler, with the defaults of pkg/apis/autoscaling/v2. */
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
      for (const metric of spec.metrics ?? []) {
        for (const source of [metric.resource, metric.containerResource, metric.pods, metric.object, metric.external]) {
          const { target } = source ?? {};
          if (target?.value !== undefined) target.value = canonicalQuantity(target.value);
          if (target?.averageValue !== undefined) target.averageValue = canonicalQuantity(target.averageValue);
        }
      }
      const { behavior } = spec;
      if (behavior === undefined) return;
      behavior.scaleUp = withDefaults(behavior.scaleUp, {
        stabilizationWindowSeconds: 0,
        selectPolicy: 'Max',
        policies: [
          { type: 'Pods', value: 4, periodSeconds: PERIOD },
          { type: 'Percent', value: 100, periodSeconds: PERIOD },
        ],
      });
      behavior.scaleDown = withDefaults(behavior.scaleDown, {
        selectPolicy: 'Max',
        policies: [{ type: 'Percent', value: 100, periodSeconds: PERIOD }],
      });
    },
    prepareForCreate(autoscaler) {
      autoscaler.status = { desiredReplicas: 0 };
    },
    validateCreate: validateHorizontalPodAutoscaler,
    validateUpdate: validateHorizontalPodAutoscalerUpdate,
    validateStatusUpdate: validateHorizontalPodAutoscalerStatus,
  },
};

function withDefaults(rules: Rules | undefined, defaults: Rules): Rules {
  return { ...defaults, ...rules };
}
