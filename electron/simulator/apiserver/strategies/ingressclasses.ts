import type { IngressClass } from '../../../../shared/kubernetes/objects';
import { ingressClasses } from '../../../../shared/kubernetes/resources';
import { ingressClassPrinter } from '../printers/network';
import type { ResourceDefinition } from '../registry/definition';
import { validateIngressClass } from '../validation/ingress';
import { immutable } from '../validation/values';

export const ingressClassDefinition: ResourceDefinition<IngressClass> = {
  resource: ingressClasses,
  singular: 'ingressclass',
  shortNames: [],
  categories: [],
  hasStatus: false,
  printer: ingressClassPrinter,
  strategy: {
    applyDefaults({ spec }) {
      if (spec?.parameters !== undefined) spec.parameters.scope ??= 'Cluster';
    },
    validate: validateIngressClass,
    validateUpdate: (ingressClass, old) =>
      immutable(ingressClass.spec?.controller, old.spec?.controller, 'spec.controller'),
  },
};
