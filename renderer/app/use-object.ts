import { useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import type { EventEntry, ObjectEvent, ObjectReference, RelatedObject } from '../../shared/contract/connection';
import { type ConnectionView, connectionQueries } from './connections';
import type { ConnectionClient } from './ports';

export type OpenView = ConnectionView & { readonly client: ConnectionClient };

function useQueries(contextId: string, view: OpenView) {
  return useMemo(() => connectionQueries(contextId, view), [contextId, view]);
}

export interface ObjectView {
  /** The newest state that was seen, also when there is no newer any more. */
  readonly last: Extract<ObjectEvent, { type: 'object' }> | undefined;
  /** Why `last` is not live, when it is not. */
  readonly event: ObjectEvent | undefined;
}

/** One object, live. */
export function useObject(contextId: string, view: OpenView, reference: ObjectReference): ObjectView {
  const event = useQuery(useQueries(contextId, view).object.experimental_liveOptions({ input: reference })).data;
  const [last, setLast] = useState<ObjectView['last']>();
  if (event?.type === 'object' && event !== last) setLast(event);
  return { last: event?.type === 'object' ? event : last, event };
}

/** What has to do with an object, live; undefined until it is known. */
export function useRelated(
  contextId: string,
  view: OpenView,
  reference: ObjectReference,
): readonly RelatedObject[] | undefined {
  return useQuery(useQueries(contextId, view).related.experimental_liveOptions({ input: reference })).data;
}

/** An object's events, live; undefined until they are known. */
export function useObjectEvents(
  contextId: string,
  view: OpenView,
  reference: ObjectReference,
): readonly EventEntry[] | undefined {
  return useQuery(useQueries(contextId, view).objectEvents.experimental_liveOptions({ input: reference })).data;
}
