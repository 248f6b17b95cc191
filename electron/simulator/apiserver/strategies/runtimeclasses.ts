import { dns1123LabelProblems } from '../../../../shared/kubernetes/label-syntax';
import type { RuntimeClass } from '../../../../shared/kubernetes/objects';
import { runtimeClasses } from '../../../../shared/kubernetes/resources';
import { runtimeClassPrinter } from '../printers/config';
import type { ResourceDefinition } from '../registry/definition';
import { invalid } from '../validation/field-error';
import { immutable } from '../validation/values';

export const runtimeClassDefinition: ResourceDefinition<RuntimeClass> = {
  resource: runtimeClasses,
  singular: 'runtimeclass',
  shortNames: [],
  categories: [],
  hasStatus: false,
  printer: runtimeClassPrinter,
  strategy: {
    allowUnconditionalUpdate: false,
    validate: ({ handler }) => dns1123LabelProblems(handler).map((problem) => invalid('handler', handler, problem)),
    validateUpdate: (runtimeClass, old) => immutable(runtimeClass.handler, old.handler, 'handler'),
  },
};
