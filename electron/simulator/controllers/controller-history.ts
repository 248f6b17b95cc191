import type { ControllerRevision, KubeObject } from '../../../shared/kubernetes/objects';
import { controllerReference, isControlledBy } from '../../../shared/kubernetes/owners';
import { controllerRevisions, type Resource } from '../../../shared/kubernetes/resources';
import { isAlreadyExists, isNotFound } from '../../../shared/kubernetes/status-error';
import type { ComponentContext } from '../component';
import type { Informer } from '../informer';
import { dependentsOf, indexByController } from './adoption';
import { equivalent } from './equality';
import type { PodTemplate } from './pod-control';
import { templateHash } from './template-hash';

export const REVISION_LABEL = 'controller-revision-hash';

/** What a revision needs to know of its owner. */
export interface Versioned extends KubeObject {
  spec?: { template: PodTemplate; revisionHistoryLimit?: number };
  status?: { collisionCount?: number };
}

/** The owner's revisions, the present one apart. */
export interface History {
  readonly current: ControllerRevision;
  /** Older first. */
  readonly all: readonly ControllerRevision[];
  /** Set when another owner's revision had the name already. */
  readonly collisionCount?: number;
}

/** A workload's templates through time, as ControllerRevisions (pkg/controller/history). */
export class ControllerHistory<O extends Versioned> {
  readonly #context: ComponentContext;
  readonly #resource: Resource<O>;
  readonly #revisions: Informer<ControllerRevision>;

  constructor(context: ComponentContext, resource: Resource<O>) {
    this.#context = context;
    this.#resource = resource;
    this.#revisions = context.informers.for(controllerRevisions);
    indexByController(this.#revisions);
  }

  /** Finds the revision of the present template, or makes it; one that was older becomes the newest again. */
  async sync(owner: O): Promise<History> {
    const known = dependentsOf(this.#revisions, owner).sort((a, b) => a.revision - b.revision);
    const data = dataOf(owner);
    const next = (known.at(-1)?.revision ?? 0) + 1;
    const same = known.findLast((each) => equivalent(each.data, data));
    if (same === undefined) return this.#create(owner, known, data, next);
    if (same === known.at(-1)) return { current: same, all: known };
    const current = await this.#context.client.update(controllerRevisions, { ...same, revision: next });
    return { current, all: [...known.filter((each) => each !== same), current] };
  }

  async #create(owner: O, known: readonly ControllerRevision[], data: object, revision: number): Promise<History> {
    const { client } = this.#context;
    const { name, namespace, annotations } = owner.metadata;
    for (let collisionCount = owner.status?.collisionCount ?? 0; ; collisionCount++) {
      const hash = templateHash(owner.spec?.template, collisionCount === 0 ? undefined : collisionCount);
      const { 'kubectl.kubernetes.io/last-applied-configuration': _, ...kept } = annotations ?? {};
      const wanted: ControllerRevision = {
        apiVersion: 'apps/v1',
        kind: 'ControllerRevision',
        metadata: {
          name: `${name}-${hash}`,
          ...(namespace === undefined ? {} : { namespace }),
          labels: { ...owner.spec?.template.metadata?.labels, [REVISION_LABEL]: hash },
          annotations: kept,
          ownerReferences: [controllerReference(owner, this.#resource)],
        },
        data,
        revision,
      };
      try {
        const current = await client.create(controllerRevisions, wanted);
        return { current, all: [...known, current], collisionCount };
      } catch (error) {
        if (!isAlreadyExists(error)) throw error;
        const present = await client.get(controllerRevisions, namespace, wanted.metadata.name ?? '');
        if (isControlledBy(present, owner) && equivalent(present.data, data)) {
          return { current: present, all: [...known, present], collisionCount };
        }
      }
    }
  }

  /** Deletes the oldest revisions that no pod runs, beyond `revisionHistoryLimit`. @param live names or hashes in use. */
  async trim(owner: O, history: History, live: ReadonlySet<string>): Promise<void> {
    const idle = history.all.filter(
      (each) =>
        each.metadata.name !== history.current.metadata.name &&
        !live.has(each.metadata.name ?? '') &&
        !live.has(each.metadata.labels?.[REVISION_LABEL] ?? ''),
    );
    for (const each of idle.slice(0, Math.max(0, idle.length - (owner.spec?.revisionHistoryLimit ?? 10)))) {
      try {
        await this.#context.client.delete(controllerRevisions, each.metadata.namespace, each.metadata.name ?? '');
      } catch (error) {
        if (!isNotFound(error)) throw error;
      }
    }
  }
}

/** As `kubectl rollout undo` applies it: a strategic merge patch that replaces the template. */
function dataOf(owner: Versioned): { spec: { template: PodTemplate & { $patch: 'replace' } } } {
  return { spec: { template: { ...owner.spec?.template, $patch: 'replace' } } };
}

/** The template that a revision stands for. */
export function templateOf(revision: ControllerRevision): PodTemplate | undefined {
  const data = revision.data as { spec?: { template?: PodTemplate & { $patch?: string } } } | undefined;
  if (data?.spec?.template === undefined) return undefined;
  const { $patch: _, ...template } = data.spec.template;
  return template;
}
