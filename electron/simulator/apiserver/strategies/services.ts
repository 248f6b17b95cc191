import { dns1035LabelProblems } from '../../../../shared/kubernetes/label-syntax';
import type { Service } from '../../../../shared/kubernetes/objects';
import { endpoints, services } from '../../../../shared/kubernetes/resources';
import { servicePrinter } from '../printers/service';
import type { ResourceDefinition } from '../registry/definition';
import { maskTrailingDash } from '../registry/object-meta';
import { loadBalancerWarnings } from '../validation/ingress';
import { validateService, validateServiceUpdate } from '../validation/service';
import { validateServiceStatus } from '../validation/service-status';
import { validateInternalTraffic } from '../validation/service-traffic';
import { serviceWarnings } from '../validation/service-warnings';
import { recordAddresses, releaseAddresses } from './service-addresses';
import { allocate } from './service-allocation';
import { applyServiceDefaults } from './service-defaults';
import { dropTypeDependent } from './service-transitions';

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
    begin: allocate,
    prepareForCreate(service) {
      service.status = { loadBalancer: {} };
      dropUnshown(service);
    },
    prepareForUpdate(service, old) {
      if (old.status !== undefined) service.status = old.status;
      dropTypeDependent(service, old);
      dropUnshown(service);
    },
    validateCreate: (service) => validateService(service),
    validateUpdate: validateServiceUpdate,
    validateStatusUpdate: validateServiceStatus,
    warnings: serviceWarnings,
    statusWarnings: ({ status }) => loadBalancerWarnings(status?.loadBalancer?.ingress ?? []),
    beforeStore: recordAddresses,
    afterDelete(service, context) {
      releaseAddresses(service, context);
      // The endpoints of a later Service of the same name must not be those of this one.
      context.discard(endpoints, service.metadata.namespace, service.metadata.name ?? '');
    },
    validateName: (name, isPrefix) => dns1035LabelProblems(isPrefix ? maskTrailingDash(name) : name),
  },
  fieldLabels: {
    'spec.clusterIP': (service) => service.spec?.clusterIP ?? '',
    'spec.type': (service) => service.spec?.type ?? '',
  },
  subresources: [{ name: 'proxy', kind: 'ServiceProxyOptions', verbs: ['create', 'delete', 'get', 'patch', 'update'] }],
};

/**
 * Upstream keeps it for an ExternalName, and leaves it out of all that it shows (`defaultOnReadInternalTrafficPolicy`). What
 * cannot be is refused first.
 */
function dropUnshown({ spec }: Service): void {
  if (spec?.type === 'ExternalName' && validateInternalTraffic(spec).length === 0) delete spec.internalTrafficPolicy;
}
