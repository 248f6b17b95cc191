import type { Pod } from '../kubernetes/objects';
import { podReadiness, podStatusText } from '../kubernetes/pod-status';
import { pods } from '../kubernetes/resources';
import { listCell, statusColumn, timeCell } from './cells';
import { defineKind, type Health, type HealthState, type Relation } from './kind';

/** Status texts that mean a container cannot run as it stands. */
const FAILING = new Set([
  'CrashLoopBackOff',
  'ImagePullBackOff',
  'ErrImagePull',
  'ErrImageNeverPull',
  'InvalidImageName',
  'CreateContainerConfigError',
  'CreateContainerError',
  'RunContainerError',
  'PreCreateHookError',
  'PostStartHookError',
  'OOMKilled',
  'Error',
  'Failed',
  'Evicted',
  'ContainerCannotRun',
  'ContainerStatusUnknown',
  'DeadlineExceeded',
  'NodeLost',
]);

function stateOf(pod: Pod, label: string): HealthState {
  if (pod.metadata.deletionTimestamp !== undefined) return 'progress';
  if (label === 'Completed' || pod.status?.phase === 'Succeeded') return 'done';
  if (pod.status?.phase === 'Failed') return 'error';
  const reason = label.replace(/^Init:/, '');
  if (FAILING.has(reason) || /^(ExitCode|Signal):/.test(reason)) return 'error';
  if (pod.status?.phase === 'Unknown' || label === 'Unknown') return 'warning';
  if (pod.status?.phase === 'Pending') return unschedulable(pod) === undefined ? 'progress' : 'warning';
  const { ready, total } = podReadiness(pod);
  return ready < total ? 'progress' : 'ok';
}

function unschedulable(pod: Pod): string | undefined {
  const scheduled = pod.status?.conditions?.find((condition) => condition.type === 'PodScheduled');
  return scheduled?.status === 'False' ? (scheduled.message ?? scheduled.reason) : undefined;
}

/** The sentence a person needs: the scheduler's reasons, or the first container's that waits or died. */
function messageOf(pod: Pod): string | undefined {
  const reasons = unschedulable(pod) ?? pod.status?.message;
  if (reasons !== undefined) return reasons;
  const containers = [...(pod.status?.initContainerStatuses ?? []), ...(pod.status?.containerStatuses ?? [])];
  return containers.map((status) => status.state?.waiting?.message ?? status.state?.terminated?.message).find(Boolean);
}

function health(pod: Pod): Health {
  const label = podStatusText(pod);
  const message = messageOf(pod);
  return { state: stateOf(pod, label), label, ...(message === undefined ? {} : { message }) };
}

function relations(pod: Pod): Relation[] {
  const { namespace } = pod.metadata;
  const spec = pod.spec;
  if (spec === undefined) return [];
  const found = new Map<string, Relation>();
  const add = (role: string, kind: string, name: string | undefined, clusterScoped = false) => {
    if (!name) return;
    const relation = clusterScoped || namespace === undefined ? { role, kind, name } : { role, kind, namespace, name };
    found.set(`${role}/${kind}/${name}`, relation);
  };
  add('Node', 'nodes', spec.nodeName, true);
  add('Service account', 'serviceaccounts', spec.serviceAccountName);
  for (const volume of spec.volumes ?? []) {
    add('Volume claim', 'persistentvolumeclaims', volume.persistentVolumeClaim?.claimName);
    add('Config map', 'configmaps', volume.configMap?.name);
    add('Secret', 'secrets', volume.secret?.secretName);
    for (const source of volume.projected?.sources ?? []) {
      add('Config map', 'configmaps', source.configMap?.name);
      add('Secret', 'secrets', source.secret?.name);
    }
  }
  for (const container of [...(spec.initContainers ?? []), ...spec.containers]) {
    for (const source of container.envFrom ?? []) {
      add('Config map', 'configmaps', source.configMapRef?.name);
      add('Secret', 'secrets', source.secretRef?.name);
    }
    for (const variable of container.env ?? []) {
      add('Config map', 'configmaps', variable.valueFrom?.configMapKeyRef?.name);
      add('Secret', 'secrets', variable.valueFrom?.secretKeyRef?.name);
    }
  }
  for (const secret of spec.imagePullSecrets ?? []) add('Pull secret', 'secrets', secret.name);
  return [...found.values()];
}

export const podKind = defineKind<Pod>({
  resource: pods,
  title: 'Pods',
  about:
    'A pod is one running instance of an application: one or more containers that share a network address and volumes.',
  shortNames: ['po'],
  group: 'workloads',
  columns: [
    statusColumn((pod) => podStatusText(pod)),
    {
      id: 'ready',
      title: 'Ready',
      type: 'ratio',
      width: 80,
      value: (pod) => {
        const { ready, total } = podReadiness(pod);
        return `${ready}/${total}`;
      },
    },
    { id: 'restarts', title: 'Restarts', type: 'number', width: 90, value: (pod) => podReadiness(pod).restarts },
    {
      id: 'lastRestart',
      title: 'Last restart',
      type: 'time',
      wide: true,
      value: (pod) => podReadiness(pod).lastRestart ?? null,
    },
    { id: 'node', title: 'Node', width: 150, linksTo: 'nodes', value: (pod) => pod.spec?.nodeName ?? null },
    { id: 'ip', title: 'IP', width: 140, value: (pod) => pod.status?.podIP ?? null },
    {
      id: 'owner',
      title: 'Controlled by',
      width: 130,
      value: (pod) => pod.metadata.ownerReferences?.find((owner) => owner.controller)?.kind ?? null,
    },
    { id: 'qos', title: 'QoS', wide: true, value: (pod) => pod.status?.qosClass ?? null },
    {
      id: 'images',
      title: 'Images',
      type: 'list',
      wide: true,
      value: (pod) => listCell(pod.spec?.containers.map((container) => container.image ?? '')),
    },
    { id: 'started', title: 'Started', type: 'time', wide: true, value: (pod) => timeCell(pod.status?.startTime) },
  ],
  health,
  relations,
});
