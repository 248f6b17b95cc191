import type { Event, EventV1 } from '../../../../shared/kubernetes/objects';
import { events, eventsV1 } from '../../../../shared/kubernetes/resources';
import { convertedPrinter } from '../printers/converted';
import { eventPrinter } from '../printers/event';
import { convertedStrategy } from '../registry/converted-strategy';
import type { ResourceDefinition, StorageConversion } from '../registry/definition';
import { validateChangedEvent, validateEvent, validateNewEvent } from '../validation/events';

/** pkg/apis/events/v1/conversion.go: the same event, some of whose fields have another name here. */
const storage: StorageConversion<EventV1> = {
  resource: events,
  fromStorage(stored: Event) {
    const { involvedObject, message, source, firstTimestamp, lastTimestamp, count, ...others } = stored;
    const { reportingComponent, reportingInstance, ...rest } = others;
    return {
      ...rest,
      apiVersion: 'events.k8s.io/v1',
      ...given('regarding', involvedObject),
      ...given('note', message),
      ...given('deprecatedSource', source),
      ...given('deprecatedFirstTimestamp', firstTimestamp),
      ...given('deprecatedLastTimestamp', lastTimestamp),
      ...given('deprecatedCount', count),
      // Nobody is left out here, and named in the core group.
      ...given('reportingController', reportingComponent || undefined),
      ...given('reportingInstance', reportingInstance || undefined),
      // A time is text here, whichever of the two types it has.
    } as unknown as EventV1;
  },
  toStorage(event) {
    const {
      regarding = {},
      note,
      deprecatedSource = {},
      deprecatedFirstTimestamp,
      deprecatedLastTimestamp,
      deprecatedCount,
      reportingController = '',
      reportingInstance = '',
      ...rest
    } = event;
    return {
      ...rest,
      apiVersion: 'v1',
      involvedObject: regarding,
      ...given('message', note),
      source: deprecatedSource,
      ...given('firstTimestamp', deprecatedFirstTimestamp),
      ...given('lastTimestamp', deprecatedLastTimestamp),
      ...given('count', deprecatedCount),
      reportingComponent: reportingController,
      reportingInstance,
    };
  },
};

function given(name: string, value: unknown): object {
  return value === undefined ? {} : { [name]: value };
}

/** Events as their own group has them (pkg/registry/core/event serves both). */
export const eventV1Definition: ResourceDefinition<EventV1> = {
  resource: eventsV1,
  singular: 'event',
  shortNames: ['ev'],
  categories: [],
  hasStatus: false,
  storage,
  printer: convertedPrinter(eventPrinter, storage),
  strategy: convertedStrategy<EventV1, Event>(
    {
      allowCreateOnUpdate: true,
      validate: (event) => validateEvent(event, 'events.k8s.io'),
      validateCreate: validateNewEvent,
      validateUpdate: validateChangedEvent,
    },
    storage,
    (event) => {
      event.regarding ??= {};
      event.deprecatedSource ??= {};
    },
  ),
  fieldLabels: {
    'regarding.kind': ({ regarding }) => regarding?.kind ?? '',
    'regarding.namespace': ({ regarding }) => regarding?.namespace ?? '',
    'regarding.name': ({ regarding }) => regarding?.name ?? '',
    'regarding.uid': ({ regarding }) => regarding?.uid ?? '',
    'regarding.apiVersion': ({ regarding }) => regarding?.apiVersion ?? '',
    'regarding.resourceVersion': ({ regarding }) => regarding?.resourceVersion ?? '',
    'regarding.fieldPath': ({ regarding }) => regarding?.fieldPath ?? '',
    reportingController: (event) => event.reportingController ?? '',
    reason: (event) => event.reason ?? '',
    type: (event) => event.type ?? '',
  },
};
