import type { PriorityClass } from '../../../../shared/kubernetes/objects';
import { priorityClasses } from '../../../../shared/kubernetes/resources';
import { priorityClassPrinter } from '../printers/config';
import type { ResourceDefinition } from '../registry/definition';
import { forbidden } from '../validation/field-error';
import { SYSTEM_CLASSES, validatePriorityClass } from '../validation/scheduling';
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
    prepareForCreate(priorityClass) {
      // It has no spec that could change, and counts all the same.
      priorityClass.metadata.generation = 1;
    },
    validateCreate: validatePriorityClass,
    validateUpdate: (priorityClass, old) => [
      ...(priorityClass.value === old.value ? [] : [forbidden('value', 'may not be changed in an update.')]),
      ...immutable(priorityClass.preemptionPolicy, old.preemptionPolicy, 'preemptionPolicy'),
    ],
    whyKept: ({ metadata }) =>
      SYSTEM_CLASSES.has(metadata.name ?? '') ? 'this is a system priority class and cannot be deleted' : undefined,
  },
};
