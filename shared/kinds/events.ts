import type { Event } from '../kubernetes/objects';
import { events, groupVersionOf } from '../kubernetes/resources';
import { statusColumn, timeCell } from './cells';
import { defineKind, type Relation } from './kind';

/** When it was last seen: the fields of both generations of the API (pkg/printers/internalversion/printers.go, printEvent). */
function eventLastSeen(event: Event): number | null {
  return timeCell(
    event.series?.lastObservedTime ?? event.lastTimestamp ?? event.eventTime ?? event.metadata.creationTimestamp,
  );
}

/** When it was first seen. */
function eventFirstSeen(event: Event): number | null {
  return timeCell(event.firstTimestamp ?? event.eventTime ?? event.metadata.creationTimestamp);
}

/** Who reported it. */
function eventSource(event: Event): string {
  const component = event.source?.component ?? event.reportingComponent ?? '';
  return event.source?.host ? `${component}, ${event.source.host}` : component;
}

/** How often it has been seen. */
function eventCount(event: Event): number {
  return event.series?.count ?? event.count ?? 1;
}

/** A kind's resource name, by the rule that all built-in kinds follow (meta.UnsafeGuessKindToResource). */
function pluralOf(kind: string): string {
  const singular = kind.toLowerCase();
  if (singular === 'endpoints') return singular;
  if (singular.endsWith('s')) return `${singular}es`;
  return /[^aeiou]y$/.test(singular) ? `${singular.slice(0, -1)}ies` : `${singular}s`;
}

function involved({ involvedObject }: Event): Relation[] {
  if (!involvedObject.kind || !involvedObject.name) return [];
  const { group } = groupVersionOf(involvedObject.apiVersion ?? '');
  const plural = pluralOf(involvedObject.kind);
  return [
    {
      role: 'About',
      kind: group ? `${plural}.${group}` : plural,
      name: involvedObject.name,
      ...(involvedObject.namespace ? { namespace: involvedObject.namespace } : {}),
    },
  ];
}

export const eventKind = defineKind<Event>({
  resource: events,
  title: 'Events',
  about: 'Events tell what the parts of the cluster did and what they could not do. They are kept for an hour.',
  shortNames: ['ev'],
  group: 'cluster',
  // Names are made up, and when an event was last seen says more than when it was made.
  hides: ['name', 'age'],
  columns: [
    { ...statusColumn<Event>((event) => event.type ?? 'Normal', 100), title: 'Type' },
    { id: 'lastSeen', title: 'Last seen', type: 'time', width: 110, value: eventLastSeen },
    { id: 'reason', title: 'Reason', width: 190, value: (event) => event.reason ?? null },
    {
      id: 'object',
      title: 'Object',
      width: 220,
      value: ({ involvedObject }) => `${involvedObject.kind ?? ''}/${involvedObject.name ?? ''}`,
    },
    { id: 'message', title: 'Message', width: 420, value: (event) => event.message?.trim() ?? null },
    { id: 'count', title: 'Count', type: 'number', width: 70, value: eventCount },
    { id: 'source', title: 'Source', width: 190, wide: true, value: eventSource },
    { id: 'firstSeen', title: 'First seen', type: 'time', wide: true, value: eventFirstSeen },
  ],
  health: (event) =>
    event.type === 'Warning'
      ? { state: 'warning', label: 'Warning' }
      : { state: 'neutral', label: event.type ?? 'Normal' },
  relations: involved,
});
