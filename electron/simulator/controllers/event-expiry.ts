import type { Event } from '../../../shared/kubernetes/objects';
import { events } from '../../../shared/kubernetes/resources';
import { isNotFound } from '../../../shared/kubernetes/status-error';
import type { ComponentContext, ComponentDefinition } from '../component';
import type { Informer } from '../informer';
import { Controller } from './controller';

/** kube-apiserver's `--event-ttl` (milliseconds). */
const TTL = 3_600_000;
/** Events that expire within this time of each other go in one sweep (milliseconds). */
const SWEEP = 60_000;

/**
 * Deletes events an hour after they last changed. A real cluster has no such controller: its API server writes them with a
 * lease, and etcd lets them lapse.
 */
class EventExpiry extends Controller {
  readonly #events: Informer<Event>;

  constructor(context: ComponentContext) {
    super('event-expiry', context);
    this.#events = context.informers.for(events);
    this.#events.addHandlers({ add: (event) => this.enqueueAfter('', Math.max(SWEEP, expiryOf(event) - this.now)) });
  }

  protected async reconcile(): Promise<void> {
    let next = Number.POSITIVE_INFINITY;
    for (const event of this.#events.list()) {
      const expiry = expiryOf(event);
      if (expiry > this.now) {
        next = Math.min(next, expiry);
        continue;
      }
      try {
        await this.context.client.delete(events, event.metadata.namespace, event.metadata.name ?? '');
      } catch (error) {
        if (!isNotFound(error)) throw error;
      }
    }
    if (Number.isFinite(next)) this.enqueueAfter('', Math.max(SWEEP, next - this.now));
  }
}

function expiryOf({ metadata, lastTimestamp, eventTime, series }: Event): number {
  const last = series?.lastObservedTime ?? lastTimestamp ?? eventTime ?? metadata.creationTimestamp ?? '';
  return (Date.parse(last) || 0) + TTL;
}

export const eventExpiry: ComponentDefinition = {
  name: 'event-expiry',
  user: 'system:apiserver',
  groups: ['system:masters', 'system:authenticated'],
  create: (context) => new EventExpiry(context),
};
