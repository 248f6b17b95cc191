import type { Node, Pod } from '../../../shared/kubernetes/objects';
import { nodes, pods } from '../../../shared/kubernetes/resources';
import { isAlreadyExists } from '../../../shared/kubernetes/status-error';
import type { Timer } from '../clock';
import type { ComponentContext } from '../component';

/** Milliseconds until a kubelet notices that a mirror pod is gone: clients see that it was deleted before it is back. */
const NOTICED_AFTER = 1000;

/**
 * Shows in the API the pods that a machine runs from files of its own, and shows them anew when somebody deletes them
 * there: they belong to the node (pkg/kubelet/pod/mirror_client.go).
 */
export class MirrorPods {
  readonly #context: ComponentContext;
  readonly #staticPods: readonly Pod[];
  readonly #timers = new Set<Timer>();
  #node: Node | undefined;

  constructor(context: ComponentContext, staticPods: readonly Pod[]) {
    this.#context = context;
    this.#staticPods = staticPods;
  }

  show(node: Node): void {
    this.#node = node;
    for (const pod of this.#staticPods) this.#create(pod, node);
  }

  podDeleted({ metadata }: Pod): void {
    const pod = this.#staticPods.find(({ metadata: own }) => {
      return own.name === metadata.name && own.namespace === metadata.namespace;
    });
    if (pod === undefined) return;
    const timer = this.#context.clock.setTimeout(() => {
      this.#timers.delete(timer);
      const node = this.#context.informers.for(nodes).get(undefined, this.#node?.metadata.name ?? '');
      if (node !== undefined) this.#create(pod, node);
    }, NOTICED_AFTER);
    this.#timers.add(timer);
  }

  stop(): void {
    for (const timer of this.#timers) timer.cancel();
  }

  #create(pod: Pod, { metadata: { name = '', uid = '' } }: Node): void {
    const { client, log } = this.#context;
    const ownerReferences = [{ apiVersion: 'v1', kind: 'Node', name, uid, controller: true }];
    const mirror = { ...pod, metadata: { ...pod.metadata, ownerReferences } };
    client.create(pods, mirror).catch((error: unknown) => {
      if (!isAlreadyExists(error)) log.error(`mirror pod ${pod.metadata.namespace}/${pod.metadata.name}`, error);
    });
  }
}
