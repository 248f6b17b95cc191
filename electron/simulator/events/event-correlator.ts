import type { Event } from '../../../shared/kubernetes/objects';
import { RecentMap } from '../recent-map';

/** How many objects' events are remembered; client-go remembers so many events. */
const OBJECTS_BOUND = 4_096;
/** How many events of one reason about one object are told from each other. */
const OCCURRENCES_BOUND = 64;
/** From so many different messages within the interval on, they are one event. */
const SIMILAR = 10;
/** Milliseconds without a similar event after which similar ones are counted anew. */
const SIMILAR_INTERVAL = 600_000;
/** Events that a source may write at once about one object. */
const BURST = 25;
/** Milliseconds after which it may write one more. */
const REFILL = 300_000;

/** An event that has been written, and may be written again. */
export interface Occurrence {
  readonly message: string;
  readonly fieldPath: string | undefined;
  readonly firstTimestamp: string | undefined;
  /** Of the Event object; `undefined` until it has been created. */
  name: string | undefined;
  count: number;
}

/** Events about one object that differ in their messages only. */
interface Similar {
  readonly reason: string;
  readonly occurrences: Occurrence[];
  /** Stands for all of them when they are too many. */
  combined: Occurrence | undefined;
  /** The different messages of the interval, up to {@link SIMILAR} of them. */
  messages: string[];
  last: number;
}

interface Told {
  readonly reasons: Similar[];
  /** How many events may still be written at `refilled`. */
  allowance: number;
  refilled: number;
}

/**
 * Decides what becomes of one source's events: written, counted in one that was written before, combined with similar ones,
 * or dropped because there are too many (client-go, tools/record/events_cache.go, EventCorrelator). What is remembered is kept
 * by object, which takes a fraction of the memory of keys made of all that an event says.
 */
export class EventCorrelator {
  readonly #objects = new RecentMap<string, Told>(OBJECTS_BOUND);

  /**
   * @param now milliseconds.
   * @returns what to write it as, already counted, with the message to give; `undefined` when it is not to be written.
   */
  correlate(event: Event, now: number): { occurrence: Occurrence; message: string } | undefined {
    const told = this.#told(event, now);
    const { reason = '' } = event;
    let similar = told.reasons.find((candidate) => candidate.reason === reason);
    if (similar === undefined) {
      similar = { reason, occurrences: [], combined: undefined, messages: [], last: now };
      told.reasons.push(similar);
    }
    const answer = occurrenceOf(similar, event, now);
    answer.occurrence.count++;
    return mayWrite(told, now) ? answer : undefined;
  }

  #told({ involvedObject, type }: Event, now: number): Told {
    const { uid, kind, namespace, name } = involvedObject;
    const key = `${type}/${uid ?? `${kind}/${namespace}/${name}`}`;
    const told = this.#objects.get(key) ?? { reasons: [], allowance: BURST, refilled: now };
    this.#objects.set(key, told);
    return told;
  }
}

/** EventAggregator: the event itself, or the one that stands for all that are similar. */
function occurrenceOf(
  similar: Similar,
  { message = '', involvedObject: { fieldPath }, firstTimestamp }: Event,
  now: number,
): { occurrence: Occurrence; message: string } {
  if (now - similar.last > SIMILAR_INTERVAL) similar.messages = [];
  similar.last = now;
  if (!similar.messages.includes(message)) similar.messages.push(message);
  if (similar.messages.length >= SIMILAR) {
    similar.messages.pop();
    similar.combined ??= { message, fieldPath: undefined, firstTimestamp, name: undefined, count: 0 };
    return { occurrence: similar.combined, message: `(combined from similar events): ${message}` };
  }
  const { occurrences } = similar;
  let occurrence = occurrences.find((known) => known.message === message && known.fieldPath === fieldPath);
  if (occurrence === undefined) {
    occurrence = { message, fieldPath, firstTimestamp, name: undefined, count: 0 };
    if (occurrences.push(occurrence) > OCCURRENCES_BOUND) occurrences.shift();
  }
  return { occurrence, message };
}

/** EventSourceObjectSpamFilter: takes one from the object's allowance, if there is one. */
function mayWrite(told: Told, now: number): boolean {
  const refilled = Math.floor((now - told.refilled) / REFILL);
  told.allowance = Math.min(BURST, told.allowance + refilled);
  told.refilled = told.allowance === BURST ? now : told.refilled + refilled * REFILL;
  if (told.allowance < 1) return false;
  told.allowance--;
  return true;
}
