import { findCondition, isPodReady, withCondition } from '../../../../shared/kubernetes/conditions';
import type { Lease, Node, Pod } from '../../../../shared/kubernetes/objects';
import { leases, nodes, pods } from '../../../../shared/kubernetes/resources';
import { isNotFound } from '../../../../shared/kubernetes/status-error';
import { timestamp } from '../../clock';
import type { ComponentContext, ComponentDefinition } from '../../component';
import type { Informer } from '../../informer';
import { Controller, updateStatus } from '../controller';
import { equivalent } from '../equality';
import { wantedTaints } from './taints';

/** `--node-monitor-grace-period` (milliseconds). */
const GRACE = 50_000;

const LEASES = 'kube-node-lease';
const HEARTBEATS = ['Ready', 'MemoryPressure', 'DiskPressure', 'PIDPressure'];

/** Notices nodes that have fallen silent, and taints nodes by their conditions (pkg/controller/nodelifecycle). */
class NodeLifecycleController extends Controller {
  readonly #nodes: Informer<Node>;
  readonly #pods: Informer<Pod>;
  /** When each node last gave a sign of life that was seen here, in milliseconds since the epoch. */
  readonly #seen = new Map<string, number>();
  readonly #known = new Set<string>();

  constructor(context: ComponentContext) {
    super('node-lifecycle-controller', context);
    this.#nodes = this.watch(nodes, (node, previous) => {
      const { name = '' } = node.metadata;
      const heartbeat = (each: Node | undefined) => findCondition(each?.status?.conditions, 'Ready')?.lastHeartbeatTime;
      if (previous === undefined || heartbeat(node) !== heartbeat(previous)) this.#seen.set(name, this.now);
      this.enqueue(name);
    });
    this.watch(leases, ({ metadata }: Lease) => {
      if (metadata.namespace === LEASES) this.#seen.set(metadata.name ?? '', this.now);
    });
    this.#pods = context.informers.for(pods);
    this.#pods.addIndex('node', (pod) => (pod.spec?.nodeName ? [pod.spec.nodeName] : []));
  }

  protected async reconcile(name: string): Promise<void> {
    const cached = this.#nodes.getByKey(name);
    if (cached === undefined) {
      this.#seen.delete(name);
      this.#known.delete(name);
      return;
    }
    if (!this.#known.has(name)) {
      this.#known.add(name);
      const message = `Node ${name} event: Registered Node ${name} in Controller`;
      this.context.events.event(cached, 'Normal', 'RegisteredNode', message);
    }
    const silentIn = (this.#seen.get(name) ?? this.now) + GRACE - this.now;
    const node = silentIn > 0 ? cached : await this.#declareSilent(cached);
    if (silentIn > 0) this.enqueueAfter(name, silentIn);
    const taints = wantedTaints(node, timestamp(this.context.clock));
    if (!equivalent(taints, node.spec?.taints)) {
      const { resourceVersion } = node.metadata;
      await this.context.client.patch(nodes, undefined, name, 'merge', {
        metadata: { resourceVersion },
        spec: { taints: taints.length === 0 ? null : taints },
      });
    }
    const ready = findCondition(node.status?.conditions, 'Ready')?.status;
    if (ready === 'False' || ready === 'Unknown') await this.#markPods(name);
  }

  async #declareSilent(node: Node): Promise<Node> {
    const now = timestamp(this.context.clock);
    let conditions = node.status?.conditions ?? [];
    const wasReady = findCondition(conditions, 'Ready')?.status === 'True';
    for (const type of HEARTBEATS) {
      const present = findCondition(conditions, type);
      if (present?.status === 'Unknown') continue;
      const never = present === undefined;
      const condition = {
        ...present,
        type,
        status: 'Unknown',
        reason: never ? 'NodeStatusNeverUpdated' : 'NodeStatusUnknown',
        message: never ? 'Kubelet never posted node status.' : 'Kubelet stopped posting node status.',
        lastTransitionTime: now,
      };
      conditions = [...withCondition(conditions, condition)];
    }
    if (equivalent(conditions, node.status?.conditions)) return node;
    const updated = await updateStatus(this.context, nodes, node, { ...node.status, conditions });
    if (wasReady) {
      const message = `Node ${node.metadata.name} status is now: NodeNotReady`;
      this.context.events.event(node, 'Normal', 'NodeNotReady', message);
    }
    return updated;
  }

  /** Nobody can vouch for the pods of such a node (`MarkPodsNotReady`). */
  async #markPods(node: string): Promise<void> {
    for (const pod of this.#pods.byIndex('node', node)) {
      if (!isPodReady(pod)) continue;
      const now = timestamp(this.context.clock);
      const present = findCondition(pod.status?.conditions, 'Ready');
      const conditions = [
        ...withCondition(pod.status?.conditions, {
          ...present,
          type: 'Ready',
          status: 'False',
          lastTransitionTime: now,
        }),
      ];
      try {
        await updateStatus(this.context, pods, pod, { ...pod.status, conditions });
      } catch (error) {
        if (isNotFound(error)) continue;
        throw error;
      }
      this.context.events.event(pod, 'Warning', 'NodeNotReady', 'Node is not ready');
    }
  }
}

export const nodeLifecycleController: ComponentDefinition = {
  name: 'node-lifecycle-controller',
  user: 'system:serviceaccount:kube-system:node-controller',
  eventSource: { component: 'node-controller' },
  create: (context) => new NodeLifecycleController(context),
};
