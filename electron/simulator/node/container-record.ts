import type { ContainerLog } from './container-log';
import type { ProbeRunner } from './probes';
import type { ContainerInstance } from './runtime/container';
import type { ContainerSpec, ContainerState, ContainerStatus, TerminatedState } from './types';

export type ContainerKind = 'init' | 'sidecar' | 'main';

/** What a kubelet knows of one container of a pod, over all its runs. */
export interface ContainerRecord {
  readonly kind: ContainerKind;
  readonly spec: ContainerSpec;
  state: ContainerState;
  /** How the run before this one ended. */
  last: TerminatedState | undefined;
  restartCount: number;
  ready: boolean;
  /** Has passed its startup probe, or has none and runs. */
  started: boolean;
  containerID: string;
  imageID: string;
  /** The image's full name, once it is known. */
  image: string;
  /** Set while the container runs. */
  instance: ContainerInstance | undefined;
  log: ContainerLog | undefined;
  previousLog: ContainerLog | undefined;
  probes: ProbeRunner | undefined;
  /** A start is under way or waits for its time. */
  busy: boolean;
  /** Why the kubelet has stopped it, for the terminated state's reason. */
  killed: { exitReason?: string; message?: string } | undefined;
}

export function newRecord(kind: ContainerKind, spec: ContainerSpec, waiting: string): ContainerRecord {
  return {
    kind,
    spec,
    state: { waiting: { reason: waiting } },
    last: undefined,
    restartCount: 0,
    ready: false,
    started: false,
    containerID: '',
    imageID: '',
    image: spec.image ?? '',
    instance: undefined,
    log: undefined,
    previousLog: undefined,
    probes: undefined,
    busy: false,
    killed: undefined,
  };
}

/** Takes over what an earlier kubelet of this node has written: its machine has been restarted since. */
export function adopt(record: ContainerRecord, status: ContainerStatus, now: string): void {
  record.restartCount = status.restartCount;
  record.imageID = status.imageID;
  record.containerID = status.containerID ?? '';
  record.last = status.lastState?.terminated;
  if (status.state?.terminated !== undefined) record.state = { terminated: status.state.terminated };
  else if (status.state?.running !== undefined) {
    record.state = {
      terminated: {
        exitCode: 255,
        reason: 'Unknown',
        startedAt: status.state.running.startedAt ?? now,
        finishedAt: now,
        containerID: record.containerID,
      },
    };
  }
}

/** The API's form (pkg/kubelet/kubelet_pods.go, convertToAPIContainerStatuses). */
export function containerStatus(record: ContainerRecord): ContainerStatus {
  const { state, last, spec } = record;
  const id = state.waiting !== undefined ? (last?.containerID ?? '') : record.containerID;
  return {
    name: spec.name,
    state,
    lastState: last === undefined ? {} : { terminated: last },
    ready: record.ready,
    restartCount: record.restartCount,
    image: record.image,
    imageID: record.imageID,
    ...(id === '' ? {} : { containerID: id }),
    started: record.started,
    ...(spec.resources === undefined || Object.keys(spec.resources).length === 0
      ? { resources: {} }
      : { resources: spec.resources }),
  };
}

/** How a run ended, once it has ended: in the present state or, while the next waits, in the last. */
export function terminationOf(record: ContainerRecord): TerminatedState | undefined {
  return record.state.terminated ?? (record.state.waiting === undefined ? undefined : record.last);
}
