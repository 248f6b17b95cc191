import { eventIterator, oc, type } from '@orpc/contract';
import { z } from 'zod';

/** Where a context comes from. */
export type ContextSource =
  | { readonly type: 'kubeconfig'; readonly file: string }
  | { readonly type: 'simulator'; readonly preset: string };

/** One context a person can connect to. No credential is in it. */
export interface ContextSummary {
  /** Stable over restarts; unique over all sources. */
  readonly id: string;
  readonly name: string;
  readonly cluster: string;
  readonly user: string;
  /** The server's URL. */
  readonly server: string;
  /** The context's default namespace. */
  readonly namespace?: string;
  readonly source: ContextSource;
  /** Why it cannot be used, when it cannot: a missing user, an unreadable certificate. */
  readonly problem?: string;
}

/** A kubeconfig file that could not be read, wholly or in part. */
export interface CatalogProblem {
  readonly file: string;
  /** Counted from one. */
  readonly line?: number;
  readonly message: string;
}

export interface Catalog {
  readonly contexts: readonly ContextSummary[];
  readonly problems: readonly CatalogProblem[];
}

/** How the simulated cluster stands. */
export type SimulatorState =
  | { readonly state: 'starting' }
  | {
      readonly state: 'running';
      readonly contextId: string;
      readonly kubeconfig: string;
      readonly server: string;
      readonly notice?: string;
    }
  | { readonly state: 'failed'; readonly message: string };

export interface AppInfo {
  readonly version: string;
  /** Such as `Electron 45.4.1` or `Browser`. */
  readonly runtime: string;
  /** True when the development runtime stands in for the app's own Electron. */
  readonly fallbackRuntime: boolean;
  readonly platform: string;
}

/** What the app itself may be asked. Served by the main process, or by the server for a browser. */
export const appContract = {
  info: oc.output(type<AppInfo>()),
  /** The catalog now, then with each change of a kubeconfig. */
  catalog: oc.output(eventIterator(type<Catalog>())),
  simulator: oc.output(eventIterator(type<SimulatorState>())),
  /** Starts the simulated cluster again after it failed; does nothing while it runs. */
  startSimulator: oc.output(type<void>()),
  /**
   * Starts (or finds) the context's connection process. The renderer is then handed a port of the answered name, on which
   * `connectionContract` is served; see `renderer/app/ports.ts`.
   */
  connect: oc.input(z.object({ contextId: z.string().min(1).max(1000) })).output(type<{ port: string }>()),
  disconnect: oc.input(z.object({ contextId: z.string().min(1).max(1000) })).output(type<void>()),
};
