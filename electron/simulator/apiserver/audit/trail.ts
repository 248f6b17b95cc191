import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '../../clock';
import { timestamp } from '../../clock';
import type { Log } from '../../log';
import type { RequestInfo } from '../http/request-info';
import { memoryBackend } from '../storage/memory-backend';
import { Store } from '../storage/store';
import type { AuditEvent, TrailEvent } from './event';
import { RequestTrace } from './request-trace';
import { auditEvents } from './resource';

/** Where audit events go besides memory. */
export interface AuditSink {
  write(event: AuditEvent): void;
  /** Resolves when all that was written is out. */
  close(): Promise<void>;
}

/** How many requests are remembered, and about how many bytes they may take. */
const MOST_EVENTS = 2_000;
const MOST_BYTES = 16 * 1024 * 1024;

/**
 * The latest requests that came over the network, in a store of their own: what is only looked at must not move the
 * cluster's resourceVersion. The cluster's own parts are not in it; they would drown what people do.
 */
export class AuditTrail {
  /** Its revisions are the trail's own. */
  readonly store: Store;
  readonly #clock: Clock;
  readonly #sink: AuditSink | undefined;
  /** What the oldest to the newest event weigh, by key. */
  readonly #weights = new Map<string, number>();
  #bytes = 0;
  #count = 0;

  constructor(clock: Clock, log: Log, sink?: AuditSink) {
    this.#clock = clock;
    this.#sink = sink;
    this.store = new Store(memoryBackend(), log, MOST_EVENTS);
  }

  /** A request has come in. Its end is noted by itself. */
  begin(request: IncomingMessage, response: ServerResponse, info: RequestInfo, auditId: string): RequestTrace {
    const trace = new RequestTrace(this.#clock, auditId, request, info);
    const key = String(++this.#count).padStart(10, '0');
    this.#sink?.write(trace.event('RequestReceived', 0));
    // An upgraded connection is no longer the response's.
    const answer = request.headers.upgrade === undefined ? response : request.socket;
    answer.once('close', () => this.#note(key, trace, trace.event('ResponseComplete', codeOf(request, response))));
    if (isLongRunning(info)) {
      trace.onBegin(() => this.#note(key, trace, trace.event('ResponseStarted', response.statusCode)));
    }
    return trace;
  }

  /** Ends what is written besides memory. */
  close(): Promise<void> {
    return this.#sink?.close() ?? Promise.resolve();
  }

  #note(key: string, trace: RequestTrace, event: AuditEvent): void {
    this.#sink?.write(event);
    const { weight, stages } = trace;
    this.#bytes += weight - (this.#weights.get(key) ?? 0);
    // A watch that ends after thousands of requests is as old as its beginning.
    this.#weights.set(key, weight);
    const table = this.store.table(auditEvents.group, auditEvents.resource);
    const created = table.get(key)?.object.metadata.creationTimestamp ?? timestamp(this.#clock);
    const object: TrailEvent = {
      apiVersion: `${auditEvents.group}/${auditEvents.version}`,
      kind: auditEvents.kind,
      metadata: { name: key, uid: trace.auditId, creationTimestamp: created },
      ...event,
      stages: [...stages],
    };
    table.put(key, object);
    for (const [oldest, its] of this.#weights) {
      if (this.#weights.size <= MOST_EVENTS && this.#bytes <= MOST_BYTES) break;
      this.#weights.delete(oldest);
      this.#bytes -= its;
      table.remove(oldest);
    }
  }
}

function codeOf(request: IncomingMessage, response: ServerResponse): number {
  if (response.headersSent) return response.statusCode;
  return request.headers.upgrade === undefined ? 0 : 101;
}

/** apiserver/pkg/server/config.go: watches and proxies, and the subresources that stream. */
function isLongRunning({ verb, subresource }: RequestInfo): boolean {
  return verb === 'watch' || ['attach', 'exec', 'proxy', 'log', 'portforward'].includes(subresource);
}
