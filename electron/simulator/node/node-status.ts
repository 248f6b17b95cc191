import type { Node } from '../../../shared/kubernetes/objects';
import { parseQuantity } from '../../../shared/kubernetes/quantities';
import { KUBERNETES_VERSION } from '../version';
import type { NodeProfile } from './profile';

type NodeCondition = NonNullable<NonNullable<Node['status']>['conditions']>[number];

/** Kept free for the node itself: the kubelet's default hard eviction thresholds. */
const RESERVED_MEMORY = 100 * 1024 * 1024;

/** The Node as the kubelet registers it (pkg/kubelet/kubelet_node_status.go, initialNode). */
export function initialNode(profile: NodeProfile): Node {
  const { name } = profile;
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name,
      labels: nodeLabels(profile),
      annotations: { 'volumes.kubernetes.io/controller-managed-attach-detach': 'true' },
    },
    spec: {
      podCIDR: profile.podCIDR,
      podCIDRs: [profile.podCIDR],
      ...(profile.providerID === undefined ? {} : { providerID: profile.providerID }),
      ...(profile.taints === undefined || profile.taints.length === 0 ? {} : { taints: [...profile.taints] }),
    },
  };
}

function nodeLabels({ name, labels }: NodeProfile): Record<string, string> {
  return {
    'beta.kubernetes.io/arch': 'amd64',
    'beta.kubernetes.io/os': 'linux',
    'kubernetes.io/arch': 'amd64',
    'kubernetes.io/hostname': name,
    'kubernetes.io/os': 'linux',
    ...labels,
  };
}

/** An id that stays the same over restarts: from the node's name. */
function stableId(profile: NodeProfile, salt: string): string {
  let hash = 0;
  let hex = '';
  for (let round = 0; hex.length < 32; round++) {
    for (const character of `${salt}/${profile.name}/${round}`)
      hash = (Math.imul(hash, 31) + character.charCodeAt(0)) >>> 0;
    hex += hash.toString(16).padStart(8, '0');
  }
  return hex.slice(0, 32);
}

/**
 * The status that the kubelet reports.
 * @param bootID what this run of the machine is known by.
 * @param now RFC 3339.
 */
export function nodeStatus(
  profile: NodeProfile,
  bootID: string,
  images: { names: string[]; sizeBytes: number }[],
  previous: Node | undefined,
  now: string,
): NonNullable<Node['status']> {
  const capacity: Record<string, string> = {
    cpu: profile.capacity.cpu,
    'ephemeral-storage': profile.capacity['ephemeral-storage'] ?? '100Gi',
    'hugepages-2Mi': '0',
    memory: profile.capacity.memory,
    pods: profile.capacity.pods ?? '110',
  };
  const memory = parseQuantity(profile.capacity.memory) - RESERVED_MEMORY;
  const storage = Math.floor(parseQuantity(capacity['ephemeral-storage'] ?? '0') * 0.9);
  return {
    addresses: [
      { type: 'InternalIP', address: profile.internalIP },
      { type: 'Hostname', address: profile.name },
    ],
    capacity,
    allocatable: {
      ...capacity,
      memory: `${Math.floor(memory / 1024)}Ki`,
      'ephemeral-storage': String(storage),
    },
    conditions: conditions(previous, now),
    daemonEndpoints: { kubeletEndpoint: { Port: 10_250 } },
    images,
    nodeInfo: {
      architecture: 'amd64',
      bootID,
      containerRuntimeVersion: 'containerd://2.2.0',
      kernelVersion: '6.1.0-porthole',
      kubeProxyVersion: '',
      kubeletVersion: KUBERNETES_VERSION,
      machineID: stableId(profile, 'machine'),
      operatingSystem: 'linux',
      osImage: profile.osImage ?? 'Debian GNU/Linux 12 (bookworm)',
      systemUUID: stableId(profile, 'system'),
    },
  };
}

const HEALTHY: readonly Omit<NodeCondition, 'lastHeartbeatTime' | 'lastTransitionTime'>[] = [
  {
    type: 'MemoryPressure',
    status: 'False',
    reason: 'KubeletHasSufficientMemory',
    message: 'kubelet has sufficient memory available',
  },
  {
    type: 'DiskPressure',
    status: 'False',
    reason: 'KubeletHasNoDiskPressure',
    message: 'kubelet has no disk pressure',
  },
  {
    type: 'PIDPressure',
    status: 'False',
    reason: 'KubeletHasSufficientPID',
    message: 'kubelet has sufficient PID available',
  },
  { type: 'Ready', status: 'True', reason: 'KubeletReady', message: 'kubelet is posting ready status' },
];

function conditions(previous: Node | undefined, now: string): NodeCondition[] {
  return HEALTHY.map((condition) => {
    const before = previous?.status?.conditions?.find(({ type }) => type === condition.type);
    const kept = before?.status === condition.status ? before.lastTransitionTime : undefined;
    return { ...condition, lastHeartbeatTime: now, lastTransitionTime: kept ?? now };
  });
}
