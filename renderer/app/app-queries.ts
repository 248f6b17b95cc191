import { createTanstackQueryUtils } from '@orpc/tanstack-query';
import { useQuery } from '@tanstack/react-query';
import type { AppInfo, Catalog, SimulatorState } from '../../shared/contract/app';
import { appClient } from './ports';

const queries = createTanstackQueryUtils(appClient(), { path: ['app'] });

/** Contexts and broken kubeconfigs, live. Undefined until they are known. */
export function useCatalog(): Catalog | undefined {
  return useQuery(queries.catalog.experimental_liveOptions()).data;
}

/** How the simulated cluster stands, live. */
export function useSimulator(): SimulatorState | undefined {
  return useQuery(queries.simulator.experimental_liveOptions()).data;
}

export function useAppInfo(): AppInfo | undefined {
  return useQuery(queries.info.queryOptions()).data;
}

/** Why the simulated cluster behind a context does not run; undefined when it does, or when the context is another's. */
export function useSimulatorFailure(contextId: string): string | undefined {
  const source = useCatalog()?.contexts.find((context) => context.id === contextId)?.source;
  const simulator = useSimulator();
  return source?.type === 'simulator' && simulator?.state === 'failed' ? simulator.message : undefined;
}

/** Starts the simulated cluster again; how that goes, {@link useSimulator} tells. */
export function startSimulator(): void {
  appClient()
    .startSimulator()
    .catch((error: unknown) => console.error('the simulated cluster could not be started', error));
}
