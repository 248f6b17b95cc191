import { messageOf } from '../../../shared/error-message';
import type { KubeObject, ObjectMeta, Pod, ReplicaSet } from '../../../shared/kubernetes/objects';
import { controllerReference } from '../../../shared/kubernetes/owners';
import { pods, type Resource } from '../../../shared/kubernetes/resources';
import { isNamespaceTerminating, isNotFound } from '../../../shared/kubernetes/status-error';
import type { ComponentContext } from '../component';

/** What pods are made from, as every workload has it. */
export type PodTemplate = NonNullable<NonNullable<ReplicaSet['spec']>['template']>;

/** How a controller makes and removes pods, and what it tells of it (pkg/controller, `RealPodControl`). */
export class PodControl<O extends KubeObject> {
  readonly #context: ComponentContext;
  readonly #ownerResource: Resource<O>;

  constructor(context: ComponentContext, ownerResource: Resource<O>) {
    this.#context = context;
    this.#ownerResource = ownerResource;
  }

  /**
   * @param metadata what the pod has beyond the template's: a name of its own, further labels, finalizers.
   * @throws StatusError when the API refuses, after telling so in an event.
   */
  async create(owner: O, template: PodTemplate, metadata: Partial<ObjectMeta> = {}): Promise<Pod> {
    const { namespace, name } = owner.metadata;
    const { labels, annotations, ...rest } = metadata;
    const pod: Pod = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: {
        ...(rest.name === undefined ? { generateName: `${name}-` } : {}),
        ...(namespace === undefined ? {} : { namespace }),
        labels: { ...template.metadata?.labels, ...labels },
        annotations: { ...template.metadata?.annotations, ...annotations },
        ...(template.metadata?.finalizers === undefined ? {} : { finalizers: template.metadata.finalizers }),
        ...rest,
        ownerReferences: [controllerReference(owner, this.#ownerResource)],
      },
      ...(template.spec === undefined ? {} : { spec: template.spec }),
    };
    try {
      const created = await this.#context.client.create(pods, pod);
      this.#context.events.event(owner, 'Normal', 'SuccessfulCreate', `Created pod: ${created.metadata.name}`);
      return created;
    } catch (error) {
      if (!isNamespaceTerminating(error)) {
        this.#context.events.event(owner, 'Warning', 'FailedCreate', `Error creating: ${messageOf(error)}`);
      }
      throw error;
    }
  }

  /** A pod that is gone already counts as deleted. */
  async delete(owner: O, pod: Pod): Promise<void> {
    const { namespace, name, uid } = pod.metadata;
    try {
      await this.#context.client.delete(
        pods,
        namespace,
        name ?? '',
        uid === undefined ? {} : { preconditions: { uid } },
      );
    } catch (error) {
      if (isNotFound(error)) return;
      this.#context.events.event(owner, 'Warning', 'FailedDelete', `Error deleting: ${messageOf(error)}`);
      throw error;
    }
    this.#context.events.event(owner, 'Normal', 'SuccessfulDelete', `Deleted pod: ${name}`);
  }
}

/**
 * Does a thing `count` times in batches of 1, 2, 4, …, so that a quota that refuses the first refuses few, not thousands
 * (pkg/controller/replicaset, `slowStartBatch`).
 * @returns how many succeeded, and the first error.
 */
export async function slowStart(
  count: number,
  act: (index: number) => Promise<void>,
): Promise<{ done: number; error?: unknown }> {
  let done = 0;
  for (let batch = Math.min(count, 1); batch > 0; batch = Math.min(2 * batch, count - done)) {
    const started = done;
    const results = await Promise.allSettled(Array.from({ length: batch }, (_, index) => act(started + index)));
    const failed = results.find((result) => result.status === 'rejected');
    done += results.filter((result) => result.status === 'fulfilled').length;
    if (failed !== undefined) return { done, error: failed.reason };
  }
  return { done };
}
