import type { PriorityClass } from '../../../../shared/kubernetes/objects';
import { priorityClasses } from '../../../../shared/kubernetes/resources';
import { priorityClassPrinter } from '../printers/config';
import type { ResourceDefinition } from '../registry/definition';
import { forbidden } from '../validation/field-error';
import { validatePriorityClass } from '../validation/scheduling';
import { immutable } from '../validation/values';

export const priorityClassDefinition: ResourceDefinition<PriorityClass> = {
  resource: priorityClasses,
  singular: 'priorityclass',
  shortNames: ['pc'],
  categories: [],
  hasStatus: false,
  printer: priorityClassPrinter,
  strategy: {
    applyDefaults(priorityClass) {
      priorityClass.value ??= 0;
      priorityClass.preemptionPolicy ??= 'PreemptLowerPriority';
    },
    validate: validatePriorityClass,
    validateUpdate: (priorityClass, old) => [
      ...(priorityClass.value === old.value ? [] : [forbidden('value', 'may not be changed in an update.')]),
      ...immutable(priorityClass.preemptionPolicy, old.preemptionPolicy, 'preemptionPolicy'),
    ],
  },
};
