import type { Pod } from '../../../shared/kubernetes/objects';
import { qosClassOf } from '../../../shared/kubernetes/qos';
import { type ContainerRecord, containerStatus } from './container-record';
import type { PodCondition, PodStatus } from './types';

/** What a kubelet knows of a pod besides its containers. */
export interface PodFacts {
  readonly records: readonly ContainerRecord[];
  readonly podIP: string | undefined;
  readonly hostIP: string;
  /** RFC 3339. */
  readonly startTime: string;
  /** Set when the kubelet itself has ended the pod: it is Failed, whatever its containers say. */
  readonly failure?: { readonly reason: string; readonly message: string };
}

/** The pod's phase (pkg/kubelet/kubelet_pods.go, getPhase). */
function podPhase(pod: Pod, records: readonly ContainerRecord[]): string {
  const policy = pod.spec?.restartPolicy ?? 'Always';
  let pendingInitialization = 0;
  let failedInitialization = 0;
  for (const { kind, state, last, started } of records) {
    if (kind === 'init') {
      if (state.running !== undefined) pendingInitialization++;
      else if (state.terminated !== undefined) {
        if (state.terminated.exitCode !== 0) failedInitialization++;
      } else if (last !== undefined) {
        if (last.exitCode !== 0) failedInitialization++;
      } else pendingInitialization++;
    } else if (kind === 'sidecar' && !started && state.terminated === undefined) pendingInitialization++;
  }
  let running = 0;
  let waiting = 0;
  let stopped = 0;
  let succeeded = 0;
  for (const { kind, state, last } of records) {
    if (kind !== 'main') continue;
    if (state.running !== undefined) running++;
    else if (state.terminated !== undefined) {
      stopped++;
      if (state.terminated.exitCode === 0) succeeded++;
    } else if (last !== undefined) stopped++;
    else waiting++;
  }
  if (failedInitialization > 0 && policy === 'Never') return 'Failed';
  // Sidecars that restart do not take a pod that has been running back to Pending.
  const begun = running + stopped > 0;
  if ((pendingInitialization > 0 || failedInitialization > 0) && !begun) return 'Pending';
  if (waiting > 0) return 'Pending';
  if (running > 0) return 'Running';
  if (stopped === 0) return 'Pending';
  if (policy === 'Always') return 'Running';
  if (stopped === succeeded) return 'Succeeded';
  return policy === 'Never' ? 'Failed' : 'Running';
}

/**
 * The whole status as the kubelet reports it. Conditions that others own are left out: the patch merges them by type.
 * @param now RFC 3339, for conditions that change now; those that stay keep their time from `previous`.
 */
export function podStatus(pod: Pod, facts: PodFacts, previous: PodStatus | undefined, now: string): PodStatus {
  const { records, failure } = facts;
  const deletedFinished = pod.metadata.deletionTimestamp !== undefined && !records.some(({ state }) => state.running);
  let phase = failure === undefined ? podPhase(pod, records) : 'Failed';
  if (deletedFinished && phase !== 'Succeeded' && phase !== 'Failed') {
    const mains = records.filter(({ kind, state }) => kind === 'main' && state.terminated !== undefined);
    if (mains.length > 0) phase = mains.every(({ state }) => state.terminated?.exitCode === 0) ? 'Succeeded' : 'Failed';
  }
  const generation = pod.metadata.generation;
  const observed = generation === undefined ? {} : { observedGeneration: generation };
  const known = new Map(previous?.conditions?.map((condition) => [condition.type, condition]));
  const condition = (type: string, holds: boolean, reason?: string, message?: string): PodCondition => {
    const status = holds ? 'True' : 'False';
    const before = known.get(type);
    const lastTransitionTime = before?.status === status ? (before.lastTransitionTime ?? now) : now;
    return {
      type,
      status,
      lastTransitionTime,
      ...observed,
      ...(reason === undefined ? {} : { reason }),
      ...(message === undefined ? {} : { message }),
    };
  };
  const inits = records.filter(({ kind }) => kind !== 'main');
  const mains = records.filter(({ kind }) => kind === 'main');
  const incomplete = inits.filter(({ kind, state, started, last }) =>
    kind === 'sidecar' ? !started : !(state.terminated?.exitCode === 0 || (state.waiting && last?.exitCode === 0)),
  );
  const initialized = incomplete.length === 0;
  const unready = [
    ...inits.filter(({ kind, ready }) => kind === 'sidecar' && !ready),
    ...mains.filter((r) => !r.ready),
  ];
  const names = (list: readonly ContainerRecord[]) => `[${list.map(({ spec }) => spec.name).join(' ')}]`;
  const readiness = (type: string): PodCondition => {
    if (phase === 'Succeeded') return condition(type, false, 'PodCompleted');
    if (phase === 'Failed') return condition(type, false, 'PodFailed');
    if (unready.length > 0) {
      return condition(type, false, 'ContainersNotReady', `containers with unready status: ${names(unready)}`);
    }
    const gates = type === 'Ready' ? (pod.spec?.readinessGates ?? []) : [];
    const closed = gates.filter(({ conditionType }) => known.get(conditionType)?.status !== 'True');
    const first = closed[0];
    if (first !== undefined) {
      const state = known.get(first.conditionType);
      const text =
        state === undefined
          ? `corresponding condition of pod readiness gate "${first.conditionType}" does not exist.`
          : `the status of pod readiness gate "${first.conditionType}" is not "True", but ${state.status}`;
      return condition(type, false, 'ReadinessGatesNotReady', text);
    }
    return condition(type, true);
  };
  const finished = phase === 'Succeeded' || phase === 'Failed';
  const sandbox = facts.podIP !== undefined && !finished;
  const initializedCondition = initialized
    ? condition('Initialized', true, phase === 'Succeeded' ? 'PodCompleted' : undefined)
    : condition(
        'Initialized',
        false,
        'ContainersNotInitialized',
        `containers with incomplete status: ${names(incomplete)}`,
      );
  const scheduled = known.get('PodScheduled');
  return {
    ...(generation === undefined ? {} : { observedGeneration: generation }),
    phase,
    ...(failure ?? {}),
    conditions: [
      condition('PodReadyToStartContainers', sandbox),
      initializedCondition,
      readiness('Ready'),
      readiness('ContainersReady'),
      ...(scheduled === undefined ? [condition('PodScheduled', true)] : [{ ...scheduled, ...observed }]),
    ],
    hostIP: facts.hostIP,
    hostIPs: [{ ip: facts.hostIP }],
    ...(facts.podIP === undefined ? {} : { podIP: facts.podIP, podIPs: [{ ip: facts.podIP }] }),
    startTime: facts.startTime,
    ...(inits.length > 0 ? { initContainerStatuses: inits.map(containerStatus) } : {}),
    containerStatuses: mains.map(containerStatus),
    qosClass: previous?.qosClass ?? qosClassOf(pod),
  };
}
