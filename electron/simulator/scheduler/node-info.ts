import type { Node } from '../../../shared/kubernetes/objects';
import { parseQuantity } from '../../../shared/kubernetes/quantities';
import type { HostPort, PodInfo } from './pod-info';

/** A node with the pods on it, their sums kept up as pods come and go (pkg/scheduler/framework, NodeInfo). */
export class NodeInfo {
  readonly name: string;
  readonly pods = new Map<string, PodInfo>();
  readonly requested = new Map<string, number>();
  nonZeroCpu = 0;
  nonZeroMemory = 0;
  #node: Node;
  #allocatable: ReadonlyMap<string, number>;
  #images: ReadonlyMap<string, number>;

  constructor(node: Node) {
    this.name = node.metadata.name ?? '';
    this.#node = node;
    this.#allocatable = allocatableOf(node);
    this.#images = imagesOf(node);
  }

  get node(): Node {
    return this.#node;
  }

  get labels(): Readonly<Record<string, string>> {
    return this.#node.metadata.labels ?? {};
  }

  /** In plain numbers: cores, bytes, pods. */
  get allocatable(): ReadonlyMap<string, number> {
    return this.#allocatable;
  }

  /** Sizes in bytes by every name an image goes by. */
  get images(): ReadonlyMap<string, number> {
    return this.#images;
  }

  setNode(node: Node): void {
    this.#node = node;
    this.#allocatable = allocatableOf(node);
    this.#images = imagesOf(node);
  }

  add(pod: PodInfo): void {
    this.pods.set(pod.uid, pod);
    this.#count(pod, 1);
  }

  remove(uid: string): void {
    const pod = this.pods.get(uid);
    if (pod === undefined) return;
    this.pods.delete(uid);
    this.#count(pod, -1);
  }

  /** Whether any of the ports is taken on this node; 0.0.0.0 takes a port on every address. */
  hasPortConflict(ports: readonly HostPort[]): boolean {
    for (const { hostPorts } of this.pods.values()) {
      for (const taken of hostPorts) {
        for (const wanted of ports) {
          if (taken.port !== wanted.port || taken.protocol !== wanted.protocol) continue;
          if (taken.ip === wanted.ip || taken.ip === '0.0.0.0' || wanted.ip === '0.0.0.0') return true;
        }
      }
    }
    return false;
  }

  #count(pod: PodInfo, sign: 1 | -1): void {
    for (const [name, amount] of pod.requests) {
      // Sums of thousandths: rounding keeps what was added and taken away from leaving dust.
      this.requested.set(name, Math.round(((this.requested.get(name) ?? 0) + sign * amount) * 1e6) / 1e6);
    }
    this.nonZeroCpu = Math.round((this.nonZeroCpu + sign * pod.nonZeroCpu) * 1e6) / 1e6;
    this.nonZeroMemory += sign * pod.nonZeroMemory;
  }
}

function allocatableOf(node: Node): ReadonlyMap<string, number> {
  return new Map(Object.entries(node.status?.allocatable ?? {}).map(([name, amount]) => [name, parseQuantity(amount)]));
}

function imagesOf(node: Node): ReadonlyMap<string, number> {
  return new Map(
    (node.status?.images ?? []).flatMap(({ names = [], sizeBytes = 0 }) =>
      names.map((name) => [name, sizeBytes] as const),
    ),
  );
}
