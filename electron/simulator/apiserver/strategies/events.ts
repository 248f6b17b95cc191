import type { Event } from '../../../../shared/kubernetes/objects';
import { events } from '../../../../shared/kubernetes/resources';
import { eventPrinter } from '../printers/event';
import type { ResourceDefinition } from '../registry/definition';
import { validateEvent } from '../validation/events';

export const eventDefinition: ResourceDefinition<Event> = {
  resource: events,
  singular: 'event',
  shortNames: ['ev'],
  categories: [],
  hasStatus: false,
  printer: eventPrinter,
  strategy: {
    allowCreateOnUpdate: true,
    applyDefaults(event) {
      event.involvedObject ??= {};
      event.source ??= {};
      event.reportingComponent ??= '';
      event.reportingInstance ??= '';
    },
    validate: (event) => validateEvent(event, ''),
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
