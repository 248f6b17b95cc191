import type { Scale } from '../../../../shared/kubernetes/objects';
import { groupVersionOf, type Resource } from '../../../../shared/kubernetes/resources';
import { isConflict, StatusError } from '../../../../shared/kubernetes/status-error';
import type { ApiClient } from '../../client';
import type { CustomResources } from '../custom-resources';
import { ownableResources } from '../known-resources';

/** How often a conflict is met with the newer scale (client-go, util/retry, DefaultRetry). */
const STEPS = 5;

/** Whatever has a `scale`: what an autoscaler's `spec.scaleTargetRef` names. */
export class ScaleTarget {
  readonly #client: ApiClient;
  readonly #resource: Resource;
  readonly #namespace: string;
  readonly #name: string;

  /**
   * @param reference `spec.scaleTargetRef`; its version does not count, as with upstream's RESTMapper.
   * @throws Error in upstream's words when no such kind is served.
   */
  constructor(
    client: ApiClient,
    customResources: CustomResources,
    namespace: string,
    reference: { apiVersion?: string; kind: string; name: string },
  ) {
    const { apiVersion = '', kind, name } = reference;
    if (apiVersion.split('/').length > 2) throw new Error(`unexpected GroupVersion string: ${apiVersion}`);
    const { group } = groupVersionOf(apiVersion);
    const known = ownableResources.find((resource) => resource.kind === kind && resource.group === group);
    const resource = known ?? customResources.ofKind(apiVersion, kind);
    if (resource === undefined) throw new Error(`no matches for kind "${kind}" in group "${group}"`);
    this.#client = client;
    this.#resource = resource;
    this.#namespace = namespace;
    this.#name = name;
  }

  /** @throws StatusError when it is not there, or cannot be scaled. */
  async read(): Promise<Scale> {
    // What a `scale` answers is a Scale, of whatever kind it is.
    const scale = await this.#client.getSubresource(this.#resource, this.#namespace, this.#name, 'scale');
    return scale as Scale;
  }

  /** Scales it. @throws StatusError when that cannot be. */
  async write(scale: Scale, replicas: number): Promise<void> {
    let newest = scale;
    for (let step = 1; ; step++) {
      try {
        await this.#client.update(this.#resource, withReplicas(newest, replicas), { subresource: 'scale' });
        return;
      } catch (error) {
        if (step === STEPS || !(error instanceof StatusError) || !isConflict(error)) throw error;
        newest = await this.read();
      }
    }
  }
}

function withReplicas(scale: Scale, replicas: number): Scale {
  return { ...scale, spec: { ...scale.spec, replicas } };
}
