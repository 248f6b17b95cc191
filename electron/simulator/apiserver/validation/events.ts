import { isDeepStrictEqual } from 'node:util';
import { dns1123SubdomainProblems, qualifiedNameProblems } from '../../../../shared/kubernetes/label-syntax';
import type { Event } from '../../../../shared/kubernetes/objects';
import { type FieldError, invalid, required } from './field-error';
import { internalText } from './internal-text';
import { immutable, invalidFor } from './values';

const LONGEST_WORD = 128;
const LONGEST_MESSAGE = 1024;

/** The group that an event comes by. Field paths are the core group's, but for one. */
export type EventGroup = '' | 'events.k8s.io';

/** pkg/apis/core/validation/events.go, `legacyValidateEvent`: what holds for every event. */
export function validateEvent(event: Event, group: EventGroup): FieldError[] {
  const { namespace = '' } = event.metadata;
  const about = event.involvedObject.namespace ?? '';
  const mismatch = invalid('involvedObject.namespace', about, 'does not match event.namespace');
  const errors: FieldError[] = [];
  if (!event.eventTime) {
    const matches = about === '' ? namespace === '' || namespace === 'default' : namespace === about;
    if (!matches) errors.push(mismatch);
  } else {
    if (about === '' && namespace !== 'default' && namespace !== 'kube-system') errors.push(mismatch);
    const controller = event.reportingComponent ?? '';
    const field = group === '' ? 'reportingComponent' : 'reportingController';
    if (controller === '') errors.push(required(field));
    errors.push(...invalidFor(field, controller, labelKeyProblems));
    errors.push(...word('reportingInstance', event.reportingInstance));
    errors.push(...word('action', event.action));
    errors.push(...word('reason', event.reason));
    errors.push(...atMost('message', event.message ?? '', LONGEST_MESSAGE));
  }
  return [...errors, ...invalidFor('namespace', namespace, dns1123SubdomainProblems)];
}

/** A qualified name, called by what it is most often. */
const labelKeyProblems = (text: string) =>
  qualifiedNameProblems(text).map((problem) => problem.replace('a qualified name', 'a valid label key'));

function word(field: string, text = ''): FieldError[] {
  return text === '' ? [required(field)] : atMost(field, text, LONGEST_WORD);
}

function atMost(field: string, text: string, length: number): FieldError[] {
  return Buffer.byteLength(text) > length ? [invalid(field, '', `can have at most ${length} characters`)] : [];
}

/** What holds besides for one that is made through `events.k8s.io` (`ValidateEventCreate`). */
export function validateNewEvent(event: Event): FieldError[] {
  const errors = validateSeries(event);
  const unset = (field: string, isSet: boolean) => {
    if (isSet) errors.push(invalid(field, '', 'needs to be unset'));
  };
  if (!event.eventTime) errors.push(required('eventTime'));
  if (event.type !== 'Normal' && event.type !== 'Warning') {
    errors.push(invalid('type', '', `has invalid value: ${event.type ?? ''}`));
  }
  unset('firstTimestamp', Boolean(event.firstTimestamp));
  unset('lastTimestamp', Boolean(event.lastTimestamp));
  unset('count', Boolean(event.count));
  unset('source', Boolean(event.source?.component || event.source?.host));
  return errors;
}

function validateSeries({ series }: Event): FieldError[] {
  if (series === undefined) return [];
  return [
    ...((series.count ?? 0) < 2 ? [invalid('series.count', '', 'should be at least 2')] : []),
    ...(series.lastObservedTime ? [] : [required('series.lastObservedTime')]),
  ];
}

const otherObject = ({ involvedObject }: Event): FieldError =>
  invalid('involvedObject', internalText('ObjectReference', involvedObject), 'field is immutable');

/** Of an event that is changed through `events.k8s.io`, only the series goes on (`ValidateEventUpdate`). */
export function validateChangedEvent(event: Event, old: Event): FieldError[] {
  const same = <K extends keyof Event>(field: K, path: string = field): FieldError[] =>
    immutable(event[field], old[field], path);
  return [
    ...(isDeepStrictEqual(event.series, old.series) ? [] : validateSeries(event)),
    ...(isDeepStrictEqual(event.involvedObject, old.involvedObject) ? [] : [otherObject(event)]),
    ...same('reason'),
    ...same('message'),
    ...same('source'),
    ...same('firstTimestamp'),
    ...same('lastTimestamp'),
    ...same('count'),
    ...same('reason'),
    ...same('type'),
    ...same('eventTime'),
    ...same('action'),
    ...same('related'),
    ...same('reportingComponent', 'reportingController'),
    ...same('reportingInstance'),
  ];
}
