import { CalendarOff } from 'lucide-react';
import type { EventEntry, ObjectReference } from '../../shared/contract/connection';
import { type OpenView, useObjectEvents } from '../app/use-object';
import { Age } from '../table/age';
import { cx } from '../ui/cx';
import { Picture } from '../ui/picture';
import { StatusGlyph } from '../ui/status-glyph';
import { Waiting } from './waiting';

interface EventsTabProps {
  readonly contextId: string;
  readonly view: OpenView;
  readonly reference: ObjectReference;
}

/** What the cluster's parts did for this object, newest first. */
export function EventsTab({ contextId, view, reference }: EventsTabProps) {
  const events = useObjectEvents(contextId, view, reference);
  if (events === undefined) return <Waiting />;
  if (events.length === 0) {
    return (
      <Picture icon={CalendarOff} title="No events">
        <p>A cluster keeps events for an hour. Nothing was reported about this object since.</p>
      </Picture>
    );
  }
  return (
    <ol data-testid="details.events">
      {events.map((event) => (
        <EventLine key={event.id} event={event} />
      ))}
    </ol>
  );
}

function EventLine({ event }: { event: EventEntry }) {
  const warning = event.type === 'Warning';
  return (
    <li className="flex items-start gap-2 border-line border-b px-4 py-1.5">
      <StatusGlyph tone={warning ? 'warning' : 'neutral'} label={event.type} className="mt-1" />
      <div className="min-w-0 flex-1">
        <div className="flex gap-2">
          <span className={cx('font-medium', warning && 'text-warning-ink')}>{event.reason}</span>
          <span className="min-w-0 flex-1 truncate text-ink-faint">{event.source}</span>
          {event.count > 1 && <span className="tabular text-ink-faint">{event.count}×</span>}
          <Age time={event.last} className="tabular text-ink-soft" />
        </div>
        <p className="break-words text-ink-soft" data-selectable>
          {event.message}
        </p>
      </div>
    </li>
  );
}
