import type { DeviceClass } from '../../../../shared/kubernetes/objects';
import { validateList } from './device-lists';
import { MOST_CONFIGURATIONS, validateConfiguration, validateSelectors } from './device-parts';
import type { FieldError } from './field-error';

/** pkg/apis/resource/validation, `ValidateDeviceClass`. */
export function validateDeviceClass({ spec }: DeviceClass): FieldError[] {
  return [
    ...validateSelectors(spec.selectors, 'spec.selectors'),
    ...validateList(spec.config ?? [], MOST_CONFIGURATIONS, 'spec.config', validateConfiguration),
  ];
}
