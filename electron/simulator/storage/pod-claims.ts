import type { Pod } from '../../../shared/kubernetes/objects';
import { pods } from '../../../shared/kubernetes/resources';
import { type Informer, type InformerFactory, keyFor } from '../informer';

const INDEX = 'claim';

/** The claims that a pod's volumes name. */
export function claimNamesOf({ spec }: Pod): string[] {
  return (spec?.volumes ?? []).flatMap(({ persistentVolumeClaim }) => persistentVolumeClaim?.claimName ?? []);
}

/** The pods that use a claim, found without looking at all of a namespace. */
export class PodsByClaim {
  readonly #pods: Informer<Pod>;

  constructor(informers: InformerFactory) {
    this.#pods = informers.for(pods);
    this.#pods.addIndex(INDEX, (pod) => claimNamesOf(pod).map((name) => keyFor(pod.metadata.namespace, name)));
  }

  of(namespace: string | undefined, claimName: string): Pod[] {
    return this.#pods.byIndex(INDEX, keyFor(namespace, claimName));
  }
}
