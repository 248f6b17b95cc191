import type { EventEntry, ObjectReference } from '../../../shared/contract/connection';
import type { Event, KubeObject } from '../../../shared/kubernetes/objects';
import { events } from '../../../shared/kubernetes/resources';
import { pause } from '../connection/backoff';
import type { Connection } from '../connection/connection';
import { Alarm } from '../topic';
import { rowId } from '../watches/projection';
import { Reflector, type WatchSink } from '../watches/reflector';
import { definitionOf, scopeOf, watchObject } from './object';

/** Whole lists are sent no more often. Milliseconds. */
const gather = 100;

/** The events of one object, newest first. */
class ObjectEvents implements WatchSink {
  private readonly entries = new Map<string, EventEntry>();
  private readonly changed: () => void;
  private unseen: Set<string> | undefined;

  constructor(changed: () => void) {
    this.changed = changed;
  }

  list(): EventEntry[] {
    return [...this.entries.values()].sort((a, b) => b.last - a.last || b.first - a.first);
  }

  listing(): void {
    this.unseen = new Set(this.entries.keys());
  }

  put(objects: readonly KubeObject[]): void {
    for (const object of objects) {
      const id = rowId(object);
      this.unseen?.delete(id);
      this.entries.set(id, entryOf(object, id));
    }
    this.changed();
  }

  listed(): void {
    for (const id of this.unseen ?? []) this.entries.delete(id);
    this.unseen = undefined;
    this.changed();
  }

  remove(object: KubeObject): void {
    this.entries.delete(rowId(object));
    this.changed();
  }

  live(): void {
    // A list says as much.
  }

  problem(): void {
    // The object's own stream tells of it.
  }
}

/**
 * The events about an object, newest first, the whole list with each change. Chosen by the object's uid: an earlier object
 * of the same name has events of its own.
 */
export async function* streamObjectEvents(
  connection: Connection,
  reference: ObjectReference,
  signal: AbortSignal | undefined,
): AsyncGenerator<readonly EventEntry[], void> {
  const about = await selectorFor(connection, reference, signal);
  if (about === undefined) return;
  const alarm = new Alarm(signal);
  const found = new ObjectEvents(() => alarm.ring());
  // A cluster-scoped object's events are in the namespace "default", as upstream puts them; a watch of all finds them.
  const scope = {
    resource: events,
    ...(reference.namespace === undefined ? {} : { namespace: reference.namespace }),
    fieldSelector: about,
  };
  const reflector = new Reflector(connection, scope, found);
  void reflector.run();
  try {
    while (await alarm.rung()) {
      yield found.list();
      await pause(gather, signal);
    }
  } finally {
    alarm.close();
    reflector.stop();
  }
}

async function selectorFor(
  connection: Connection,
  reference: ObjectReference,
  signal: AbortSignal | undefined,
): Promise<string | undefined> {
  const definition = definitionOf(reference);
  // A kubelet's events about its node carry the node's name as uid, the controllers' the true one.
  if (definition.id === 'nodes') return `involvedObject.kind=Node,involvedObject.name=${reference.name}`;
  for await (const watched of watchObject(connection, scopeOf(definition, reference), signal)) {
    if (watched.type === 'object') return `involvedObject.uid=${watched.object.metadata.uid}`;
  }
  return undefined;
}

/** Both forms of an event: the old one with count and timestamps, the new one with a series. */
function entryOf(object: KubeObject, id: string): EventEntry {
  const event: Event = { involvedObject: {}, ...object };
  const time = (text: string | undefined | null) => (text ? Date.parse(text) : undefined);
  const first = time(event.firstTimestamp) ?? time(event.eventTime) ?? time(event.metadata.creationTimestamp) ?? 0;
  return {
    id,
    type: event.type === 'Warning' ? 'Warning' : 'Normal',
    reason: event.reason ?? '',
    message: event.message ?? '',
    count: event.series?.count ?? event.count ?? 1,
    first,
    last: time(event.series?.lastObservedTime) ?? time(event.lastTimestamp) ?? first,
    source: event.source?.component ?? event.reportingComponent ?? '',
  };
}
