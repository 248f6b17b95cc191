import type { KubeObject } from './objects';
import type { Resource } from './resources';

/** The API group of what only a simulated cluster has. */
export const SIMULATOR_GROUP = 'simulator.porthole.dev';
export const SIMULATOR_VERSION = 'v1alpha1';

/** The name of the one Clock that there is. */
export const CLOCK_NAME = 'cluster';

/** How the simulated cluster's time goes. */
export interface Clock extends KubeObject {
  spec?: {
    /** Cluster seconds a second. */
    speed?: number;
    /** Whether time stands still. */
    paused?: boolean;
    /** RFC 3339: time goes there at once, and on from there. What has passed already changes nothing. */
    advanceTo?: string;
  };
  status?: {
    /** The generation that time goes by. */
    observedGeneration?: number;
    /** RFC 3339: cluster time when it began to. */
    time?: string;
  };
}

export const clocks: Resource<Clock> = {
  group: SIMULATOR_GROUP,
  version: SIMULATOR_VERSION,
  resource: 'clocks',
  kind: 'Clock',
  namespaced: false,
};
