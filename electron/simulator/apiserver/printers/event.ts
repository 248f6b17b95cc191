import type { Event } from '../../../../shared/kubernetes/objects';
import type { TablePrinter } from '../registry/definition';
import { column, nameColumn, nameOf, since, wide } from './columns';

export const eventPrinter: TablePrinter<Event> = {
  columns: [
    column('Last Seen', 'When the event was last recorded.'),
    column('Type', 'Normal or Warning; new types may be added.'),
    column('Reason', 'A short, machine understandable reason for the change of the object.'),
    column('Object', 'The object that this event is about.'),
    wide('Subobject', 'The part of the object that the event is about.'),
    wide('Source', 'The component reporting this event.'),
    column('Message', 'A description of what happened.'),
    wide('First Seen', 'When the event was first recorded.'),
    wide('Count', 'How often the event has occurred.'),
    { ...nameColumn, priority: 1 },
  ],
  cells(event, now) {
    const first = since(event.firstTimestamp ?? event.eventTime, now);
    const last = event.series?.lastObservedTime ?? event.lastTimestamp;
    const { kind = '', name = '', fieldPath = '' } = event.involvedObject;
    return [
      last === undefined ? first : since(last, now),
      event.type ?? '',
      event.reason ?? '',
      name === '' ? kind.toLowerCase() : `${kind.toLowerCase()}/${name}`,
      fieldPath,
      sourceText(event),
      (event.message ?? '').trim(),
      first,
      event.series?.count ?? (event.count || 1),
      nameOf(event),
    ];
  },
};

function sourceText(event: Event): string {
  const component = event.source?.component || event.reportingComponent || '';
  const instance = event.source?.host || event.reportingInstance || '';
  return instance === '' ? component : `${component}, ${instance}`;
}
