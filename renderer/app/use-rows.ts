import { useEffect, useMemo, useSyncExternalStore } from 'react';
import { messageOf } from '../../shared/error-message';
import type { KindDefinition } from '../../shared/kinds/kind';
import { RowStore, type RowsSnapshot } from '../table/row-store';
import type { ConnectionView } from './connections';
import type { NamespaceChoice } from './namespaces';
import type { ConnectionClient } from './ports';

/**
 * A kind's rows, live. What is shown stays while the stream is opened again, by another client or for other namespaces.
 */
export function useRows(
  contextId: string,
  { client }: ConnectionView,
  kind: KindDefinition,
  namespaces: NamespaceChoice,
): { store: RowStore; snapshot: RowsSnapshot } {
  // The choice is an array; its text tells whether it is another one.
  const scope = kind.resource.namespaced ? namespaces.join(',') : '';
  // biome-ignore lint/correctness/useExhaustiveDependencies: other rows, another store
  const store = useMemo(() => new RowStore(kind), [contextId, kind]);
  useEffect(() => {
    if (client === undefined) return;
    const end = new AbortController();
    store.restart();
    follow(store, client, { kind: kind.id, ...(scope === '' ? {} : { namespaces: scope.split(',') }) }, end.signal);
    return () => end.abort();
  }, [store, client, kind, scope]);
  return { store, snapshot: useSyncExternalStore(store.subscribe, store.snapshot) };
}

function follow(
  store: RowStore,
  client: ConnectionClient,
  query: { kind: string; namespaces?: string[] },
  signal: AbortSignal,
): void {
  const read = async () => {
    for await (const event of await client.rows(query, { signal })) {
      if (signal.aborted) return;
      store.push(event);
    }
    throw new Error('the stream of rows has ended');
  };
  read().catch((error: unknown) => {
    if (signal.aborted) return;
    const message = messageOf(error);
    store.push({ type: 'problem', problem: { type: 'disconnected', message, since: Date.now() } });
  });
}
