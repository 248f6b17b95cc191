import type { Pod } from '../../../shared/kubernetes/objects';
import { parseQuantity } from '../../../shared/kubernetes/quantities';
import type { ContainerUsage, NodeUsage, Usage } from '../kubelet-api';
import type { ContainerRecord } from './container-record';

/**
 * What containers use. Programs here are played, so their use is too: a curve of its own for each container, about what it has
 * asked for, within its limits, the same whenever it is looked at.
 */

/** A pod with its containers. */
export interface RunningPod {
  readonly pod: Pod;
  readonly records: readonly ContainerRecord[];
}

const MIB = 1024 * 1024;
/** The kubelet, the container runtime and the system itself. */
const MACHINE: Usage = { nanocores: 48_000_000, bytes: 420 * MIB };
/** The milliseconds in which a use rises and falls. */
const SWING = 7 * 60_000;
/** Programs that have just been started work harder. */
const WARM_UP = 20_000;
const NANO = 1e9;

export function nodeUsage(pods: Iterable<RunningPod>, at: number): NodeUsage {
  const containers: ContainerUsage[] = [];
  let { nanocores, bytes } = MACHINE;
  for (const { pod, records } of pods) {
    for (const record of records) {
      const startedAt = Date.parse(record.state.running?.startedAt ?? '');
      if (record.instance === undefined || Number.isNaN(startedAt) || startedAt > at) continue;
      const used = containerUsage(`${pod.metadata.uid}/${record.spec.name}`, record.spec.resources, at - startedAt);
      const { namespace = '', name = '' } = pod.metadata;
      containers.push({ namespace, pod: name, container: record.spec.name, startedAt, ...used });
      nanocores += used.nanocores;
      bytes += used.bytes;
    }
  }
  return { node: { nanocores: Math.round(nanocores), bytes: Math.round(bytes) }, containers };
}

type Resources = ContainerRecord['spec']['resources'];

/**
 * @param identity what tells the container from all others.
 * @param age milliseconds since it was started.
 */
export function containerUsage(identity: string, resources: Resources, age: number): Usage {
  const share = (salt: string) => fraction(`${identity}/${salt}`);
  const { requests = {}, limits = {} } = resources ?? {};
  const wave = Math.sin((age / SWING + share('phase')) * 2 * Math.PI);
  const cpuRequest = requests.cpu === undefined ? 0 : parseQuantity(requests.cpu) * NANO;
  const idle = (0.5 + 3 * share('idle')) * 1e6;
  const busy = cpuRequest * (0.12 + 0.25 * share('cpu')) * (1 + 0.35 * wave);
  const warmUp = age < WARM_UP ? (1 - age / WARM_UP) * Math.max(cpuRequest * 0.4, 20e6) : 0;
  const memoryRequest = requests.memory === undefined ? 0 : parseQuantity(requests.memory);
  const base = (3 + 14 * share('base')) * MIB;
  const held = memoryRequest * (0.25 + 0.3 * share('memory')) * (1 + 0.04 * wave);
  // What is read once stays in memory a while.
  const settled = 1 - 0.35 * Math.exp(-age / (10 * 60_000));
  return {
    nanocores: Math.round(within(idle * (1 + 0.2 * wave) + busy + warmUp, limits.cpu, NANO, 1)),
    bytes: Math.round(within((base + held) * settled, limits.memory, 1, 0.9)),
  };
}

/** @param part of the limit that is used at most. */
function within(value: number, limit: string | undefined, unit: number, part: number): number {
  return limit === undefined ? value : Math.min(value, parseQuantity(limit) * unit * part);
}

/** Between 0 and 1, the same for the same text (FNV-1a). */
function fraction(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return ((hash ^ (hash >>> 15)) >>> 0) / 2 ** 32;
}
