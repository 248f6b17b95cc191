import { isConditionTrue, isPodFinished } from '../../../shared/kubernetes/conditions';
import type { Node, Pod } from '../../../shared/kubernetes/objects';
import { nodes, pods } from '../../../shared/kubernetes/resources';
import { isConflict, isNotFound } from '../../../shared/kubernetes/status-error';
import type { Component, ComponentContext, ComponentDefinition } from '../component';
import { Controller } from '../controllers/controller';
import { type Informer, keyOf } from '../informer';
import type { NodeProfile } from '../node';
import type { Fargate } from './cloud';
import { FARGATE_SCHEDULER } from './fargate-admission';
import { type FargateSize, sizeFor } from './fargate-size';

/** The label and the taint of machines that belong to one pod. */
const COMPUTE_TYPE = 'eks.amazonaws.com/compute-type';

interface Machine {
  readonly index: number;
  readonly size: FargateSize;
  readonly nodeName: string;
  /** Milliseconds since the epoch: when it is there. */
  readonly due: number;
  kubelet: Component | undefined;
}

/** Gives each pod of a Fargate profile a machine of its own, and takes it away with the pod. */
class FargateScheduler extends Controller {
  readonly #fargate: Fargate;
  readonly #kubelet: (profile: NodeProfile) => ComponentDefinition;
  readonly #pods: Informer<Pod>;
  readonly #nodes: Informer<Node>;
  /** By the pod's key. */
  readonly #machines = new Map<string, Machine>();

  constructor(context: ComponentContext, fargate: Fargate, kubelet: (profile: NodeProfile) => ComponentDefinition) {
    super(FARGATE_SCHEDULER, context);
    this.#fargate = fargate;
    this.#kubelet = kubelet;
    this.#pods = this.watch(pods, (pod) => {
      if (pod.spec?.schedulerName === FARGATE_SCHEDULER) this.enqueue(keyOf(pod));
    });
    this.#nodes = this.watch(nodes, (node) => {
      const key = this.#keyOf(node);
      if (key !== undefined) this.enqueue(key);
    });
  }

  override start(): void {
    // Machines of a cluster that starts again.
    for (const pod of this.#pods.list()) {
      const node = this.#nodes.getByKey(pod.spec?.nodeName ?? '');
      if (pod.spec?.schedulerName !== FARGATE_SCHEDULER || node === undefined || isPodFinished(pod)) continue;
      this.#launch(keyOf(pod), this.#reserve(pod, keyOf(pod), this.now, node.metadata.name));
    }
    super.start();
  }

  override stop(): void {
    super.stop();
    for (const { kubelet } of this.#machines.values()) kubelet?.stop();
  }

  #keyOf({ metadata: { name } }: Node): string | undefined {
    return [...this.#machines].find(([, machine]) => machine.nodeName === name)?.[0];
  }

  protected async reconcile(key: string): Promise<void> {
    const pod = this.#pods.getByKey(key);
    if (pod === undefined || isPodFinished(pod)) {
      await this.#release(key);
      return;
    }
    if (pod.spec?.nodeName || pod.metadata.deletionTimestamp !== undefined) return;
    const machine = this.#machines.get(key) ?? this.#order(pod, key);
    if (machine === undefined) return;
    if (machine.due > this.now) {
      this.enqueueAfter(key, machine.due - this.now);
      return;
    }
    if (machine.kubelet === undefined) this.#launch(key, machine);
    const node = this.#nodes.getByKey(machine.nodeName);
    if (isConditionTrue(node?.status?.conditions, 'Ready')) await this.#bind(pod, machine);
  }

  /** @returns `undefined` when Fargate does not run such a pod, which the pod's events tell. */
  #order(pod: Pod, key: string): Machine | undefined {
    const { events, random } = this.context;
    const unsupported = unsupportedFields(pod);
    const reason = unsupported.length > 0 ? `Pod not supported on Fargate: ${unsupported.join(', ')}` : TOO_LARGE;
    if (unsupported.length > 0 || sizeFor(pod) === undefined) {
      events.event(pod, 'Warning', 'FailedScheduling', reason);
      return undefined;
    }
    const [least, most] = this.#fargate.provisioning;
    return this.#reserve(pod, key, this.now + random.between(least, most));
  }

  #reserve(pod: Pod, key: string, due: number, nodeName?: string): Machine {
    const taken = new Set([...this.#machines.values()].map(({ index }) => index));
    const nameOf = (index: number) => this.#fargate.machine(index).name;
    let index = 0;
    // A machine is found again by its name.
    while (taken.has(index) || (nodeName !== undefined && nameOf(index) !== nodeName)) index++;
    const size = sizeFor(pod) ?? { cores: 0.25, gigabytes: 0.5 };
    const machine: Machine = { index, size, nodeName: nameOf(index), due, kubelet: undefined };
    this.#machines.set(key, machine);
    return machine;
  }

  #launch(key: string, machine: Machine): void {
    const { index, size } = machine;
    const base = this.#fargate.machine(index);
    machine.kubelet = this.context.launch(
      this.#kubelet({
        ...base,
        capacity: { cpu: String(size.cores), memory: `${size.gigabytes}Gi`, 'ephemeral-storage': '20Gi', pods: '1' },
        labels: { ...base.labels, [COMPUTE_TYPE]: 'fargate' },
        taints: [{ key: COMPUTE_TYPE, value: 'fargate', effect: 'NoSchedule' }],
      }),
    );
    this.enqueue(key);
  }

  async #bind(pod: Pod, { nodeName, size }: Machine): Promise<void> {
    const { client, events } = this.context;
    const { namespace, name = '' } = pod.metadata;
    const annotations = { CapacityProvisioned: `${size.cores}vCPU ${size.gigabytes}GB` };
    const target = { apiVersion: 'v1', kind: 'Node', name: nodeName };
    const binding = { apiVersion: 'v1', kind: 'Binding', metadata: { name, annotations }, target };
    try {
      await client.createSubresource(pods, namespace, name, 'binding', binding);
    } catch (error) {
      // It is gone, or going, which is told of as well.
      if (isNotFound(error) || isConflict(error)) return;
      throw error;
    }
    events.event(pod, 'Normal', 'Scheduled', `Successfully assigned ${namespace}/${name} to ${nodeName}`);
  }

  async #release(key: string): Promise<void> {
    const machine = this.#machines.get(key);
    if (machine === undefined) return;
    this.#machines.delete(key);
    machine.kubelet?.stop();
    try {
      await this.context.client.delete(nodes, undefined, machine.nodeName);
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
  }
}

const TOO_LARGE = 'Pod not supported on Fargate: resource requests exceed the largest Fargate configuration';

/** What Fargate does not run (Amazon EKS user guide, "Fargate considerations"). */
function unsupportedFields({ spec }: Pod): string[] {
  const containers = [...(spec?.initContainers ?? []), ...(spec?.containers ?? [])];
  const fields = [
    ...(spec?.hostNetwork === true ? ['HostNetwork'] : []),
    ...(spec?.hostPID === true ? ['HostPID'] : []),
    ...(containers.some(({ ports }) => ports?.some(({ hostPort }) => hostPort)) ? ['HostPort'] : []),
  ];
  const volumes = (spec?.volumes ?? []).filter(({ hostPath }) => hostPath !== undefined).map(({ name }) => name);
  const privileged = containers.some(({ securityContext }) => securityContext?.privileged === true);
  return [
    ...(fields.length > 0 ? [`fields not supported: ${fields.join(', ')}`] : []),
    ...(privileged ? ['invalid SecurityContext fields: Privileged'] : []),
    ...volumes.map((name) => `Volume ${name} is of an unsupported volume Type`),
  ];
}

/** @param kubelet makes the kubelet of a machine. */
export function fargateScheduler(
  fargate: Fargate,
  kubelet: (profile: NodeProfile) => ComponentDefinition,
): ComponentDefinition {
  return {
    name: FARGATE_SCHEDULER,
    // EKS's own acts as an administrator.
    user: 'eks:fargate-scheduler',
    groups: ['system:masters', 'system:authenticated'],
    create: (context) => new FargateScheduler(context, fargate, kubelet),
  };
}
