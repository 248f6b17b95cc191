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
