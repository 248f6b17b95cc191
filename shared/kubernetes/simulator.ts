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

/** Nodes that a plugin turned down for the same reasons. */
export interface NodeRejection {
  plugin: string;
  reasons: string[];
  /** How many nodes. */
  count: number;
  /** The first of them. */
  nodes: string[];
  /** Whether removing pods from these nodes could help. */
  resolvable: boolean;
}

/** What a node was worth to a pod. */
export interface NodeScore {
  node: string;
  total: number;
  /** From 0 to 100 each, and how much that counts. */
  plugins: { plugin: string; score: number; weight: number }[];
}

/** One try to find a node for a pod. */
export interface SchedulingAttempt {
  /** RFC 3339. */
  time: string;
  result: 'Scheduled' | 'Unschedulable';
  nodeName?: string;
  /** What the event said. */
  message?: string;
  /** How many nodes there were. */
  nodes: number;
  /** How many of them would do, of those that were looked at. */
  feasible: number;
  rejections: NodeRejection[];
  /** The best, in order; none where there was nothing to choose from. */
  scores?: NodeScore[];
  /** The plugins whose mind has to change for another try. */
  waitingFor?: string[];
}

/** Why a pod is where it is, or is nowhere yet: what the scheduler found at each of its last attempts. Named like the pod. */
export interface SchedulingVerdict extends KubeObject {
  podUID: string;
  /** How often it has been tried, those included that are told of no more. */
  attempts: number;
  /** The newest first. */
  history: SchedulingAttempt[];
}

export const schedulingVerdicts: Resource<SchedulingVerdict> = {
  group: SIMULATOR_GROUP,
  version: SIMULATOR_VERSION,
  resource: 'schedulingverdicts',
  kind: 'SchedulingVerdict',
  namespaced: true,
};

export const clocks: Resource<Clock> = {
  group: SIMULATOR_GROUP,
  version: SIMULATOR_VERSION,
  resource: 'clocks',
  kind: 'Clock',
  namespaced: false,
};
