import type { Pod } from './objects';

type PodSpec = NonNullable<Pod['spec']>;
type Container = PodSpec['containers'][number];
type ContainerStatus = NonNullable<NonNullable<Pod['status']>['containerStatuses']>[number];

/** How far a pod's containers are (the READY and RESTARTS columns). */
export interface PodReadiness {
  readonly ready: number;
  readonly total: number;
  readonly restarts: number;
  /** When a container last ended and was started again, in milliseconds since the epoch. */
  readonly lastRestart?: number;
}

interface Summary extends PodReadiness {
  readonly status: string;
}

/**
 * The STATUS column of `kubectl get pods`: not the phase, but the most telling reason among the containers
 * (pkg/printers/internalversion/printers.go, `printPod`).
 */
export function podStatusText(pod: Pod): string {
  return summarize(pod).status;
}

/** The READY and RESTARTS columns; sidecars (restartable init containers) count, other init containers only while they run. */
export function podReadiness(pod: Pod): PodReadiness {
  const { status: _, ...readiness } = summarize(pod);
  return readiness;
}

/** Whether an init container is a sidecar, which runs beside the main containers. */
function isSidecar(container: Pick<Container, 'restartPolicy'> | undefined): boolean {
  return container?.restartPolicy === 'Always';
}

function summarize(pod: Pod): Summary {
  const status = pod.status;
  const phase = status?.phase ?? '';
  let reason = status?.reason || phase;
  if (status?.conditions?.some((c) => c.type === 'PodScheduled' && c.reason === 'SchedulingGated')) {
    reason = 'SchedulingGated';
  }
  const init = summarizeInit(pod);
  if (init.reason !== undefined) reason = init.reason;
  let { ready, restarts, lastRestart } = init;
  if (init.reason === undefined || conditionIs(pod, 'Initialized')) {
    restarts = init.sidecarRestarts;
    lastRestart = init.lastSidecarRestart;
    let running = false;
    // Backwards, so that the first container's reason is the one that stands.
    for (const container of [...(status?.containerStatuses ?? [])].reverse()) {
      restarts += container.restartCount ?? 0;
      lastRestart = later(lastRestart, container);
      const { waiting, terminated } = container.state ?? {};
      if (waiting?.reason) reason = waiting.reason;
      else if (terminated !== undefined) reason = endReason(terminated);
      else if (container.ready && container.state?.running !== undefined) {
        running = true;
        ready++;
      }
    }
    if (reason === 'Completed' && running) reason = conditionIs(pod, 'Ready') ? 'Running' : 'NotReady';
  }
  if (pod.metadata.deletionTimestamp !== undefined) {
    if (status?.reason === 'NodeLost') reason = 'Unknown';
    else if (phase !== 'Failed' && phase !== 'Succeeded') reason = 'Terminating';
  }
  const sidecars = (pod.spec?.initContainers ?? []).filter(isSidecar).length;
  return {
    status: reason,
    ready,
    total: (pod.spec?.containers.length ?? 0) + sidecars,
    restarts,
    ...(lastRestart === undefined ? {} : { lastRestart }),
  };
}

interface InitSummary {
  /** Set while the pod is not initialised. */
  reason: string | undefined;
  ready: number;
  restarts: number;
  lastRestart: number | undefined;
  sidecarRestarts: number;
  lastSidecarRestart: number | undefined;
}

function summarizeInit(pod: Pod): InitSummary {
  const specs = pod.spec?.initContainers ?? [];
  const sidecars = new Set(specs.filter(isSidecar).map((container) => container.name));
  const summary: InitSummary = {
    reason: undefined,
    ready: 0,
    restarts: 0,
    lastRestart: undefined,
    sidecarRestarts: 0,
    lastSidecarRestart: undefined,
  };
  for (const [index, container] of (pod.status?.initContainerStatuses ?? []).entries()) {
    summary.restarts += container.restartCount ?? 0;
    summary.lastRestart = later(summary.lastRestart, container);
    const sidecar = sidecars.has(container.name);
    if (sidecar) {
      summary.sidecarRestarts += container.restartCount ?? 0;
      summary.lastSidecarRestart = later(summary.lastSidecarRestart, container);
    }
    const { waiting, terminated } = container.state ?? {};
    if (terminated?.exitCode === 0) continue;
    if (sidecar && container.started === true) {
      if (container.ready) summary.ready++;
      continue;
    }
    if (terminated !== undefined) summary.reason = `Init:${endReason(terminated)}`;
    else if (waiting?.reason && waiting.reason !== 'PodInitializing') summary.reason = `Init:${waiting.reason}`;
    else summary.reason = `Init:${index}/${specs.length}`;
    break;
  }
  return summary;
}

function endReason(terminated: { reason?: string; signal?: number; exitCode: number }): string {
  if (terminated.reason) return terminated.reason;
  return terminated.signal ? `Signal:${terminated.signal}` : `ExitCode:${terminated.exitCode}`;
}

function later(moment: number | undefined, container: ContainerStatus): number | undefined {
  const finished = container.lastState?.terminated?.finishedAt;
  if (!finished) return moment;
  const time = Date.parse(finished);
  return moment === undefined || time > moment ? time : moment;
}

function conditionIs(pod: Pod, type: string): boolean {
  return pod.status?.conditions?.some((condition) => condition.type === type && condition.status === 'True') ?? false;
}
