import type { PersistentVolumeClaim, Pod } from '../../../shared/kubernetes/objects';
import { persistentVolumeClaims, pods } from '../../../shared/kubernetes/resources';
import type { Informer, InformerFactory } from '../informer';
import type { KubeletApi, KubeletConnector } from '../kubelet-api';
import { PodsByClaim } from '../storage/pod-claims';
import type { DirectoryNode } from './runtime/file-system';
import { awaitsNode } from './volume-expansion';

/** A kubelet as the others of its process see it. */
export interface RegisteredKubelet {
  readonly nodeName: string;
  readonly api: KubeletApi;
  /** Hears of each change of a pod bound to this node. */
  podChanged(pod: Pod): void;
  podDeleted(pod: Pod): void;
  /** Hears of each change of a claim that a pod bound to this node uses. */
  claimChanged(pod: Pod, claim: PersistentVolumeClaim): void;
}

/**
 * The kubelets of one simulated cluster. It stands where the machines' addresses stand in a real one: the API server finds
 * a kubelet here, and one handler on the shared pod informer tells each kubelet of its own pods only, so that a change
 * costs the same with a thousand nodes as with one.
 */
export class KubeletRegistry {
  /** What the machines can have attached, by the handles of volumes. */
  readonly networkDisks = new Map<string, DirectoryNode>();
  readonly #kubelets = new Map<string, RegisteredKubelet>();
  readonly #routed = new WeakSet<Informer<Pod>>();

  /** For the API server. */
  readonly connector: KubeletConnector = (nodeName) => this.#kubelets.get(nodeName)?.api;

  add(kubelet: RegisteredKubelet): void {
    this.#kubelets.set(kubelet.nodeName, kubelet);
  }

  remove(kubelet: RegisteredKubelet): void {
    if (this.#kubelets.get(kubelet.nodeName) === kubelet) this.#kubelets.delete(kubelet.nodeName);
  }

  /** Starts telling kubelets of their pods; further calls with the same informers do nothing. */
  route(informers: InformerFactory): void {
    const informer = informers.for(pods);
    if (this.#routed.has(informer)) return;
    this.#routed.add(informer);
    const changed = (pod: Pod) => this.#of(pod)?.podChanged(pod);
    informer.addHandlers({ add: changed, update: changed, delete: (pod) => this.#of(pod)?.podDeleted(pod) });
    const podsByClaim = new PodsByClaim(informers);
    informers.for(persistentVolumeClaims).addHandlers({
      update: (claim) => {
        if (!awaitsNode(claim)) return;
        const { namespace, name = '' } = claim.metadata;
        for (const pod of podsByClaim.of(namespace, name)) this.#of(pod)?.claimChanged(pod, claim);
      },
    });
  }

  #of(pod: Pod): RegisteredKubelet | undefined {
    const nodeName = pod.spec?.nodeName;
    return nodeName ? this.#kubelets.get(nodeName) : undefined;
  }
}
