import type { Node, Pod } from '../../../shared/kubernetes/objects';
import { nodes, pods } from '../../../shared/kubernetes/resources';
import { type Taint, tolerates } from '../../../shared/kubernetes/taints';
import type { ComponentContext, ComponentDefinition } from '../component';
import { type Informer, keyOf } from '../informer';
import { Controller } from './controller';
import { equivalent } from './equality';
import { disrupt } from './pod-disruption';

/** Deletes pods from nodes with NoExecute taints that they do not tolerate, or no longer (pkg/controller/tainteviction). */
class TaintEvictionController extends Controller {
  readonly #pods: Informer<Pod>;
  readonly #nodes: Informer<Node>;
  /** When a pod was first seen under its taints, for taints that do not say since when they are there. */
  readonly #since = new Map<string, number>();

  constructor(context: ComponentContext) {
    super('taint-eviction-controller', context);
    this.#pods = context.informers.for(pods);
    this.#pods.addIndex('node', (pod) => (pod.spec?.nodeName ? [pod.spec.nodeName] : []));
    this.#pods.addHandlers({
      add: (pod) => this.#look(pod),
      update: (pod, previous) => {
        const before = previous.spec;
        if (pod.spec?.nodeName !== before?.nodeName || !equivalent(pod.spec?.tolerations, before?.tolerations)) {
          this.#look(pod);
        }
      },
      delete: (pod) => this.#since.delete(keyOf(pod)),
    });
    this.#nodes = this.watch(nodes, (node, previous) => {
      if (previous !== undefined && equivalent(evicting(node), evicting(previous))) return;
      for (const pod of this.#pods.byIndex('node', node.metadata.name ?? '')) this.enqueue(keyOf(pod));
    });
  }

  #look(pod: Pod): void {
    const node = pod.spec?.nodeName;
    if (node && evicting(this.#nodes.get(undefined, node)).length > 0) this.enqueue(keyOf(pod));
  }

  protected async reconcile(key: string): Promise<void> {
    const pod = this.#pods.getByKey(key);
    const node = this.#nodes.get(undefined, pod?.spec?.nodeName ?? '');
    if (pod === undefined || pod.metadata.deletionTimestamp !== undefined) return;
    const taints = evicting(node);
    const stay = staying(pod, taints);
    const { namespace, name } = pod.metadata;
    if (stay === undefined) {
      if (this.#since.delete(key)) {
        const message = `Cancelling deletion of Pod ${namespace}/${name}`;
        this.context.events.event(pod, 'Normal', 'TaintManagerEviction', message);
      }
      return;
    }
    const since = this.#since.get(key) ?? this.now;
    this.#since.set(key, since);
    const added = taints.map(({ timeAdded }) => Date.parse(timeAdded ?? '')).filter((time) => !Number.isNaN(time));
    const wait = Math.min(since, ...added) + stay * 1000 - this.now;
    if (wait > 0) return this.enqueueAfter(key, wait);
    this.#since.delete(key);
    const message = `Marking for deletion Pod ${namespace}/${name}`;
    this.context.events.event(pod, 'Normal', 'TaintManagerEviction', message);
    await disrupt(this.context, pod, {
      reason: 'DeletionByTaintManager',
      message: 'Taint manager: deleting due to NoExecute taint',
    });
  }
}

function evicting(node: Node | undefined): Taint[] {
  return (node?.spec?.taints ?? []).filter(({ effect }) => effect === 'NoExecute');
}

/** How many seconds the pod may stay under these taints; `undefined`: for ever. */
function staying(pod: Pod, taints: readonly Taint[]): number | undefined {
  if (taints.length === 0) return undefined;
  const { tolerations = [] } = pod.spec ?? {};
  const limits: number[] = [];
  for (const taint of taints) {
    const toleration = tolerations.find((each) => tolerates(each, taint));
    if (toleration === undefined) return 0;
    if (toleration.tolerationSeconds !== undefined) limits.push(Math.max(0, toleration.tolerationSeconds));
  }
  return limits.length === 0 ? undefined : Math.min(...limits);
}

export const taintEvictionController: ComponentDefinition = {
  name: 'taint-eviction-controller',
  user: 'system:serviceaccount:kube-system:node-controller',
  create: (context) => new TaintEvictionController(context),
};
