import type { V1NodeSelectorTerm } from '@kubernetes/client-node';
import { allowsNode } from '../../../../shared/kubernetes/node-affinity';
import type { DaemonSet, Json, Node } from '../../../../shared/kubernetes/objects';
import { type Toleration, untoleratedTaint } from '../../../../shared/kubernetes/taints';
import type { PodTemplate } from '../pod-control';

type PodSpec = NonNullable<PodTemplate['spec']>;

/** Whether a daemon's pod belongs on a node (pkg/controller/daemon/daemon_controller.go, `NodeShouldRunDaemonPod`). */
export interface Placement {
  readonly shouldRun: boolean;
  /** A pod that is there already may stay. */
  readonly mayStay: boolean;
}

/** What every daemon's pod tolerates: it must run where others cannot (`AddOrUpdateDaemonPodTolerations`). */
const DAEMON_TOLERATIONS: readonly Toleration[] = [
  { key: 'node.kubernetes.io/not-ready', operator: 'Exists', effect: 'NoExecute' },
  { key: 'node.kubernetes.io/unreachable', operator: 'Exists', effect: 'NoExecute' },
  { key: 'node.kubernetes.io/disk-pressure', operator: 'Exists', effect: 'NoSchedule' },
  { key: 'node.kubernetes.io/memory-pressure', operator: 'Exists', effect: 'NoSchedule' },
  { key: 'node.kubernetes.io/pid-pressure', operator: 'Exists', effect: 'NoSchedule' },
  { key: 'node.kubernetes.io/unschedulable', operator: 'Exists', effect: 'NoSchedule' },
];

const HOST_NETWORK_TOLERATION: Toleration = {
  key: 'node.kubernetes.io/network-unavailable',
  operator: 'Exists',
  effect: 'NoSchedule',
};

function tolerationsOf(spec: PodSpec): Toleration[] {
  const added = spec.hostNetwork === true ? [...DAEMON_TOLERATIONS, HOST_NETWORK_TOLERATION] : DAEMON_TOLERATIONS;
  const own = spec.tolerations ?? [];
  const isOwn = (each: Toleration) =>
    own.some(({ key, operator, effect }) => key === each.key && operator === each.operator && effect === each.effect);
  return [...own, ...added.filter((each) => !isOwn(each))];
}

export function placementOf(set: DaemonSet, node: Node): Placement {
  const spec = set.spec?.template.spec;
  const nowhere = { shouldRun: false, mayStay: false };
  if (spec === undefined) return nowhere;
  if (spec.nodeName && spec.nodeName !== node.metadata.name) return nowhere;
  if (!allowsNode(spec, node)) return nowhere;
  const tolerations = tolerationsOf(spec);
  const taints = node.spec?.taints;
  if (untoleratedTaint(taints, tolerations, ['NoExecute', 'NoSchedule']) === undefined) {
    return { shouldRun: true, mayStay: true };
  }
  return { shouldRun: false, mayStay: untoleratedTaint(taints, tolerations, ['NoExecute']) === undefined };
}

/** The template with what binds its pod to one node: the scheduler does the binding, by an affinity to the node's name. */
export function templateFor(set: DaemonSet, nodeName: string): PodTemplate {
  const template = set.spec?.template ?? {};
  const spec = template.spec ?? { containers: [] };
  const { nodeAffinity } = spec.affinity ?? {};
  const byName = { matchFields: [{ key: 'metadata.name', operator: 'In', values: [nodeName] }] };
  const required = nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  const terms: Json<V1NodeSelectorTerm>[] =
    required === undefined ? [byName] : required.nodeSelectorTerms.map((term) => ({ ...term, ...byName }));
  return {
    ...template,
    spec: {
      ...spec,
      affinity: {
        ...spec.affinity,
        nodeAffinity: {
          ...nodeAffinity,
          requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: terms },
        },
      },
      tolerations: tolerationsOf(spec),
    },
  };
}

/** The node that a daemon's pod is on, or is meant for while it waits for the scheduler (`GetTargetNodeName`). */
export function targetNodeOf(spec: PodSpec | undefined): string | undefined {
  if (spec?.nodeName) return spec.nodeName;
  const required = spec?.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  for (const term of required?.nodeSelectorTerms ?? []) {
    const field = term.matchFields?.find(({ key, operator }) => key === 'metadata.name' && operator === 'In');
    if (field?.values?.length === 1) return field.values[0];
  }
  return undefined;
}
