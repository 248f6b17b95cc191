import type { Event } from '../../../../shared/kubernetes/objects';
import { events } from '../../../../shared/kubernetes/resources';
import { eventPrinter } from '../printers/event';
import type { ResourceDefinition } from '../registry/definition';
import { invalid } from '../validation/field-error';

export const eventDefinition: ResourceDefinition<Event> = {
  resource: events,
  singular: 'event',
  shortNames: ['ev'],
  categories: [],
  hasStatus: false,
  printer: eventPrinter,
  strategy: {
    allowCreateOnUpdate: true,
    validate(event) {
      const { namespace } = event.involvedObject;
      const own = event.metadata.namespace;
      // Events about cluster-scoped objects live in `default`.
      if (namespace ? namespace !== own : own !== 'default' && own !== 'kube-system') {
        return [invalid('involvedObject.namespace', namespace ?? '', 'does not match event.namespace')];
      }
      return [];
    },
  },
  fieldLabels: {
    'involvedObject.kind': ({ involvedObject }) => involvedObject.kind ?? '',
    'involvedObject.namespace': ({ involvedObject }) => involvedObject.namespace ?? '',
    'involvedObject.name': ({ involvedObject }) => involvedObject.name ?? '',
    'involvedObject.uid': ({ involvedObject }) => involvedObject.uid ?? '',
    'involvedObject.apiVersion': ({ involvedObject }) => involvedObject.apiVersion ?? '',
    'involvedObject.resourceVersion': ({ involvedObject }) => involvedObject.resourceVersion ?? '',
    'involvedObject.fieldPath': ({ involvedObject }) => involvedObject.fieldPath ?? '',
    reason: (event) => event.reason ?? '',
    reportingComponent: (event) => event.reportingComponent ?? '',
    source: (event) => event.source?.component || event.reportingComponent || '',
    type: (event) => event.type ?? '',
  },
};
