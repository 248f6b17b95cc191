import type { Event, KubeObject } from '../../shared/kubernetes/objects';
import { events } from '../../shared/kubernetes/resources';
import { isAlreadyExists, isNamespaceTerminating, isNotFound } from '../../shared/kubernetes/status-error';
import type { ApiClient } from './client';
import { type Clock, timestamp } from './clock';
import type { Log } from './log';
import { RecentMap } from './recent-map';

/** Bound on remembered events, as client-go's correlator keeps 4,096. */
const REMEMBERED = 4096;

interface Remembered {
  name: string;
  count: number;
}

/**
 * Writes `v1` Events about objects: one that repeats is counted in the same object, as client-go's event correlator does
 * (tools/record/events_cache.go).
 */
export class EventRecorder {
  readonly #client: ApiClient;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #component: string;
  readonly #host: string | undefined;
  readonly #seen = new RecentMap<string, Remembered>(REMEMBERED);
  #chain: Promise<void> = Promise.resolve();

  /** @param host the node's name, for a kubelet. */
  constructor(client: ApiClient, clock: Clock, log: Log, component: string, host?: string) {
    this.#client = client;
    this.#clock = clock;
    this.#log = log;
    this.#component = component;
    this.#host = host;
  }

  /**
   * Never rejects and never waits: an event that cannot be written is logged.
   * @param fieldPath the part of the object meant, such as `spec.containers{nginx}`.
   */
  event(object: KubeObject, type: 'Normal' | 'Warning', reason: string, message: string, fieldPath?: string): void {
    // One after another, so that a repetition finds what it repeats.
    this.#chain = this.#chain
      .then(() => this.#write(object, type, reason, message, fieldPath))
      .catch((error: unknown) => {
        // In a namespace that is going away nothing new may be told, and nobody would be left to read it.
        if (isNamespaceTerminating(error)) return;
        this.#log.error(`event ${reason} of ${object.kind} ${object.metadata.name}`, error);
      });
  }

  async #write(
    object: KubeObject,
    type: 'Normal' | 'Warning',
    reason: string,
    message: string,
    fieldPath: string | undefined,
  ): Promise<void> {
    const { metadata } = object;
    const namespace = metadata.namespace ?? 'default';
    const now = timestamp(this.#clock);
    const key = [metadata.uid, type, reason, message, fieldPath].join('\n');
    const known = this.#seen.get(key);
    if (known !== undefined) {
      known.count++;
      this.#seen.set(key, known);
      try {
        await this.#client.patch(events, namespace, known.name, 'merge', { count: known.count, lastTimestamp: now });
        return;
      } catch (error) {
        if (!isNotFound(error)) throw error;
        // It was deleted or has expired: it is written anew.
        this.#seen.delete(key);
      }
    }
    const name = await this.#create({
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name: metadata.name ?? '', namespace },
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
    });
    this.#seen.set(key, { name, count: 1 });
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

  #sequence = 0;

  /** As upstream: the time in hexadecimal nanoseconds; a counter stands for the digits below a millisecond. */
  #unique(): string {
    return (BigInt(Math.floor(this.#clock.now())) * 1_000_000n + BigInt(this.#sequence++ % 1_000_000)).toString(16);
  }
}
