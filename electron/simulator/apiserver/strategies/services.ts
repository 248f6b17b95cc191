import { dns1035LabelProblems } from '../../../../shared/kubernetes/label-syntax';
import type { Service } from '../../../../shared/kubernetes/objects';
import { services } from '../../../../shared/kubernetes/resources';
import { servicePrinter } from '../printers/service';
import type { ResourceDefinition } from '../registry/definition';
import { validateService, validateServiceUpdate } from '../validation/service';
import { allocate, applyServiceDefaults, keepAllocated } from './service-allocation';

export const serviceDefinition: ResourceDefinition<Service> = {
  resource: services,
  singular: 'service',
  shortNames: ['svc'],
  categories: ['all'],
  hasStatus: true,
  printer: servicePrinter,
  strategy: {
    allowCreateOnUpdate: true,
    applyDefaults: applyServiceDefaults,
    prepareForCreate(service, context) {
      service.status = { loadBalancer: {} };
      allocate(service, undefined, context);
    },
    prepareForUpdate(service, old, context) {
      if (old.status !== undefined) service.status = old.status;
      keepAllocated(service, old);
      allocate(service, old, context);
    },
    validate: validateService,
    validateUpdate: validateServiceUpdate,
    validateName: (name) => dns1035LabelProblems(name),
  },
  fieldLabels: {
    'spec.clusterIP': (service) => service.spec?.clusterIP ?? '',
    'spec.type': (service) => service.spec?.type ?? '',
  },
  subresources: [{ name: 'proxy', kind: 'ServiceProxyOptions', verbs: ['create', 'delete', 'get', 'patch', 'update'] }],
};
