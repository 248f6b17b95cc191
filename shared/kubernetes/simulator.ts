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

/** What goes wrong, of one kind at a time. Lists that are absent mean all. */
export interface FaultSpec {
  /** Machines without power. */
  nodeDown?: { nodes: string[] };
  /** Registries that nodes cannot reach: hosts such as `docker.io`. */
  registryUnreachable?: { registries?: string[]; nodes?: string[] };
  /** An image whose containers crash: by its name, with a tag or in any. */
  failingImage?: { image: string; exitCode?: number; afterSeconds?: number; output?: string };
  /** Disks that take `factor` times as long to unpack images, to mount volumes and to create containers. */
  slowDisk?: { nodes?: string[]; factor?: number };
  /** Requests from outside that wait before they are served, in the time of the person who waits. */
  apiLatency?: { milliseconds: number; users?: string[]; verbs?: string[]; resources?: string[] };
  /** Seconds of cluster time after which it is over by itself. */
  durationSeconds?: number;
}

/** Something that goes wrong, for as long as the object is there. */
export interface Fault extends KubeObject {
  spec?: FaultSpec;
  status?: {
    observedGeneration?: number;
    active?: boolean;
    /** RFC 3339: since when it acts, or has acted, and when it was over by itself. */
    startTime?: string;
    endTime?: string;
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

export const faults: Resource<Fault> = {
  group: SIMULATOR_GROUP,
  version: SIMULATOR_VERSION,
  resource: 'faults',
  kind: 'Fault',
  namespaced: false,
};
