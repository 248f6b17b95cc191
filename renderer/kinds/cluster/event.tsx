import { eventKind } from '../../../shared/kinds/events';
import type { Event } from '../../../shared/kubernetes/objects';
import { Moment } from '../../details/moment';
import { ObjectLink } from '../../details/object-link';
import { Field, Fields, Section } from '../../details/parts';

/** What happened, to whom, how often, and who says so. */
export function EventSections({ object }: { object: Event }) {
  const { reason, message, involvedObject, source, reportingComponent, series, count } = object;
  const [about] = eventKind.relations?.(object) ?? [];
  const times = series?.count ?? count ?? 1;
  const from = source?.component ?? reportingComponent;
  return (
    <Section title={reason ?? 'Event'}>
      {message !== undefined && (
        <p className="break-words pb-2" data-selectable>
          {message.trim()}
        </p>
      )}
      <Fields>
        <Field name="About">
          {about !== undefined && (
            <>
              {involvedObject.kind} <ObjectLink kind={about.kind} namespace={about.namespace} name={about.name} />
            </>
          )}
        </Field>
        <Field name="Part of it">{involvedObject.fieldPath}</Field>
        <Field name="Seen">{times === 1 ? 'once' : `${times.toLocaleString('en')} times`}</Field>
        <Field name="First">
          <Moment time={object.firstTimestamp ?? object.eventTime} />
        </Field>
        <Field name="Last">
          <Moment time={series?.lastObservedTime ?? object.lastTimestamp ?? object.eventTime} />
        </Field>
        <Field name="Reported by">{from && `${from}${source?.host ? ` on ${source.host}` : ''}`}</Field>
      </Fields>
    </Section>
  );
}
