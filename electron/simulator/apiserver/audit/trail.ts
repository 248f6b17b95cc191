import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '../../clock';
import type { Log } from '../../log';
import { isLongRunning, type RequestInfo } from '../http/request-info';
import type { ResourceDefinition } from '../registry/definition';
import { memoryBackend } from '../storage/memory-backend';
import { Store } from '../storage/store';
import type { Table } from '../storage/table';
import type { AuditEvent, AuditStage, TrailEvent } from './event';
import { RequestTrace } from './request-trace';
import { auditEventDefinition, auditEvents } from './resource';

/** Where audit events go besides memory. */
export interface AuditSink {
  write(event: AuditEvent): void;
  /** Resolves when all that was written is out. */
  close(): Promise<void>;
}

/** How many requests are remembered, and about how many bytes they may take. */
const MOST_EVENTS = 2_000;
const MOST_BYTES = 16 * 1024 * 1024;

/** A stage that a request has reached. */
interface Note {
  readonly key: number;
  readonly trace: RequestTrace;
  readonly stage: AuditStage;
  readonly code: number;
  /** Cluster time in milliseconds since the epoch. */
  readonly time: number;
  readonly weight: number;
}

/**
 * The latest requests that came over the network, in a store of their own: what is only looked at must not move the
 * cluster's resourceVersion. The cluster's own parts are not in it; they would drown what people do.
 *
 * A request costs a note here. It becomes an object when somebody reads or watches the trail.
 */
export class AuditTrail {
  /** Serves the trail. */
  readonly definition: ResourceDefinition;
  readonly #clock: Clock;
  readonly #sink: AuditSink | undefined;
  readonly #table: Table;
  #notes: Note[] = [];
  #firstNote = 0;
  /** What the oldest to the newest object weigh, by key. */
  readonly #weights = new Map<number, number>();
  #bytes = 0;
  #count = 0;

  constructor(clock: Clock, log: Log, sink?: AuditSink) {
    this.#clock = clock;
    this.#sink = sink;
    const store = new Store(memoryBackend(), log, MOST_EVENTS);
    this.#table = store.table(auditEvents.group, auditEvents.resource);
    this.definition = auditEventDefinition(store, () => this.#catchUp());
  }

  /** A request has come in. Its end is noted by itself. */
  begin(request: IncomingMessage, response: ServerResponse, info: RequestInfo, auditId: string): RequestTrace {
    const trace = new RequestTrace(this.#clock, auditId, request, info);
    const key = ++this.#count;
    const sink = this.#sink;
    if (sink !== undefined) {
      trace.onIdentified(() => sink.write(trace.event('RequestReceived', 0, this.#clock.now())));
    }
    const isUpgrade = request.headers.upgrade !== undefined;
    // An upgraded connection is no longer the response's.
    const answer = isUpgrade ? request.socket : response;
    answer.once('close', () => {
      const without = isUpgrade ? 101 : 0;
      this.#note(key, trace, trace.lastStage, response.headersSent ? response.statusCode : without);
    });
    if (isLongRunning(info)) trace.onBegin(() => this.#note(key, trace, 'ResponseStarted', response.statusCode));
    return trace;
  }

  /** Ends what is written besides memory. */
  close(): Promise<void> {
    return this.#sink?.close() ?? Promise.resolve();
  }

  #note(key: number, trace: RequestTrace, stage: AuditStage, code: number): void {
    const time = this.#clock.now();
    this.#sink?.write(trace.event(stage, code, time));
    const { weight } = trace;
    this.#notes.push({ key, trace, stage, code, time, weight });
    this.#bytes += weight;
    if (this.#table.isWatched) this.#catchUp();
    else this.#forget();
  }

  /** Makes objects of all that has been noted. */
  #catchUp(): void {
    const notes = this.#notes.slice(this.#firstNote);
    this.#notes = [];
    this.#firstNote = 0;
    for (const note of notes) {
      // Its weight is counted once, whether it is a note or an object, and goes with what it replaces.
      this.#bytes -= this.#weights.get(note.key) ?? 0;
      // A watch that ends after thousands of requests is as old as its beginning.
      this.#weights.set(note.key, note.weight);
      this.#put(note);
    }
    this.#forget();
  }

  #put({ key, trace, stage, code, time }: Note): void {
    const name = String(key).padStart(10, '0');
    const before = this.#table.get(name)?.object.metadata.creationTimestamp;
    const creationTimestamp = before ?? `${new Date(time).toISOString().slice(0, 19)}Z`;
    const event = trace.event(stage, code, time);
    const object: TrailEvent = {
      apiVersion: `${auditEvents.group}/${auditEvents.version}`,
      kind: auditEvents.kind,
      metadata: { name, uid: trace.auditId, creationTimestamp },
      ...event,
      // Upstream's events do not tell names that were drawn; who looks at the trail wants to know.
      ...(event.objectRef && trace.drawnName !== '' && { objectRef: { ...event.objectRef, name: trace.drawnName } }),
      stages: trace.stages,
    };
    this.#table.put(name, object);
  }

  /** Lets go of the oldest until what is left is within bounds: objects first, as they are older than notes. */
  #forget(): void {
    const isTooMuch = () =>
      this.#bytes > MOST_BYTES || this.#weights.size + this.#notes.length - this.#firstNote > MOST_EVENTS;
    for (const [key, weight] of this.#weights) {
      if (!isTooMuch()) return;
      this.#weights.delete(key);
      this.#bytes -= weight;
      this.#table.remove(String(key).padStart(10, '0'));
    }
    while (isTooMuch()) {
      this.#bytes -= this.#notes[this.#firstNote++]?.weight ?? 0;
      if (this.#firstNote < MOST_EVENTS) continue;
      // Half of the array being dead space is when moving the rest pays.
      this.#notes = this.#notes.slice(this.#firstNote);
      this.#firstNote = 0;
    }
  }
}
