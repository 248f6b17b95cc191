import type { Event, KubeObject } from '../../../shared/kubernetes/objects';
import { events } from '../../../shared/kubernetes/resources';
import { isAlreadyExists, isNamespaceTerminating, isNotFound } from '../../../shared/kubernetes/status-error';
import type { ApiClient } from '../client';
import { type Clock, timestamp } from '../clock';
import type { Log } from '../log';
import { EventCorrelator } from './event-correlator';

/** How many events may wait to be written: client-go's broadcaster holds so many before and after its hub. */
const QUEUE_BOUND = 2_000;

/** Writes `v1` Events about objects, one after another (client-go, tools/record/event.go). */
export class EventRecorder {
  readonly #client: ApiClient;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #component: string;
  readonly #host: string | undefined;
  readonly #correlator = new EventCorrelator();
  #queue: Event[] = [];
  #writing = false;
  #dropped = 0;
  #sequence = 0;

  /** @param host the node's name, for a kubelet. */
  constructor(client: ApiClient, clock: Clock, log: Log, component: string, host?: string) {
    this.#client = client;
    this.#clock = clock;
    this.#log = log;
    this.#component = component;
    this.#host = host;
  }

  /**
   * Never throws and never waits: an event that cannot be written is logged, and one too many is dropped, as upstream does.
   * @param fieldPath the part of the object meant, such as `spec.containers{nginx}`.
   */
  event(object: KubeObject, type: 'Normal' | 'Warning', reason: string, message: string, fieldPath?: string): void {
    if (this.#queue.length >= QUEUE_BOUND) {
      this.#dropped++;
      return;
    }
    // Made at once: it tells of this moment, and the object need not be kept.
    this.#queue.push(this.#make(object, type, reason, message, fieldPath));
    if (!this.#writing) void this.#drain();
  }

  #make(object: KubeObject, type: string, reason: string, message: string, fieldPath: string | undefined): Event {
    const { metadata } = object;
    const now = timestamp(this.#clock);
    return {
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name: metadata.name ?? '', namespace: metadata.namespace ?? 'default' },
      involvedObject: {
        ...(object.apiVersion === undefined ? {} : { apiVersion: object.apiVersion }),
        ...(object.kind === undefined ? {} : { kind: object.kind }),
        ...(metadata.name === undefined ? {} : { name: metadata.name }),
        ...(metadata.namespace === undefined ? {} : { namespace: metadata.namespace }),
        ...(metadata.uid === undefined ? {} : { uid: metadata.uid }),
        ...(metadata.resourceVersion === undefined ? {} : { resourceVersion: metadata.resourceVersion }),
        ...(fieldPath === undefined ? {} : { fieldPath }),
      },
      reason,
      message,
      type,
      source: { component: this.#component, ...(this.#host === undefined ? {} : { host: this.#host }) },
      reportingComponent: this.#component,
      reportingInstance: this.#host ?? '',
      firstTimestamp: now,
      lastTimestamp: now,
      count: 1,
    };
  }

  /** One after another, so that a repetition finds what it repeats. */
  async #drain(): Promise<void> {
    this.#writing = true;
    while (this.#queue.length > 0) {
      const events = this.#queue;
      this.#queue = [];
      for (const event of events) {
        try {
          await this.#write(event);
        } catch (error) {
          // In a namespace that is going away nothing new may be told, and nobody would be left to read it.
          if (isNamespaceTerminating(error)) continue;
          const { kind, name } = event.involvedObject;
          this.#log.error(`event ${event.reason} of ${kind} ${name}`, error);
        }
      }
      if (this.#dropped > 0) this.#log.error(`${this.#component}: too many queued events, dropped ${this.#dropped}`);
      this.#dropped = 0;
    }
    this.#writing = false;
  }

  async #write(event: Event): Promise<void> {
    const correlated = this.#correlator.correlate(event, this.#clock.now());
    if (correlated === undefined) return;
    const { occurrence, message } = correlated;
    const { count, name, firstTimestamp } = occurrence;
    const { namespace } = event.metadata;
    if (name !== undefined) {
      try {
        const patch = { count, message, lastTimestamp: event.lastTimestamp };
        await this.#client.patch(events, namespace, name, 'merge', patch);
        return;
      } catch (error) {
        // It was deleted or has expired: it is written anew.
        if (!isNotFound(error)) throw error;
      }
    }
    occurrence.name = await this.#create({ ...event, message, count, firstTimestamp });
  }

  /**
   * @param event has its object's name, to which what makes it unique is added.
   * @returns its own name.
   */
  async #create(event: Event): Promise<string> {
    for (;;) {
      const name = `${event.metadata.name}.${this.#unique()}`;
      try {
        await this.#client.create(events, { ...event, metadata: { ...event.metadata, name } });
        return name;
      } catch (error) {
        // Another component has told something of this object in the same moment.
        if (!isAlreadyExists(error)) throw error;
      }
    }
  }

  /** As upstream: the time in hexadecimal nanoseconds; a counter stands for the digits below a millisecond. */
  #unique(): string {
    return (BigInt(Math.floor(this.#clock.now())) * 1_000_000n + BigInt(this.#sequence++ % 1_000_000)).toString(16);
  }
}
