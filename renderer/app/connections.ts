import { createTanstackQueryUtils } from '@orpc/tanstack-query';
import { useCallback, useSyncExternalStore } from 'react';
import type { ConnectionState } from '../../shared/contract/connection';
import { messageOf } from '../../shared/error-message';
import { appClient, type ConnectionClient, connectionClient } from './ports';

/** One context's connection, as the window sees it. */
export interface ConnectionView {
  readonly state: ConnectionState | { readonly state: 'failed'; readonly message: string };
  /** Absent until its process answers for the first time; replaced when that process had to be started again. */
  readonly client: ConnectionClient | undefined;
  /** Counts the clients, to tell one's answers from another's. */
  readonly generation: number;
  /** Since when it is not connected, in milliseconds since the epoch, after it was. */
  readonly lostSince: number | undefined;
}

/** The longest pause before a connection's process is asked for again. Milliseconds. */
const longestPause = 10_000;

/** Keeps one context connected from the moment it is first looked at. */
class ClusterConnection {
  private readonly contextId: string;
  private readonly listeners = new Set<() => void>();
  private view: ConnectionView = {
    state: { state: 'connecting' },
    client: undefined,
    generation: 0,
    lostSince: undefined,
  };
  private wake: (() => void) | undefined;

  constructor(contextId: string) {
    this.contextId = contextId;
    void this.run();
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  readonly snapshot = (): ConnectionView => this.view;

  /** Tries at once. */
  async retry(): Promise<void> {
    if (this.wake !== undefined) this.wake();
    else await this.view.client?.reconnect();
  }

  private async run(): Promise<never> {
    for (let failures = 0; ; failures += 1) {
      try {
        const { port } = await appClient().connect({ contextId: this.contextId });
        const client = await connectionClient(port);
        const states = await client.state();
        failures = 0;
        this.publish({ client, generation: this.view.generation + 1 });
        for await (const state of states) this.publish({ state });
        this.publish({
          state: { state: 'failed', message: 'The connection’s process has ended. It is started again.' },
        });
      } catch (error) {
        this.publish({ state: { state: 'failed', message: messageOf(error) } });
      }
      await this.pause(Math.min(longestPause, 250 * 2 ** failures));
    }
  }

  private pause(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        this.wake = undefined;
        clearTimeout(timer);
        resolve();
      };
      const timer = setTimeout(done, milliseconds);
      this.wake = done;
    });
  }

  private publish(changes: Partial<ConnectionView>): void {
    const next = { ...this.view, ...changes };
    const connected = next.state.state === 'connected';
    const wasConnected = this.view.state.state === 'connected';
    const lostSince = connected ? undefined : wasConnected ? Date.now() : this.view.lostSince;
    this.view = { ...next, lostSince };
    for (const listener of this.listeners) listener();
  }
}

const connections = new Map<string, ClusterConnection>();
/** Told when another context is looked at for the first time. */
const openListeners = new Set<() => void>();

function connectionOf(contextId: string): ClusterConnection {
  const known = connections.get(contextId);
  if (known !== undefined) return known;
  const connection = new ClusterConnection(contextId);
  connections.set(contextId, connection);
  // Whoever asks may be rendering: others are told when it is done.
  queueMicrotask(() => {
    for (const listener of openListeners) listener();
  });
  return connection;
}

/** The context's connection; connects when it is the first to ask. */
export function useConnection(contextId: string): ConnectionView {
  const connection = connectionOf(contextId);
  return useSyncExternalStore(connection.subscribe, connection.snapshot);
}

/** How a context stands, without connecting to it: undefined when nobody has looked at it. */
export function useConnectionIfOpen(contextId: string): ConnectionView | undefined {
  const subscribe = useCallback(
    (listener: () => void) => {
      let unsubscribe = connections.get(contextId)?.subscribe(listener);
      const opened = () => {
        unsubscribe ??= connections.get(contextId)?.subscribe(listener);
        listener();
      };
      openListeners.add(opened);
      return () => {
        openListeners.delete(opened);
        unsubscribe?.();
      };
    },
    [contextId],
  );
  return useSyncExternalStore(subscribe, () => connections.get(contextId)?.snapshot());
}

/** Tries at once, without waiting for the next try. */
export function retryConnection(contextId: string): void {
  connectionOf(contextId)
    .retry()
    .catch((error: unknown) => console.error('the connection could not be retried', error));
}

/** Query options over a connection's procedures, apart from those of other connections. */
export function connectionQueries(contextId: string, view: ConnectionView & { client: ConnectionClient }) {
  return createTanstackQueryUtils(view.client, { path: [contextId, String(view.generation)] });
}
