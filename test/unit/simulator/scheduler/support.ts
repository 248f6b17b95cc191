import { Random } from '../../../../electron/simulator/random';
import { Cache } from '../../../../electron/simulator/scheduler/cache';
import { type Decision, SchedulingCycle } from '../../../../electron/simulator/scheduler/cycle';
import { fitErrorText } from '../../../../electron/simulator/scheduler/fit-error';
import { defaultPlugins } from '../../../../electron/simulator/scheduler/plugins';
import type { VolumeLister } from '../../../../electron/simulator/scheduler/plugins/volume-binding';
import { PodInfo } from '../../../../electron/simulator/scheduler/pod-info';
import { preemptionText } from '../../../../electron/simulator/scheduler/preemption';
import type { Node, Pod } from '../../../../shared/kubernetes/objects';

export type PodSpec = NonNullable<Pod['spec']>;

export interface NodeChanges {
  labels?: Record<string, string>;
  spec?: Node['spec'];
  allocatable?: Record<string, string>;
  images?: { names: string[]; sizeBytes: number }[];
}

export function node(name: string, changes: NodeChanges = {}): Node {
  return {
    metadata: { name, labels: { 'kubernetes.io/hostname': name, ...changes.labels } },
    spec: changes.spec ?? {},
    status: {
      allocatable: { cpu: '4', memory: '8Gi', pods: '110', ...changes.allocatable },
      ...(changes.images === undefined ? {} : { images: changes.images }),
    },
  };
}

let uids = 0;

export function pod(spec: Partial<PodSpec> = {}, labels: Record<string, string> = {}): Pod {
  uids++;
  return {
    metadata: { name: `pod-${uids}`, namespace: 'default', uid: `uid-${uids}`, labels },
    spec: { containers: [{ name: 'main', image: 'app' }], ...spec },
  };
}

/** A pod whose one container asks for this. */
export function asking(requests: Record<string, string>): Partial<PodSpec> {
  return { containers: [{ name: 'main', image: 'app', resources: { requests } }] };
}

export const noVolumes: VolumeLister = {
  claim: () => undefined,
  volume: () => undefined,
  storageClass: () => undefined,
};

export class Bench {
  readonly cache = new Cache();
  readonly cycle: SchedulingCycle;

  constructor(nodes: readonly Node[], volumes: VolumeLister = noVolumes) {
    for (const each of nodes) this.cache.setNode(each);
    this.cycle = new SchedulingCycle(defaultPlugins(volumes), this.cache, new Random(1));
  }

  place(on: string, placed: Pod): this {
    this.cache.setPod({ ...placed, spec: { containers: [], ...placed.spec, nodeName: on } });
    return this;
  }

  decide(wanted: Pod): Decision {
    return this.cycle.schedule(new PodInfo(wanted));
  }

  /** The node, or the text of FailedScheduling. */
  outcome(wanted: Pod): string {
    const info = new PodInfo(wanted);
    const decision = this.cycle.schedule(info);
    if ('node' in decision) return decision.node;
    return fitErrorText(decision.diagnosis, preemptionText(info, decision.diagnosis, this.cache));
  }

  /** The weighted scores by node. */
  scores(wanted: Pod): Record<string, number> {
    const { nodes } = this.cache;
    const scores = this.cycle.scores(new PodInfo(wanted), nodes);
    return Object.fromEntries(nodes.map(({ name }, index) => [name, scores[index] ?? 0]));
  }
}
