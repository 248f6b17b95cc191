import { dns1123LabelProblems } from '../../../../shared/kubernetes/label-syntax';
import type { RuntimeClass } from '../../../../shared/kubernetes/objects';
import { runtimeClasses } from '../../../../shared/kubernetes/resources';
import { runtimeClassPrinter } from '../printers/config';
import type { ResourceDefinition } from '../registry/definition';
import { validateLabels } from '../validation/labels';
import { oldNodeLabel } from '../validation/old-node-labels';
import { validateContainerResources } from '../validation/pod-spec/resources';
import { validateTolerations } from '../validation/pod-spec/tolerations';
import { immutable, invalidFor } from '../validation/values';

export const runtimeClassDefinition: ResourceDefinition<RuntimeClass> = {
  resource: runtimeClasses,
  singular: 'runtimeclass',
  shortNames: [],
  categories: [],
  hasStatus: false,
  printer: runtimeClassPrinter,
  strategy: {
    allowUnconditionalUpdate: false,
    warnings: ({ scheduling }) =>
      Object.keys(scheduling?.nodeSelector ?? {}).flatMap((key) => {
        const text = oldNodeLabel(key);
        return text === undefined ? [] : [`scheduling.nodeSelector: ${text}`];
      }),
    validate: ({ handler, overhead, scheduling }) => [
      ...invalidFor('handler', handler ?? '', dns1123LabelProblems),
      ...validateContainerResources({ limits: overhead?.podFixed ?? {} }, new Set(), 'overhead'),
      ...validateLabels(scheduling?.nodeSelector ?? {}, 'scheduling.nodeSelector'),
      ...validateTolerations(scheduling?.tolerations ?? [], 'scheduling.tolerations'),
    ],
    validateUpdate: (runtimeClass, old) => immutable(runtimeClass.handler, old.handler, 'handler'),
  },
};
