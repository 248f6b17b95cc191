import { eventIterator, oc, type } from '@orpc/contract';
import { z } from 'zod';
import type { HealthState } from '../kinds/kind';
import type { KubeObject } from '../kubernetes/objects';
import { type RowsEvent, rowsQuery } from './rows';

/** One object by its names. */
export const objectReference = z.object({
  kind: z.string().min(1).max(200),
  /** Absent for cluster-scoped objects. */
  namespace: z.string().min(1).max(253).optional(),
  name: z.string().min(1).max(253),
});
export type ObjectReference = z.infer<typeof objectReference>;

/** How the connection to a cluster stands. */
export type ConnectionState =
  | { readonly state: 'connecting' }
  | { readonly state: 'connected'; readonly version: string; readonly server: string }
  /** Nobody answers, or not in time. Tried again by itself; `nextTry` in milliseconds since the epoch. */
  | { readonly state: 'unreachable'; readonly message: string; readonly nextTry: number }
  /** The certificate does not fit the address, or its authority is not known. */
  | { readonly state: 'untrusted'; readonly message: string }
  /** The credentials are missing, expired or not accepted. */
  | { readonly state: 'unauthorized'; readonly message: string };

/** An object in a details drawer. Secret values are left out; see `revealSecret`. */
export type ObjectEvent =
  | { readonly type: 'object'; readonly object: KubeObject; readonly yaml: string }
  | { readonly type: 'deleted' }
  | { readonly type: 'problem'; readonly message: string };

/** An event about an object, or about the cluster. */
export interface EventEntry {
  readonly id: string;
  readonly type: 'Normal' | 'Warning';
  readonly reason: string;
  readonly message: string;
  readonly count: number;
  /** Milliseconds since the epoch. */
  readonly first: number;
  readonly last: number;
  readonly source: string;
}

/** Another object that has to do with this one. */
export interface RelatedObject {
  /** A heading: `Owner`, `Pods`, `Node`. */
  readonly role: string;
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
  /** Absent when the object is named but does not exist (yet). */
  readonly health?: HealthState;
  readonly label?: string;
}

/** How many of a kind there are, and how they are. */
export interface KindSummary {
  readonly kind: string;
  readonly total: number;
  readonly health: Readonly<Partial<Record<HealthState, number>>>;
  /** Not all are counted yet. */
  readonly counting?: boolean;
  readonly problem?: string;
}

/** What one connected cluster may be asked. Served by the connection's own process. */
export const connectionContract = {
  /** The state now, then each change. */
  state: oc.output(eventIterator(type<ConnectionState>())),
  /** Tries at once, without waiting for the next try. */
  reconnect: oc.output(type<void>()),
  rows: oc.input(rowsQuery).output(eventIterator(type<RowsEvent>())),
  object: oc.input(objectReference).output(eventIterator(type<ObjectEvent>())),
  /** The object's events, newest first, whole list with each change. */
  objectEvents: oc.input(objectReference).output(eventIterator(type<readonly EventEntry[]>())),
  /** Whole list with each change. */
  related: oc.input(objectReference).output(eventIterator(type<readonly RelatedObject[]>())),
  /** One value of a Secret, as text; base64 when it is not text. */
  revealSecret: oc
    .input(z.object({ namespace: z.string(), name: z.string(), key: z.string() }))
    .output(type<{ value: string; encoding: 'text' | 'base64' }>()),
  /** Counts for an overview page, at most a few times a second. */
  summary: oc
    .input(z.object({ kinds: z.array(z.string()).min(1).max(50), namespaces: z.array(z.string()).optional() }))
    .output(eventIterator(type<readonly KindSummary[]>())),
};
