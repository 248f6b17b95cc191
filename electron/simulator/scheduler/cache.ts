import type { Namespace, Node, Pod } from '../../../shared/kubernetes/objects';
import type { LabelSelector } from '../../../shared/kubernetes/selectors';
import { NodeInfo } from './node-info';
import { type NamespaceInfo, PodInfo } from './pod-info';

/**
 * The scheduler's picture of the cluster (pkg/scheduler/backend/cache): nodes with their pods, changed one pod at a time,
 * and pods that were given a node but whose binding has not come back yet.
 */
export class Cache {
  readonly #nodes = new Map<string, NodeInfo>();
  /** The node of every pod that has one. */
  readonly #placed = new Map<string, { info: PodInfo; nodeName: string; assumed: boolean }>();
  /** Placed pods by namespace and label pair, to find those that a selector means without looking at all. */
  readonly #byLabel = new Map<string, Map<string, Set<PodInfo>>>();
  readonly #namespaceLabels = new Map<string, Readonly<Record<string, string>>>();
  /** Nodes in a list, for walks that start in the middle. */
  #list: readonly NodeInfo[] | undefined;
  /** Pods whose affinity or anti-affinity has a say in where others go. */
  readonly withAffinity = new Set<PodInfo>();

  get nodes(): readonly NodeInfo[] {
    this.#list ??= [...this.#nodes.values()].filter((info) => info.name !== '' && info.node.spec !== undefined);
    return this.#list;
  }

  node(name: string): NodeInfo | undefined {
    return this.#nodes.get(name);
  }

  nodeOf(info: PodInfo): NodeInfo | undefined {
    const placed = this.#placed.get(info.uid);
    return placed === undefined ? undefined : this.#nodes.get(placed.nodeName);
  }

  isPlaced(uid: string): boolean {
    return this.#placed.has(uid);
  }

  setNode(node: Node): void {
    const name = node.metadata.name ?? '';
    const present = this.#nodes.get(name);
    if (present !== undefined) {
      present.setNode(node);
      return;
    }
    const info = new NodeInfo(node);
    for (const placed of this.#placed.values()) if (placed.nodeName === name) info.add(placed.info);
    this.#nodes.set(name, info);
    this.#list = undefined;
  }

  removeNode(name: string): void {
    this.#nodes.delete(name);
    this.#list = undefined;
  }

  /** A pod that the API says is on a node. */
  setPod(pod: Pod): void {
    const nodeName = pod.spec?.nodeName ?? '';
    const uid = pod.metadata.uid ?? '';
    const present = this.#placed.get(uid);
    if (present !== undefined) {
      const same = present.nodeName === nodeName && present.info.pod.metadata.labels === pod.metadata.labels;
      const unchanged = same && present.info.pod.metadata.generation === pod.metadata.generation;
      if (unchanged && !present.assumed) return;
      this.removePod(uid);
    }
    this.#place(new PodInfo(pod), nodeName, false);
  }

  /** Takes a pod as placed before the API has said so. */
  assume(info: PodInfo, nodeName: string): void {
    this.#place(info, nodeName, true);
  }

  /** Takes an assumption back. */
  forget(uid: string): void {
    if (this.#placed.get(uid)?.assumed === true) this.removePod(uid);
  }

  removePod(uid: string): void {
    const placed = this.#placed.get(uid);
    if (placed === undefined) return;
    this.#placed.delete(uid);
    this.#nodes.get(placed.nodeName)?.remove(uid);
    this.withAffinity.delete(placed.info);
    const labels = this.#byLabel.get(placed.info.namespace);
    for (const pair of pairsOf(placed.info)) {
      const set = labels?.get(pair);
      set?.delete(placed.info);
      if (set?.size === 0) labels?.delete(pair);
    }
  }

  /** Placed pods of a namespace that a selector means. */
  *matching(namespace: string, selector: LabelSelector): Generator<PodInfo> {
    const labels = this.#byLabel.get(namespace);
    if (labels === undefined) return;
    let candidates = labels.get('');
    for (const pair of equalityPairs(selector)) {
      const found = labels.get(pair);
      if (found === undefined) return;
      if (candidates === undefined || found.size < candidates.size) candidates = found;
    }
    for (const info of candidates ?? []) if (selector.matches(info.labels)) yield info;
  }

  /** Namespaces that have placed pods. */
  *namespaces(): Generator<NamespaceInfo> {
    for (const name of this.#byLabel.keys()) yield this.namespace(name);
  }

  namespace(name: string): NamespaceInfo {
    return { name, labels: this.#namespaceLabels.get(name) ?? {} };
  }

  setNamespace({ metadata }: Namespace): void {
    this.#namespaceLabels.set(metadata.name ?? '', metadata.labels ?? {});
  }

  removeNamespace(name: string): void {
    this.#namespaceLabels.delete(name);
  }

  #place(info: PodInfo, nodeName: string, assumed: boolean): void {
    this.#placed.set(info.uid, { info, nodeName, assumed });
    this.#nodes.get(nodeName)?.add(info);
    if (info.hasAffinity) this.withAffinity.add(info);
    let labels = this.#byLabel.get(info.namespace);
    if (labels === undefined) {
      labels = new Map();
      this.#byLabel.set(info.namespace, labels);
    }
    for (const pair of pairsOf(info)) {
      let set = labels.get(pair);
      if (set === undefined) {
        set = new Set();
        labels.set(pair, set);
      }
      set.add(info);
    }
  }
}

/** The empty pair stands for every pod. */
function pairsOf(info: PodInfo): string[] {
  return ['', ...Object.entries(info.labels).map(([key, value]) => `${key}=${value}`)];
}

function equalityPairs(selector: LabelSelector): string[] {
  return selector.requirements.flatMap(({ key, operator, values }) =>
    ['in', '=', '=='].includes(operator) && values.length === 1 ? [`${key}=${values[0]}`] : [],
  );
}
